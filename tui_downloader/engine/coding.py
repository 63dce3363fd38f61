"""Content codings that a server applies though it was asked for identity.

Owns streaming decoders for gzip and deflate. Such a body is never resumed by range: offsets of decoded bytes mean
nothing to the server. However much a few bytes grow to, must never hold more than a piece of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tui_downloader.engine.failures import TransferError
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason

PIECE_BYTES = 256 * 1024
"""Most decoded bytes that are handed on at once."""
_WRAPPED, _BARE = 47, -15
"""zlib's `wbits`: gzip or zlib, told apart by their first bytes; and deflate without a wrapper."""
_HEAD_BYTES = 2
_GZIP_HEAD = b"\x1f\x8b"
_COMPRESSED_NAMES = {
    "gzip": (".gz", ".tgz", ".svgz", ".emz", ".wmz", ".z", ".zlib"),
    "br": (".br",),
    "zstd": (".zst", ".zstd", ".tzst"),
    "compress": (".z", ".taz"),
    "bzip2": (".bz2", ".tbz", ".tbz2"),
    "xz": (".xz", ".txz"),
}
"""Endings of files that are compressed themselves, by the coding that servers then often name."""


class Decoder:
    """Decodes one body while it streams in."""

    def __init__(self, coding: str) -> None:
        """Chooses the decoder.

        Raises:
            TransferError: The coding is not known.
        """
        if coding not in {"gzip", "x-gzip", "deflate"}:
            raise TransferError(
                Reason.BAD_RESPONSE,
                f"the server sends the file in a coding that was not asked for and is not known ({_name(coding)})",
            )
        self._head: bytes | None = b"" if coding == "deflate" else None
        self._engine = zlib.decompressobj(wbits=_WRAPPED)
        self._several = coding != "deflate"

    def decode(self, data: bytes | memoryview) -> Iterator[bytes]:
        """Decodes what came.

        Args:
            data: The next bytes of the body; they must stay as they are until the last piece was taken.

        Yields:
            The decoded bytes that are complete so far, in pieces of at most `PIECE_BYTES`.

        Raises:
            TransferError: The body is not in its coding.
        """
        if self._head is not None:
            data = self._head + bytes(data)
            if len(data) < _HEAD_BYTES:
                self._head = data
                return
            self._head = None
            self._engine = zlib.decompressobj(wbits=_WRAPPED if _is_wrapped(data) else _BARE)
        try:
            yield from self._decompress(data)
        except zlib.error as error:
            raise TransferError(Reason.BAD_RESPONSE, "the file’s compression is damaged") from error

    def _decompress(self, data: bytes | memoryview) -> Iterator[bytes]:
        """Decodes piece by piece; gzip members that follow each other are one file (RFC 1952 section 2.2)."""
        more = bool(data)
        while more:
            if self._engine.eof:
                data = bytes(data).lstrip(b"\0")  # some writers pad the last member with zeros
                if not data or not self._several:
                    break
                self._engine = zlib.decompressobj(wbits=_WRAPPED)
            piece = self._engine.decompress(data, PIECE_BYTES)
            if piece:
                yield piece
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail
            more = bool(data) or (len(piece) == PIECE_BYTES and not self._engine.eof)

    def finish(self) -> bytes:
        """Returns what was left.

        Raises:
            TransferError: The body ended early.
        """
        rest = self._engine.flush()
        if not self._engine.eof:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")
        return rest


def _is_wrapped(body: bytes) -> bool:
    """Tells by its first bytes whether a deflate body has a wrapper; many servers leave it out.

    The two bytes of RFC 1950 section 2.2 (method 8, a window of at most 32 KiB, a multiple of 31) begin no bare
    deflate data that an encoder writes, and those of gzip no valid one.
    """
    head = body[:_HEAD_BYTES]
    return head == _GZIP_HEAD or (head[0] & 0x8F == 8 and int.from_bytes(head, "big") % 31 == 0)


def is_stored_compressed(filename: str, coding: str) -> bool:
    """Tells whether the file itself is meant to be compressed, by its name: then nothing is decoded."""
    return filename.lower().endswith(_COMPRESSED_NAMES.get(coding.removeprefix("x-"), ()))


def _name(coding: str) -> str:
    """Returns a coding's name for a sentence."""
    return safe({"br": "brotli"}.get(coding, coding))[:40]
