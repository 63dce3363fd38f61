"""The rows whose transfers run, as last written: a fact about one of them needs no reading back.

Owns the copies, and what is told of a row only with the next fact. Only the worker's half of a row is kept true
here, by its one writer; what front ends write since is seen by the next `read`. Apart from `downloads`, so that a
front end does not load it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from tui_downloader.model.resume import Work
from tui_downloader.state import downloads
from tui_downloader.state import work as work_rows
from tui_downloader.state.database import Database, SqlValue, Transaction
from tui_downloader.state.rows import Columns, columns_of


@dataclasses.dataclass(frozen=True, slots=True)
class _Copy:
    """A row, in both forms."""

    columns: Columns
    work: Work
    is_behind: bool = False
    """Whether the work is older than the columns."""


class RunningRows:
    """Reads and writes rows as work; used by one thread."""

    def __init__(self, *, boot_id: str) -> None:
        """Holds none yet.

        Args:
            boot_id: The running system's.
        """
        self.boot_id = boot_id
        """The running system's."""
        self._held: dict[int, _Copy | None] = {}
        self._owed: dict[int, Mapping[str, SqlValue]] = {}

    @property
    def owing(self) -> list[int]:
        """Rows of which something was deferred that is not written yet."""
        return list(self._owed)

    def hold(self, reader: Database | Transaction, works: Sequence[Work]) -> None:
        """Keeps copies of rows from now on, as they are by now.

        Args:
            reader: Where they are read.
            works: As they were last read.
        """
        known = {each.download.id: each for each in works}
        marks = ", ".join("?" * len(known))
        for row in reader.rows(f"SELECT * FROM downloads WHERE id IN ({marks})", list(known)):  # noqa: S608 -- question marks only
            columns = columns_of(row)
            work = known[columns["id"]]
            if columns["revision"] != work.download.revision:
                work = work_rows.work_from(columns, boot_id=self.boot_id)
            self._held[work.download.id] = _Copy(columns, work)

    def release(self, download_id: int) -> None:
        """Forgets a row's copy."""
        self._held.pop(download_id, None)
        self._owed.pop(download_id, None)

    def outdate(self, download_id: int) -> None:
        """Hears that front ends have written a row: after its next writing it is read again."""
        if download_id in self._held:
            self._held[download_id] = None

    def read(self, reader: Database | Transaction, download_id: int) -> Work | None:
        """Reads a row as it is by now, both halves; `None` if there is none."""
        held = self._held.get(download_id)
        if held is not None and _is_untouched(reader, held.columns):
            return self._caught_up(download_id, held)
        rows = reader.rows("SELECT * FROM downloads WHERE id = ?", (download_id,))
        if not rows:
            return None
        columns = {**columns_of(rows[0]), **self._owed.get(download_id, {})}
        return self._keep(download_id, columns, work_rows.work_from(columns, boot_id=self.boot_id))

    def defer(self, download_id: int, columns: Mapping[str, SqlValue]) -> Work:
        """Takes worker columns of a held row, which are written with its next ones, whatever they are.

        Returns:
            The row as it is going to be.
        """
        held = self._held[download_id]
        assert held is not None, "it was held just now"
        self._owed[download_id] = columns
        return self._rewrite(download_id, held, {**held.columns, **columns})

    def note(self, transaction: Transaction, download_id: int, columns: Mapping[str, SqlValue]) -> None:
        """Writes worker columns of a row, and what was deferred."""
        columns = self._with_owed(download_id, columns)
        downloads.update(transaction, download_id, columns)
        held = self._held.get(download_id)
        if held is not None:
            written = {**held.columns, **columns, "revision": transaction.revision}
            self._held[download_id] = _Copy(written, held.work, is_behind=True)

    def write(self, transaction: Transaction, download_id: int, columns: Mapping[str, SqlValue]) -> Work:
        """Writes worker columns of a row, which must be there, and what was deferred.

        Returns:
            The row as it is then; of one that is held, what front ends wrote is as old as the last reading.
        """
        columns = self._with_owed(download_id, columns)
        downloads.update(transaction, download_id, columns)
        held = self._held.get(download_id)
        if held is None:
            work = self.read(transaction, download_id)
            assert work is not None, "only the worker deletes rows"
            return work
        return self._rewrite(download_id, held, {**held.columns, **columns, "revision": transaction.revision})

    def _with_owed(self, download_id: int, columns: Mapping[str, SqlValue]) -> Mapping[str, SqlValue]:
        """Returns columns together with those that were deferred."""
        owed = self._owed.pop(download_id, None)
        return columns if owed is None else {**owed, **columns}

    def _caught_up(self, download_id: int, held: _Copy) -> Work:
        """Returns a copy's work as its columns are."""
        return self._rewrite(download_id, held, held.columns) if held.is_behind else held.work

    def _rewrite(self, download_id: int, held: _Copy, columns: Columns) -> Work:
        """Keeps what the worker has changed of a row; returns the work."""
        return self._keep(download_id, columns, work_rows.rewritten(held.work, columns, boot_id=self.boot_id))

    def _keep(self, download_id: int, columns: Columns, work: Work) -> Work:
        """Keeps a copy, if the row is held; returns the work."""
        if download_id in self._held:
            self._held[download_id] = _Copy(columns, work)
        return work


def _is_untouched(reader: Database | Transaction, columns: Columns) -> bool:
    """Tells whether front ends have not written a row since: each verb has a number, limit and place have none."""
    sql = "SELECT intent_number, bytes_per_second_max, queue_place FROM downloads WHERE id = ?"
    rows = reader.rows(sql, (columns["id"],))
    known = (columns["intent_number"], columns["bytes_per_second_max"], columns["queue_place"])
    return bool(rows) and tuple(rows[0]) == known
