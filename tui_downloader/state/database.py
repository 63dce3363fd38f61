"""Connections to the state file: pragmas, transactions, and the one place where SQLite's errors are translated.

Owns how the file is opened. Must never create the file unless told so, and never read a half-read SELECT: every
query is fetched whole.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_downloader.errors import DamagedStateFileError, NewerStateFileError, SessionUnusableError
from tui_downloader.paths import file_identity, is_somebody_elses
from tui_downloader.state.schema import APPLICATION_ID, VERSION

SqlValue = str | int | float | None
"""What a column holds."""

BUSY_SECONDS = 10.0
"""How long a statement waits for another process's transaction, in seconds."""

SQLITE_VERSION = sqlite3.sqlite_version
"""Version of the library that reads and writes the file."""

_JOURNAL_BYTES = 4 * 1024 * 1024

_DAMAGE = frozenset(
    (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
)
"""What SQLite says of a damaged file; no statement here breaks a constraint by itself."""
_DAMAGE_WORDS = (
    *("no such table", "no such column", "no such index", "duplicate column", "malformed JSON"),
    "Could not decode to UTF-8",
)
"""How its complaints begin about tables or texts that nothing here writes so."""

_VERSION_MAX = 1000
"""A higher version is damage, not a newer program's."""


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into sentences about the state file.

    Args:
        path: The state file, for the sentence.

    Raises:
        DamagedStateFileError: The file is no database, or is damaged.
        SessionUnusableError: It cannot be opened, read or written.
    """
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite's own sentence quotes a damaged name
        raise damaged_error(path, "it holds text that is none") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in _DAMAGE or str(error).startswith(_DAMAGE_WORDS):
            raise damaged_error(path, str(error)) from error
        if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise SessionUnusableError(f"The state file {path} cannot be written ({error}).") from error
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise SessionUnusableError(
                f"The state file {path} is held by another program ({error}). Try again; more: tuidl doctor"
            ) from error
        raise SessionUnusableError(f"The state file {path} cannot be used ({error}).") from error


def damaged_error(path: Path, why: str) -> DamagedStateFileError:
    """Builds the error about a file that is no state file, or a damaged one."""
    return DamagedStateFileError(
        f"The state file {path} is damaged or is not a state file ({why}). Nothing was changed. "
        "Move it away, or use another session: tuidl -s NAME"
    )


class Transaction:
    """A writing transaction with its revision; made by `Database.transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Takes the next revision; the transaction has begun."""
        self._connection = connection
        row = connection.execute("UPDATE counter SET revision = revision + 1 RETURNING revision").fetchall()
        if not row:
            raise sqlite3.IntegrityError("a row is missing")  # as SQLite would say it; `translated` words it
        self.revision: int = row[0][0]

    @contextlib.contextmanager
    def undoable(self) -> Iterator[None]:
        """Takes back what the block wrote if it raises; the transaction goes on without it.

        Raises:
            SessionUnusableError: An error before (a full disk) has ended the transaction already.
        """
        if not self._connection.in_transaction:
            raise SessionUnusableError("The state file cannot be written: the transaction was rolled back.")
        self._connection.execute("SAVEPOINT block")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO block")
                self._connection.execute("RELEASE block")
            raise
        self._connection.execute("RELEASE block")

    def run(self, sql: str, values: Sequence[SqlValue] = ()) -> sqlite3.Cursor:
        """Runs one statement."""
        return self._connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[SqlValue] = ()) -> list[sqlite3.Row]:
        """Runs a query and fetches all of it."""
        return self._connection.execute(sql, values).fetchall()


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
        self._identity = file_identity(path)
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
        """Runs the block in one `BEGIN IMMEDIATE`; commits at its end, rolls back on any exception."""
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

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
                self._connection.execute("COMMIT")

    @property
    def is_current(self) -> bool:
        """Whether the file that is open is the one that has the name; a damaged one is replaced by another one."""
        return file_identity(self.path) == self._identity

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
