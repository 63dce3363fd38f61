"""Rows read from a file's pages are those that SQLite reads, in every form that SQLite stores them in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_downloader.state.raw_rows import PAGE_BYTES, RawRow, RawValue, read_rows

VALUES: list[tuple[RawValue, ...]] = [
    (None, 0, 1, -1, 127, -128, 255, 2**15, -(2**23), 2**31, 2**47, -(2**63), 2**63 - 1),
    (1.5, -0.25, 1e300, "", "text", "Größe – 日本", b"", b"\x00\xff"),
    ("x" * 4061, "y" * 4062),
    ("x" * 20_000, None, "y" * 5000),
    (),
]


def write(path: Path, rows: list[tuple[RawValue, ...]]) -> None:
    """Make a table of these rows, in the first columns of thirteen."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(f'c{number}' for number in range(13))})")
        for row in rows:
            connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * 13)})", (*row, *[None] * (13 - len(row))))
        connection.commit()


def filled(row: tuple[RawValue, ...]) -> tuple[RawValue, ...]:
    """Return a row as the table has it."""
    return (*row, *[None] * (13 - len(row)))


@pytest.mark.parametrize("times", [1, 40])
def test_every_form_of_a_value(tmp_path: Path, times: int) -> None:
    path = tmp_path / "db"
    write(path, VALUES * times)
    found = {row.rowid: row.values for row in read_rows(path)}
    assert found == dict(enumerate(map(filled, VALUES * times), start=1))


@settings(max_examples=25)
@given(
    rows=st.lists(
        st.lists(
            st.none()
            | st.integers(-(2**63), 2**63 - 1)
            | st.floats(allow_nan=False)
            | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
            | st.binary(max_size=9000),
            max_size=13,
        ).map(tuple),
        min_size=1,
        max_size=12,
    )
)
def test_any_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[RawValue, ...]]) -> None:
    path = tmp_path_factory.mktemp("raw") / "db"
    write(path, rows)
    assert [row.values for row in read_rows(path)] == [filled(row) for row in rows]


def test_rows_of_a_table_without_numbers(tmp_path: Path) -> None:
    path = tmp_path / "db"
    names = [f"{number:04}" for number in range(2000)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(name, int(name)) for name in names])
        connection.commit()
    assert sorted(row.values for row in read_rows(path) if row.rowid is None) == [
        (each, int(each)) for each in names
    ]


def test_the_log_is_newer_than_the_file_and_counts_up_to_its_last_commit(tmp_path: Path) -> None:
    path = tmp_path / "db"
    write(path, [("old",)])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("UPDATE t SET c0 = 'new'")
        connection.execute("BEGIN")
        connection.execute("UPDATE t SET c0 = 'uncommitted'")
        connection.execute(
            f"INSERT INTO t (c0) VALUES (zeroblob({PAGE_BYTES * 50}))"
        )  # what is written flows over
        assert [row.values[0] for row in read_rows(path)] == ["new"]


def test_garbage_holds_no_rows_and_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "db"
    for first in (b"\x0d", b"\x0a", b"\x02"):
        path.write_bytes(bytes(PAGE_BYTES) + (first + b"\xff" * (PAGE_BYTES - 1)) * 3 + first)
        assert [row for row in read_rows(path) if row != RawRow(row.rowid, ())] == []
