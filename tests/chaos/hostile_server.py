"""A server that says hostile things wherever it can say anything, and a user's place that is full of them.

Owns what is said where. Must never look at what became of it: `test_terminal_safety` does.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Sequence

from PIL import Image, PngImagePlugin

from tests.chaos.hostile_text import EVERYTHING, IN_A_FIELD, MARKUP, in_a_path, in_an_extended_value
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Fault, GarbageReply, Redirect, StallAfter, Status

_EXIF_TEXTS = (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9286)
"""Description, maker, model, software, artist, copyright, the user's comment."""

FIELD = IN_A_FIELD.encode()
"""As UTF-8."""
BYTES = b"\x9b5;31;41m\x9d0;hijacked\x9c" + MARKUP.encode()
"""As single bytes: C1 controls of an eight-bit terminal."""


def picture() -> bytes:
    """Return a picture all of whose texts are hostile."""
    image, file, exif = Image.new("RGB", (320, 200), (20, 120, 20)), io.BytesIO(), Image.Exif()
    for tag in _EXIF_TEXTS:
        exif[tag] = EVERYTHING
    image.save(file, "JPEG", exif=exif, comment=EVERYTHING.encode())
    return file.getvalue()


def png() -> bytes:
    """Return a PNG all of whose texts are hostile."""
    texts, file = PngImagePlugin.PngInfo(), io.BytesIO()
    for key in ("Title", "Author", "Comment"):
        texts.add_itxt(key, EVERYTHING)
    Image.new("RGB", (320, 200), (120, 20, 20)).save(file, "PNG", pnginfo=texts)
    return file.getvalue()


def archive() -> bytes:
    """Return a ZIP archive with hostile names and a hostile comment."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(f"A{EVERYTHING}B", b"x")
        made.writestr(zipfile.ZipInfo(f"../{MARKUP}"), EVERYTHING)
        made.comment = EVERYTHING.encode()
    return file.getvalue()


def tar() -> bytes:
    """Return a tar archive with hostile names."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        made.addfile(tarfile.TarInfo(f"A{EVERYTHING}B"))
    return file.getvalue()


def _named(content: bytes, media_type: str) -> Resource:
    """Return an object whose every field is hostile."""
    fields = (
        ("Server", FIELD), ("X-Hostile", BYTES), ("Via", FIELD), ("Set-Cookie", b"a=" + FIELD),
        ("Repr-Digest", b"sha-256=" + FIELD), ("Content-Language", FIELD), ("Warning", BYTES),
    )  # fmt: skip
    return Resource(
        content, etag=None, media_type=media_type, disposition=in_an_extended_value(),
        fields=(*fields, ("ETag", b'"' + FIELD + b'"')),
    )  # fmt: skip


_WHOLE: Sequence[tuple[str, Callable[[], bytes], str]] = (
    ("jpeg", picture, "image/jpeg"),
    ("png", png, "image/png"),
    ("zip", archive, "application/zip"),
    ("tar", tar, "application/x-tar"),
    ("text", lambda: EVERYTHING.encode() * 3, "text/plain; charset=" + MARKUP.replace(";", "")),
    ("bytes", lambda: b"\x00\x01" + BYTES * 3, "a/" + MARKUP),
)
_STATUS_LINE = b"HTTP/1.1 404 Gone" + BYTES + b"\r\nContent-Length: 4\r\nX-A: " + FIELD + b"\r\n\r\ngone"
_CONTROLS = (
    b"HTTP/1.1 200 OK\r\nETag: " + EVERYTHING.replace("\n", "").encode() + b"\r\nContent-Length: 1\r\n\r\nx"
)
_BROKEN: Sequence[tuple[str, Fault]] = (
    (
        "realm",
        Status(401, fields=(("WWW-Authenticate", b'Basic realm="' + FIELD + b'"'),), body=EVERYTHING.encode()),
    ),
    ("body", Status(403, fields=(("Server", FIELD), ("Content-Type", BYTES)), body=EVERYTHING.encode())),
    ("retry", Status(503, fields=(("Retry-After", FIELD),), body=EVERYTHING.encode())),
    ("status", GarbageReply(_STATUS_LINE)),
    ("controls", GarbageReply(_CONTROLS)),
    ("nothing", GarbageReply(EVERYTHING.encode())),
    ("scheme", Redirect(f"{MARKUP}:{in_a_path()}")),
    ("host", Redirect(b"http://" + FIELD + b".invalid/" + FIELD)),
    ("file", Redirect(f"file:///{in_a_path()}")),
    ("coding", Status(200, fields=(("Content-Encoding", FIELD),), body=b"abc")),
    ("range", Status(206, fields=(("Content-Range", FIELD),), body=b"abc")),
)


def whole(server: FaultServer) -> list[str]:
    """Serve files that can be downloaded; return their URLs."""
    urls = [server.add(f"/{name}", _named(make(), kind)) for name, make, kind in _WHOLE]
    to_a_name = server.add("/to", Resource(b""), faults=[Redirect(f"/{in_a_path()}?q={in_a_path()}")])
    server.add(f"/{in_a_path()}", Resource(b"x" * 100, etag=None))
    return [*urls, to_a_name, server.url(f"/{in_a_path()}")]


def broken(server: FaultServer) -> list[str]:
    """Serve answers that are none; return their URLs."""
    return [server.add(f"/{name}/{in_a_path()}", Resource(b""), faults=[fault]) for name, fault in _BROKEN]


def endless(server: FaultServer) -> str:
    """Serve a file that stops in the middle; return its URL."""
    return server.add("/half", _named(b"x" * 500_000, "text/plain"), faults=[StallAfter(250_000)])
