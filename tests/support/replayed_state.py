"""A state file as it was at a moment, rebuilt from the worker's recorded writes.

Owns a copy of the file and its log. Must never touch the file itself.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path

from tests.support.system_calls import Call


class ReplayedState:
    """Begins with a copy made before the worker wrote anything; each call that is applied changes it."""

    def __init__(self, copies: Path, original: Path) -> None:
        """Take the contents.

        Args:
            copies: A directory with the copies of the file and its log, named alike.
            original: The state file, as the calls name it.
        """
        self._contents = {
            str(original.with_name(each.name)): bytearray(each.read_bytes()) for each in copies.iterdir()
        }
        self._name = original.name

    def apply(self, call: Call) -> bool:
        """Make a write to the file or its log; return whether the call was one."""
        content = self._contents.get(call.descriptor_path or "")
        if content is None or call.name not in {"pwrite64", "ftruncate"}:
            return False
        assert call.name == "pwrite64", "nothing shortens the state file while a worker uses it"
        (data,) = call.strings
        assert len(data) == call.result, "a block was not recorded whole"
        content.extend(bytes(max(0, call.offset + len(data) - len(content))))
        content[call.offset : call.offset + len(data)] = data
        return True

    def download(self) -> sqlite3.Row:
        """Return the row of the only download, by the last commit that is complete."""
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            for path, content in self._contents.items():
                (directory / Path(path).name).write_bytes(content)
            with contextlib.closing(sqlite3.connect(directory / self._name)) as connection:
                connection.row_factory = sqlite3.Row
                (row,) = connection.execute("SELECT * FROM downloads").fetchall()
        assert isinstance(row, sqlite3.Row)
        return row
