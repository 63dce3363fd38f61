"""The rows whose transfers run, as last written: a fact about one of them needs no reading back.

Owns the copies. Only the worker's half of a row is kept true here, by its one writer; what front ends write since
is seen by the next `read`. Apart from `downloads`, so that a front end does not load it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

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

    def hold(self, download_id: int) -> None:
        """Keeps a copy of a row from its next reading or writing on."""
        self._held.setdefault(download_id, None)

    def release(self, download_id: int) -> None:
        """Forgets a row's copy."""
        self._held.pop(download_id, None)

    def outdate(self, download_id: int) -> None:
        """Hears that front ends have written a row: after its next writing it is read again."""
        if download_id in self._held:
            self._held[download_id] = None

    def read(self, reader: Database | Transaction, download_id: int) -> Work | None:
        """Reads a row as it is by now, both halves; `None` if there is none."""
        rows = reader.rows("SELECT * FROM downloads WHERE id = ?", (download_id,))
        if not rows:
            return None
        columns = columns_of(rows[0])
        return self._keep(download_id, columns, work_rows.work_from(columns, boot_id=self.boot_id))

    def note(self, transaction: Transaction, download_id: int, columns: Mapping[str, SqlValue]) -> None:
        """Writes worker columns of a row."""
        downloads.update(transaction, download_id, columns)
        held = self._held.get(download_id)
        if held is not None:
            self._held[download_id] = _Copy({**held.columns, **columns}, held.work)

    def write(self, transaction: Transaction, download_id: int, columns: Mapping[str, SqlValue]) -> Work:
        """Writes worker columns of a row, which must be there.

        Returns:
            The row as it is then; of one that is held, what front ends wrote is as old as the last reading.
        """
        downloads.update(transaction, download_id, columns)
        held = self._held.get(download_id)
        if held is None:
            work = self.read(transaction, download_id)
            assert work is not None, "only the worker deletes rows"
            return work
        written = {**held.columns, **columns, "revision": transaction.revision}
        return self._keep(download_id, written, work_rows.rewritten(held.work, written, boot_id=self.boot_id))

    def _keep(self, download_id: int, columns: Columns, work: Work) -> Work:
        """Keeps a copy, if the row is held; returns the work."""
        if download_id in self._held:
            self._held[download_id] = _Copy(columns, work)
        return work
