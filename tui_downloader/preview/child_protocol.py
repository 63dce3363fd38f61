"""What the screen's process and the decode child say to each other over two pipes.

Owns the byte layout of both directions and the checks on what arrives. Must never load Pillow, and must never
trust the other side: a picture may have taken the child over.

All integers are unsigned and big-endian. The child first writes the one byte `READY`. Then, again and again:

    request    u8 kind (1 picture, 2 excerpt), u32 path length, u16 width, u16 height, u8 has prefix,
               u64 prefix bytes, u32 processor milliseconds, u16 colours │ path as bytes; an excerpt's width
               and height are columns and lines
    reply      u8 kind (1 picture, 2 refusal, 3 excerpt), u32 body length │ body
      picture  u32 natural width, u32 natural height, u16 width, u16 height, u32 frames (0: not known),
               u8 format length, u8 mode length │ format, mode in ASCII │ width × height × 3 bytes RGB
      refusal  one sentence in UTF-8
      excerpt  u8 is whole │ the note and the lines in UTF-8, each but the first after a line feed
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from tui_downloader.model.display_text import safe
from tui_downloader.preview.excerpt import Excerpt

READY: Final = b"\x06"
"""What the child writes once Pillow is loaded and its limits are set."""

MAX_SIDE_PIXELS: Final = 4096
"""Largest width or height, in pixels, that can be asked for."""

MAX_PATH_BYTES: Final = 65_536
"""Longest path that is sent; systems refuse shorter ones already."""

_MAX_SENTENCE_BYTES: Final = 400
_PICTURE, _REFUSAL, _EXCERPT = 1, 2, 3
_WANTS_PICTURE, _WANTS_EXCERPT = 1, 2
_REQUEST = struct.Struct(">BIHHBQIH")
_REPLY = struct.Struct(">BI")
_FACTS = struct.Struct(">IIHHIBB")

REQUEST_HEAD_BYTES: Final = _REQUEST.size
"""How many bytes of a request come before its path."""

REPLY_HEAD_BYTES: Final = _REPLY.size
"""How many bytes of a reply come before its body."""


class ProtocolError(Exception):
    """The other side sent something that the layout does not allow."""


@dataclass(frozen=True, slots=True)
class Request:
    """One picture to decode."""

    path: bytes
    """The file, absolute, as the system spells it."""
    width_pixels: int
    """The raster's largest width."""
    height_pixels: int
    """The raster's largest height."""
    prefix_bytes: int | None
    """How many bytes from the start of the file are valid; None for all of them."""
    processor_milliseconds: int
    """Processor time after which the child ends itself."""
    colours: int
    """How many colours the raster may have, dithered then; 0 for all there are."""


@dataclass(frozen=True, slots=True)
class ExcerptRequest:
    """One text or archive to read the beginning of."""

    path: bytes
    """The file, absolute, as the system spells it."""
    columns: int
    """Longest line in characters."""
    lines: int
    """How many lines or entries at most."""
    prefix_bytes: int | None
    """How many bytes from the start of the file are valid; None for all of them."""
    processor_milliseconds: int
    """Processor time after which the child ends itself."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded picture as the child sends it."""

    natural_width: int
    """The picture's own width in pixels, turned upright."""
    natural_height: int
    """The picture's own height in pixels, turned upright."""
    width: int
    """The raster's width in pixels."""
    height: int
    """The raster's height in pixels."""
    frames: int | None
    """How many frames or pages the file has; None if not counted."""
    format: str
    """Pillow's name of the file format, such as "JPEG"."""
    mode: str
    """Pillow's name of the pixel layout in the file, such as "CMYK"."""
    rgb: bytes
    """The pixels from the top left, row by row, three bytes each, in sRGB."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no picture."""

    sentence: str
    """One printable sentence for the user."""


def pack_request(request: Request | ExcerptRequest) -> bytes:
    """Lay a request out as bytes."""
    if isinstance(request, Request):
        kind, width, height, colours = _WANTS_PICTURE, request.width_pixels, request.height_pixels, request.colours
    else:
        kind, width, height, colours = _WANTS_EXCERPT, request.columns, request.lines, 0
    prefix, time = request.prefix_bytes, request.processor_milliseconds
    length = len(request.path)
    head = _REQUEST.pack(kind, length, width, height, prefix is not None, prefix or 0, time, colours)
    return head + request.path


def path_length(head: bytes) -> int:
    """Read from a request's head how many bytes of path follow.

    Raises:
        ProtocolError: More than any path has.
    """
    (_kind, length, *_) = _REQUEST.unpack(head)
    if not isinstance(length, int) or length > MAX_PATH_BYTES:
        raise ProtocolError("path too long")
    return length


def unpack_request(head: bytes, path: bytes) -> Request | ExcerptRequest:
    """Read a request from its head and its path."""
    kind, _length, width, height, has_prefix, prefix_bytes, time, colours = _REQUEST.unpack(head)
    prefix = prefix_bytes if has_prefix else None
    if kind == _WANTS_EXCERPT:
        return ExcerptRequest(path, width, height, prefix, time)
    return Request(path, width, height, prefix, time, colours)


def pack_reply(reply: Raster | Refusal | Excerpt) -> bytes:
    """Lay a reply out as bytes."""
    if isinstance(reply, Excerpt):
        body = bytes((reply.is_whole,)) + "\n".join((reply.note, *reply.lines)).encode()
        return _REPLY.pack(_EXCERPT, len(body)) + body
    if isinstance(reply, Refusal):
        body = reply.sentence.encode()[:_MAX_SENTENCE_BYTES]
        return _REPLY.pack(_REFUSAL, len(body)) + body
    format_name, mode = reply.format.encode("ascii"), reply.mode.encode("ascii")
    facts = _FACTS.pack(
        reply.natural_width,
        reply.natural_height,
        reply.width,
        reply.height,
        reply.frames or 0,
        len(format_name),
        len(mode),
    )
    length = len(facts) + len(format_name) + len(mode) + len(reply.rgb)
    return b"".join((_REPLY.pack(_PICTURE, length), facts, format_name, mode, reply.rgb))


def body_length(head: bytes, request: Request | ExcerptRequest) -> int:
    """Read from a reply's head how many bytes of body follow.

    Args:
        head: `REPLY_HEAD_BYTES` bytes.
        request: What was asked, which bounds the answer.

    Raises:
        ProtocolError: More bytes than the request allows.
    """
    _kind, length = _REPLY.unpack(head)
    if isinstance(request, Request):
        most = request.width_pixels * request.height_pixels * 3 + _FACTS.size + 512
    else:
        most = (request.columns * 4 + 1) * request.lines + 512  # UTF-8 takes four bytes at most
    if not isinstance(length, int) or length > most:
        raise ProtocolError("reply too long")
    return length


def unpack_reply(head: bytes, body: bytes, request: Request | ExcerptRequest) -> Raster | Refusal | Excerpt:
    """Read a reply from its head and body, checking every field.

    Returns:
        A refusal, or what was asked for: a raster for a picture, else an excerpt.

    Raises:
        ProtocolError: The reply does not fit the layout or the request.
    """
    kind, _length = _REPLY.unpack(head)
    if kind == _REFUSAL:
        return Refusal(_printable(body[:_MAX_SENTENCE_BYTES]))
    if kind == _PICTURE and isinstance(request, Request):
        return _raster(body, request)
    if kind == _EXCERPT and isinstance(request, ExcerptRequest):
        return _excerpt(body, request)
    raise ProtocolError("no such reply")


def _raster(body: bytes, request: Request) -> Raster:
    if len(body) < _FACTS.size:
        raise ProtocolError("too short for a picture")
    natural_width, natural_height, width, height, frames, format_length, mode_length = _FACTS.unpack_from(body)
    mode_at = _FACTS.size + format_length
    rgb_at = mode_at + mode_length
    rgb = body[rgb_at:]
    fits = 0 < width <= request.width_pixels and 0 < height <= request.height_pixels
    if not fits or not natural_width or not natural_height or len(rgb) != width * height * 3:
        raise ProtocolError("picture of a wrong size")
    return Raster(
        natural_width=natural_width,
        natural_height=natural_height,
        width=width,
        height=height,
        frames=frames or None,
        format=_printable(body[_FACTS.size : mode_at]),
        mode=_printable(body[mode_at:rgb_at]),
        rgb=rgb,
    )


def _excerpt(body: bytes, request: ExcerptRequest) -> Excerpt:
    note, *lines = _decoded(body[1:]).split("\n")
    fits = len(lines) <= request.lines and all(len(line) <= request.columns for line in lines)
    if not body or not fits or any(safe(line) != line for line in (note, *lines)):
        raise ProtocolError("lines that cannot be shown")
    return Excerpt(note, tuple(lines), is_whole=body[0] == 1)


def _printable(text: bytes) -> str:
    decoded = _decoded(text)
    if not decoded or not decoded.isprintable():
        raise ProtocolError("text that cannot be shown")
    return decoded


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError("text that is not UTF-8") from error
