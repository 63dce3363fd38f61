"""Rows of a state file that SQLite refuses to read: taken from its pages, one by one.

Owns the reading of SQLite's file format (https://www.sqlite.org/fileformat2.html), as far as rows need it: pages,
the log beside them, cells and records. Must never write, nor believe in anything above a page: the roots and the
tree over the pages may be what is damaged. What a row means is `salvage`'s to say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PAGE_BYTES = 4096
"""Size of a page: what SQLite makes unless told otherwise, and nothing here does."""
WAL_HEADER_BYTES = 32
"""What stands before the first frame of the log."""
FRAME_HEADER_BYTES = 24
"""What stands before each page in the log."""

RawValue = int | float | str | bytes | None
"""A value as it is stored; text that is no UTF-8 is bytes."""

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_HEADER_BYTES = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_VALUES_MAX = 2000
_PAYLOAD_MAX = 64 * 1024 * 1024


class RawRow(NamedTuple):
    """One row as it is stored."""

    rowid: int | None
    """Its number; `None` in an index, and in a table without one."""
    values: tuple[RawValue, ...]
    """Its columns in order; those that were added to the table later may be missing at the end."""


class _UnreadableError(Exception):
    """A cell that makes no sense."""


def read_rows(path: Path) -> Iterator[RawRow]:
    """Reads every row that makes sense, of all tables and indexes, in the order of the pages.

    Args:
        path: The file; its log is read too, whose pages are newer.

    Raises:
        OSError: It cannot be read.
    """
    pages = _pages(path)
    for number in sorted(pages):
        page = pages[number]
        if number > 1 and page[0] in _HEADER_BYTES:  # page 1 holds no row of ours, only where they were
            yield from _rows_of(page, pages)


def _pages(path: Path) -> dict[int, bytes]:
    """Returns the pages by number as of the last commit; one that is not whole is left out."""
    data = path.read_bytes()
    pages = {
        number + 1: data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]
        for number in range(len(data) // PAGE_BYTES)
    }
    log = path.with_name(f"{path.name}-wal")
    return pages | _committed(log.read_bytes()) if log.is_file() else pages


def _committed(log: bytes) -> dict[int, bytes]:
    """Returns the pages of the log that were committed and not written over by a later round of the log."""
    committed: dict[int, bytes] = {}
    written: dict[int, bytes] = {}
    salts = log[16:24]
    step = FRAME_HEADER_BYTES + PAGE_BYTES
    for at in range(WAL_HEADER_BYTES, len(log) - step + 1, step):
        number, is_commit = struct.unpack_from(">II", log, at)
        if log[at + 8 : at + 16] != salts:
            break
        written[number] = log[at + FRAME_HEADER_BYTES : at + step]
        if is_commit:
            committed |= written
            written = {}
    return committed


def _rows_of(page: bytes, pages: Mapping[int, bytes]) -> Iterator[RawRow]:
    """Reads the cells of a page; one that makes no sense is left out."""
    kind = page[0]
    count = struct.unpack_from(">H", page, 3)[0]
    pointers = _HEADER_BYTES[kind]
    for index in range(min(count, (PAGE_BYTES - pointers) // 2)):
        at = struct.unpack_from(">H", page, pointers + 2 * index)[0]
        try:
            yield _row_at(page, at + (4 if kind == _INDEX_INTERIOR else 0), pages)
        except (_UnreadableError, IndexError, struct.error):
            continue


def _row_at(page: bytes, at: int, pages: Mapping[int, bytes]) -> RawRow:
    """Reads one cell."""
    length, at = _varint(page, at)
    rowid = None
    if page[0] == _TABLE_LEAF:
        rowid, at = _varint(page, at)
    return RawRow(rowid, _record(_payload(page, at, length, pages)))


def _payload(page: bytes, at: int, length: int, pages: Mapping[int, bytes]) -> bytes:
    """Collects what a cell holds, from its page and the pages it flows over to."""
    most = PAGE_BYTES - 35 if page[0] == _TABLE_LEAF else (PAGE_BYTES - 12) * 64 // 255 - 23
    if length <= most:
        return page[at : at + length]
    if length > _PAYLOAD_MAX:
        raise _UnreadableError
    least = (PAGE_BYTES - 12) * 32 // 255 - 23
    here = least + (length - least) % (PAGE_BYTES - 4)
    here = here if here <= most else least
    parts = [page[at : at + here]]
    left, following = length - here, struct.unpack_from(">I", page, at + here)[0]
    while left > 0:
        more = pages.get(following)
        if more is None:
            raise _UnreadableError
        following = struct.unpack_from(">I", more)[0]
        parts.append(more[4 : 4 + left])
        left -= PAGE_BYTES - 4
    return b"".join(parts)


def _record(payload: bytes) -> tuple[RawValue, ...]:
    """Reads a record: the types of its values, then the values."""
    header, at = _varint(payload, 0)
    if not at <= header <= len(payload):
        raise _UnreadableError
    position = header
    values: list[RawValue] = []
    while at < header:
        kind, at = (payload[at], at + 1) if payload[at] < 0x80 else _varint(payload, at)
        value, size = _value(payload, position, kind)
        position += size
        if position > len(payload) or len(values) > _VALUES_MAX:
            raise _UnreadableError
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[RawValue, int]:
    """Reads one value of a serial type; returns it with its size."""
    if kind == 0:
        return None, 0
    if kind in {8, 9}:
        return kind - 8, 0
    if kind in _INTEGER_BYTES:
        size = _INTEGER_BYTES[kind]
        return int.from_bytes(payload[at : at + size], "big", signed=True), size
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], 8
    if kind < 12:
        raise _UnreadableError
    size = (kind - 12) // 2
    data = payload[at : at + size]
    if kind % 2 == 0:
        return data, size
    try:
        return data.decode(), size
    except UnicodeDecodeError:
        return data, size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Reads a number of variable length; returns it with the place after it."""
    value = 0
    for index in range(at, at + 8):
        byte = data[index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, index + 1
    return value << 8 | data[at + 8], at + 9
