"""Connections to the state file: pragmas and transactions.

Owns how the file is opened. Must never create the file unless told so, and never read a half-read SELECT: every
query is fetched whole.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from tui_downloader.errors import NewerStateFileError, SessionUnusableError, StateFileLostError
from tui_downloader.paths import file_identity, is_somebody_elses
from tui_downloader.state.failures import damaged_error, held_error, translated, translation
from tui_downloader.state.process import is_running
from tui_downloader.state.schema import APPLICATION_ID, VERSION

SqlValue = str | int | float | None
"""What a column holds."""

BUSY_SECONDS = 10.0
"""How long a statement waits for another process's transaction, in seconds."""

SQLITE_VERSION = sqlite3.sqlite_version
"""Version of the library that reads and writes the file."""

_JOURNAL_BYTES = 4 * 1024 * 1024

_VERSION_MAX = 1000
"""A higher version is damage, not a newer program's."""


class Transaction:
    """A writing transaction with its revision; made by `Database.transaction`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Takes the next revision; the transaction has begun."""
        self._connection = connection
        self._path = path
        row = self.rows("UPDATE counter SET revision = revision + 1 RETURNING revision")
        if not row:
            raise damaged_error(path, "a row is missing")
        self.revision: int = row[0][0]

    def undoable(self) -> _Undoable:
        """Takes back what the `with` block wrote if it raises; the transaction goes on without it.

        Raises:
            SessionUnusableError: The state file failed (a full disk): the transaction cannot go on.
        """
        return _Undoable(self)

    def run(self, sql: str, values: Sequence[SqlValue] = ()) -> sqlite3.Cursor:
        """Runs one statement.

        Raises:
            SessionUnusableError: The state file failed.
        """
        try:
            return self._connection.execute(sql, values)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise translation(error, self._path) from error

    def rows(self, sql: str, values: Sequence[SqlValue] = ()) -> list[sqlite3.Row]:
        """Runs a query and fetches all of it.

        Raises:
            SessionUnusableError: The state file failed.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise translation(error, self._path) from error


class _Undoable:
    """A part of a transaction; a class, since a small file needs two of them."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        """Prepares."""
        self._transaction = transaction

    def __enter__(self) -> None:
        """Begins."""
        self._transaction.run("SAVEPOINT block")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keeps what was written, or takes it back."""
        if isinstance(error, SessionUnusableError):
            return
        if error is not None:
            self._transaction.run("ROLLBACK TO block")
        self._transaction.run("RELEASE block")


class Database:
    """One connection to a state file; used by one thread at a time."""

    def __init__(
        self, path: Path, *, durable: bool = True, checkpoints: bool = False, read_only: bool = False
    ) -> None:
        """Opens an existing state file of this program's form.

        Args:
            path: The state file.
            durable: Commits survive a power loss (`synchronous=FULL`), else only a killed process.
            checkpoints: Whether this connection moves the WAL into the file; the worker's do.
            read_only: Whether it leaves file and log as they are.

        Raises:
            NewerStateFileError: Written by a newer version.
            DamagedStateFileError: Not a state file.
            SessionUnusableError: Cannot be opened.
        """
        self.path = path
        self.identity = file_identity(path)
        """Device and inode of the file when it was opened."""
        self.commits = 0
        """How many transactions this connection has committed; each has taken one revision."""
        version_of(path)
        self._connection = connect(path, read_only=read_only)
        try:
            with translated(path):
                run = self._connection.execute
                run(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                run(f"PRAGMA wal_autocheckpoint = {1000 if checkpoints else 0}").fetchall()
                run(f"PRAGMA journal_size_limit = {_JOURNAL_BYTES}").fetchall()
                run("PRAGMA secure_delete = ON").fetchall()  # deleted rows held secrets: URLs, fields
        except BaseException:
            self._connection.close()
            raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Runs the block in one `BEGIN IMMEDIATE`; commits at its end, rolls back on any exception.

        Raises:
            StateFileLostError: Another file has the name meanwhile: nobody would ever see what is written here.
            SessionUnusableError: The state file failed.
        """
        with translated(self.path):
            self._begin()
            try:
                self._check_place()
                yield Transaction(self._connection, self.path)
                self._connection.execute("COMMIT")
                self.commits += 1
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Lets nobody else write during the block, and writes nothing itself.

        Raises:
            SessionUnusableError: The state file failed.
        """
        with translated(self.path):
            self._begin()
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, sql: str, values: Sequence[SqlValue] = ()) -> list[sqlite3.Row]:
        """Runs a query outside a writing transaction and fetches all of it."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str) -> sqlite3.Row:
        """Runs a query about a row that is always there.

        Raises:
            DamagedStateFileError: It is not.
        """
        rows = self.rows(sql)
        if not rows:
            raise damaged_error(self.path, "a row is missing")
        return rows[0]

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Makes the queries of the block see one commit."""
        with translated(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")  # nothing was written

    @property
    def is_current(self) -> bool:
        """Whether the file that is open is the one that has the name; a damaged one is replaced by another one."""
        return file_identity(self.path) == self.identity

    def _begin(self) -> None:
        """Begins a writing transaction.

        Raises:
            SessionUnusableError: Somebody else writes for too long; the worker is named, in case it is that.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            worker = self.row("SELECT pid, process_started FROM worker")
            is_alive = is_running(worker["pid"], worker["process_started"])
            raise held_error(self.path, worker_pid=worker["pid"] if is_alive else None) from error

    def _check_place(self) -> None:
        """Makes sure, now that nobody else writes, that the file that is open is the one that has the name."""
        if not self.is_current:
            raise StateFileLostError(
                "The state file is gone."
                if file_identity(self.path) is None
                else "The state file was replaced by another one."
            )

    def run_once(self, sql: str) -> None:
        """Runs one pragma or maintenance statement."""
        with translated(self.path):
            self._connection.execute(sql).fetchall()

    def close(self) -> None:
        """Closes the connection; a second call does nothing."""
        self._connection.close()


def sqlite_version() -> tuple[int, ...]:
    """Returns the version of SQLite itself."""
    return sqlite3.sqlite_version_info


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Opens an existing file, with explicit transactions.

    Args:
        path: The state file.
        read_only: Whether closing it leaves file and log as they are; else it may write the log into the file.

    Raises:
        SessionUnusableError: There is no such file, or it cannot be opened.
    """
    if path.is_dir():
        raise damaged_error(path, "it is a directory")
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
    connection.row_factory = sqlite3.Row
    return connection


def version_of(path: Path) -> int:
    """Looks at a file, which must be there, without changing it or its log.

    Returns:
        The version of its form; 0 for an empty file, whose creation was not finished. An older one must be
        migrated before use.

    Raises:
        NewerStateFileError: Written by a newer version.
        DamagedStateFileError: Not a state file.
        SessionUnusableError: Cannot be opened.
    """
    _check_is_own(path)
    with translated(path):
        try:
            return _version_of(path, read_only=True)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        return _version_of(path, read_only=False)  # a write was cut short; every reader has to undo it first


def _check_is_own(path: Path) -> None:
    """Checks that the file was not planted: SQLite follows links, and reads whatever is there."""
    try:
        status = path.lstat()
    except OSError:
        return  # opening it tells more
    if stat.S_ISLNK(status.st_mode) or is_somebody_elses(status):
        kind = "is a link" if stat.S_ISLNK(status.st_mode) else "belongs to somebody else"
        raise SessionUnusableError(f"The state file {path} {kind}; it is not used. Move it away.")


def _version_of(path: Path, *, read_only: bool) -> int:
    """Reads and checks a file's marks."""
    connection = connect(path, read_only=read_only)
    try:
        connection.execute("BEGIN")  # the marks of one commit
        version: int = connection.execute("PRAGMA user_version").fetchall()[0][0]
        application: int = connection.execute("PRAGMA application_id").fetchall()[0][0]
        is_empty = not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    finally:
        connection.close()
    ours = version > 0 if application == APPLICATION_ID else application == version == 0 and is_empty
    if not ours or version > _VERSION_MAX:
        raise damaged_error(path, "it is a database of another program")
    if version > VERSION:
        raise NewerStateFileError(
            f"Session “{path.parent.name}” was written by a newer tuidl (file version {version}, this one reads "
            f"{VERSION}). Nothing was changed. Update tuidl, or use another session: tuidl -s NAME"
        )
    return version
