"""Sessions as a list shows them, and removing one: real workers, nothing created by looking."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, session_control
from tui_downloader.errors import (
    InvalidSessionNameError,
    NoSuchSessionError,
    SessionBusyError,
    SessionUnusableError,
)
from tui_downloader.model.lifecycle import State
from tui_downloader.session.overview import INBOX, SessionOverview, session_overview, session_overviews
from tui_downloader.session.removal import remove_session

URL = "https://files.example.org/a.iso"


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n")
    monkeypatch.setenv("TUIDL_CONFIG", str(settings))


def files(directory: Path) -> dict[str, tuple[int, int]]:
    """Return what is in a directory tree: size and time of change of each file."""
    found = (each for each in directory.rglob("*") if each.is_file())
    return {str(each): (each.stat().st_size, each.stat().st_mtime_ns) for each in found}


def test_looking_counts_and_changes_nothing(tmp_path: Path) -> None:
    with session_control(tmp_path, "one") as one, session_control(tmp_path, "two") as two:
        one.add(URL, f"{URL}?2", paused=True)
        two.add(URL, paused=True)
        for each in (one, two):
            each.session.close()
        before = files(tmp_path / "state")
        assert session_overviews(tmp_path / "state") == [
            SessionOverview("one", downloads=2, unfinished=2),
            SessionOverview("two", downloads=1, unfinished=1),
        ]
        after = files(tmp_path / "state")
        assert {name: each for name, each in after.items() if not name.endswith(("-shm", "-wal"))} == {
            name: each for name, each in before.items() if not name.endswith(("-shm", "-wal"))
        }
    assert session_overviews(tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()


def test_one_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    with session_control(tmp_path, "good") as good, session_control(tmp_path, "new") as new:
        good.add(URL, paused=True)
        new.add(URL, paused=True)
        new.session.close()
        with closing(sqlite3.connect(new.session.directory / "state.sqlite3")) as connection:
            connection.execute("PRAGMA user_version = 99")
        first, second = session_overviews(tmp_path / "state")
        assert (first.session, first.downloads, first.error) == ("good", 1, None)
        assert second.error is not None
        assert "written by a newer tuidl (file version 99" in second.error
        with pytest.raises(SessionUnusableError, match="newer tuidl"):
            remove_session("new", state_directory=tmp_path / "state", force=True)
        with closing(sqlite3.connect(new.session.directory / "state.sqlite3")) as connection:
            connection.execute("PRAGMA user_version = 4")


def test_an_older_file_is_counted_and_not_migrated(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "sessions" / "old"
    directory.mkdir(parents=True)
    script = Path(__file__).parents[1] / "data" / "state_version_3.sql"
    with closing(sqlite3.connect(directory / "state.sqlite3")) as connection:
        connection.executescript(script.read_text())
    overview = session_overview("old", tmp_path / "state")
    assert overview.error is None
    assert overview.downloads > 0
    with closing(sqlite3.connect(directory / "state.sqlite3")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)


def test_a_running_one_is_removed_only_when_agreed(tmp_path: Path, fault_server: FaultServer) -> None:
    done_url = fault_server.add("/done.bin", Resource(body(1, 3000)))
    running_url = fault_server.add("/a.bin", Resource(body(2, 400_000)), faults=[StallAfter(200_000)])
    with session_control(tmp_path, "busy") as control:
        (done,) = control.add(done_url)
        finished = control.wait_for(done, State.COMPLETED).path
        (running,) = control.add(running_url)
        part = control.wait_for_bytes(running, 1).part_path
        assert finished is not None
        assert part is not None
        overview = session_overview("busy", tmp_path / "state")
        assert (overview.downloads, overview.running, overview.worker_running) == (2, 1, True)
        assert overview.unread == control.session.count_outcomes(after=0, up_to=10**6) == 1
        control.session.acknowledge(INBOX, 10**6)
        assert session_overview("busy", tmp_path / "state").unread == 0
        with pytest.raises(SessionBusyError, match="1 download runs in session “busy”; nothing was removed"):
            remove_session("busy", state_directory=tmp_path / "state")
        assert part.exists()
        remove_session("busy", state_directory=tmp_path / "state", force=True)
        assert finished.exists(), "finished files stay"
        assert not part.exists()
        assert not control.session.directory.exists()
        assert session_overviews(tmp_path / "state") == []
        control.session.close()


def test_a_session_at_rest_is_removed_without_a_word_and_files_of_others_stay(tmp_path: Path) -> None:
    with session_control(tmp_path, "calm") as control:
        control.add(URL, paused=True)
        other = control.session.directory / "notes.txt"
        other.write_text("mine")
        remove_session("calm", state_directory=tmp_path / "state")
        assert [each.name for each in control.session.directory.iterdir()] == ["notes.txt"]
        control.session.close()


def test_what_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(NoSuchSessionError, match="no session “gone”"):
        remove_session("gone", state_directory=tmp_path / "state")
    with pytest.raises(InvalidSessionNameError):
        remove_session("../x", state_directory=tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_create_makes_a_session_without_downloads(tmp_path: Path) -> None:
    control = SessionControl(tmp_path, "fresh")
    control.session.create()
    control.session.create()
    assert session_overviews(tmp_path / "state") == [SessionOverview("fresh")]
    control.close()
