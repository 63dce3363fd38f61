"""The first entries of a tar archive, compressed or not.

Owns the bounds on what is unpacked to find them. Must never write an entry anywhere.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import Final

from tui_downloader.preview.excerpt import Excerpt, entry

MEDIA_TYPES: Final = frozenset((
    "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz",
))  # fmt: skip

_UNPACKED_BYTES: Final = 16 * 1024 * 1024
"""How much of a compressed archive is unpacked at most; an entry behind it is not found."""

_MARK_AT: Final = 257
_BLOCK_BYTES: Final = 512


class _Enough(io.RawIOBase):
    """The beginning of what a decompressor gives, read once from front to back."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._left = _UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io passes a memoryview
        data = self._stream.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def read(source: io.BufferedReader, *, columns: int, lines: int) -> Excerpt:
    """Read the first entries; of a compressed file that is no archive nothing but that.

    Args:
        source: The file, at its beginning.
        columns: Longest line in characters.
        lines: How many entries.
    """
    decompressor = _decompressor(source)
    unpacked: io.BufferedReader = (
        source if decompressor is None else io.BufferedReader(_Enough(decompressor), _BLOCK_BYTES)
    )
    try:
        if not unpacked.peek(_BLOCK_BYTES)[_MARK_AT:].startswith(b"ustar"):
            return Excerpt("one compressed file", (), is_whole=False)
        shown, is_whole = _entries(unpacked, columns=columns, lines=lines)
    except (zlib.error, lzma.LZMAError) as error:
        raise ValueError("the compressed data are damaged") from error
    note = f"the first {len(shown)} entries" if not is_whole else _counted(len(shown))
    return Excerpt(note, shown, is_whole=is_whole)


def _decompressor(source: io.BufferedReader) -> io.BufferedIOBase | None:
    """What unpacks the file; None if it is not compressed."""
    head = source.peek(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=source)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(source)
    if head.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(source)
    return None


def _entries(unpacked: io.BufferedReader, *, columns: int, lines: int) -> tuple[tuple[str, ...], bool]:
    """The entries, and whether they are all: an archive that breaks off in the middle shows what it has."""
    shown: list[str] = []
    try:
        with tarfile.open(fileobj=unpacked, mode="r:" if unpacked.seekable() else "r|") as archive:
            for member in archive:
                if len(shown) == lines:
                    return tuple(shown), False
                name = f"{member.name}/" if member.isdir() else member.name
                shown.append(entry(name, member.size, columns))
            end = archive.offset
    except (tarfile.TarError, EOFError):
        return tuple(shown), False
    if not unpacked.seekable():
        return tuple(shown), True  # what broke off here was met as an error
    unpacked.seek(end)
    return tuple(shown), unpacked.read(_BLOCK_BYTES) == bytes(_BLOCK_BYTES)


def _counted(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
