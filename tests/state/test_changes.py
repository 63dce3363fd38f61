"""Noticing commits of others, and only those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui_downloader.state.changes import ChangeWatch, News
from tui_downloader.state.database import Database

COMMIT = """
import sys
from pathlib import Path
from tui_downloader.state.database import Database
database = Database(Path(sys.argv[1]))
with database.transaction():
    if sys.argv[2] == "fail":
        sys.exit(0)
database.close()
"""


def commit_elsewhere(path: Path, how: str = "commit") -> None:
    subprocess.run([sys.executable, "-P", "-c", COMMIT, str(path), how], check=True, timeout=60)


def test_commits_of_another_process_are_noticed_once(state_file: Path) -> None:
    watch = ChangeWatch(state_file)
    assert watch.has_changed()
    assert not watch.has_changed()
    for _ in range(2):
        commit_elsewhere(state_file)
        assert watch.has_changed()
        assert not watch.has_changed()
    watch.close()


def test_nothing_is_noticed_when_nothing_is_committed(state_file: Path) -> None:
    watch = ChangeWatch(state_file)
    watch.has_changed()
    commit_elsewhere(state_file, "fail")
    reader = Database(state_file)
    reader.rows("SELECT * FROM downloads")
    reader.close()
    assert not any(watch.has_changed() for _ in range(20))
    watch.close()


def test_another_connection_of_the_same_process_is_noticed(state_file: Path, database: Database) -> None:
    watch = ChangeWatch(state_file)
    watch.has_changed()
    for _ in range(50):
        with database.transaction():
            assert not watch.has_changed()
        assert watch.has_changed()
    watch.close()


def test_what_one_wrote_oneself_is_no_news(state_file: Path, database: Database) -> None:
    other = Database(state_file, durable=False)
    news = News(state_file, database, other)
    assert news.came()
    for connection in (database, other):
        with connection.transaction():
            pass
    assert not news.came()
    commit_elsewhere(state_file)
    with database.transaction():
        pass
    assert news.came()
    commit_elsewhere(state_file, "fail")
    assert not news.came()
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    commit_elsewhere(state_file)
    assert news.came()
    other.close()
    news.close()
