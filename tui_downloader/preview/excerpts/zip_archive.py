"""The first entries of a ZIP archive.

Owns the bounds on its directory. Must never unpack an entry.
"""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Final

from tui_downloader.preview.excerpt import Excerpt, entry

MEDIA_TYPES: Final = frozenset(("application/zip", "application/epub+zip"))

_END_MARK: Final = b"PK\x05\x06"
_END: Final = struct.Struct("<4s4H2LH")
"""The end of central directory record (APPNOTE 6.3.10, section 4.3.16)."""

_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
"""Largest directory that is read: about 40,000 entries, in half a second."""


def read(source: io.BufferedReader, *, columns: int, lines: int) -> Excerpt:
    """Read the first entries.

    Args:
        source: The file.
        columns: Longest line in characters.
        lines: How many entries.
    """
    count, directory_bytes = _end_record(source)
    if directory_bytes > _DIRECTORY_BYTES:
        return Excerpt(f"{count} entries or more", (), is_whole=False)
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error) as error:
        raise ValueError("not a ZIP archive") from error
    shown = tuple(entry(each.filename, each.file_size, columns) for each in entries[:lines])
    note = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return Excerpt(note, shown, is_whole=len(entries) <= lines)


def _end_record(source: io.BufferedReader) -> tuple[int, int]:
    """How many entries there are and how large their directory is, as the end of the file says."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - 0xFFFF - _END.size))
    tail = source.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise ValueError("the end of the archive is missing")
    _mark, _disk, _start, _here, count, directory_bytes, _offset, _comment = _END.unpack_from(tail, at)
    return count, directory_bytes
