"""The package as a script uses it: names, delegate, waiting, and leaving at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui_downloader
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status
from tests.support.session_control import run_python, wait_until
from tui_downloader import (
    Download,
    Event,
    NoSuchDownloadError,
    Request,
    Session,
    SessionDelegate,
    State,
    TimedOutError,
    TuidlError,
)
from tui_downloader.errors import InvalidInputError
from tui_downloader.session.delegate import CompletionHandler


class Listener(SessionDelegate):
    """Writes down what ended, and what it was told of bytes."""

    def __init__(self) -> None:
        self.finished: list[Path] = []
        self.errors: list[str] = []
        self.written: list[int] = []

    def did_write_data(self, download: Download) -> None:
        self.written.append(download.bytes_received)

    def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:  # noqa: ARG002  # the protocol's
        assert download is not None
        self.finished.append(path)

    def did_complete_with_error(self, download: Download | None, event: Event) -> None:  # noqa: ARG002  # the protocol's
        self.errors.append(str(event.fields.get("reason")))


class Forgetful(Listener):
    """Never says that it handled what it heard."""

    def did_finish_events(self, identifier: str, completion_handler: CompletionHandler) -> None:  # noqa: ARG002  # the protocol's
        return


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session with a delegate; its worker has left at the end."""
    with Session("nightly", delegate=Listener(), state_directory=tmp_path / "state") as session:
        yield session
        session.stop()


def test_a_script_adds_waits_and_hears_everything_once(
    session: Session, fault_server: FaultServer, tmp_path: Path
) -> None:
    good = fault_server.add("/good.bin", Resource(body(1, 50_000)))
    bad = fault_server.add("/bad.bin", Resource(b""), faults=[Status(404)])

    session.add([Request.parse(good, tmp_path), Request.parse(bad, str(tmp_path))])
    ended = session.wait(timeout_seconds=60)

    assert [each.state for each in ended] == [State.COMPLETED, State.FAILED]
    listener = session.delegate
    assert isinstance(listener, Listener)
    session.process_events()
    assert listener.finished == [tmp_path / "good.bin"]
    assert listener.errors == ["not-found"]
    assert session.process_events() == 0
    assert [each.id for each in session.snapshots()] == [1, 2]


def test_what_was_not_acknowledged_comes_again(
    session: Session, fault_server: FaultServer, tmp_path: Path
) -> None:
    session.add([Request.parse(fault_server.add("/a.bin", Resource(b"bytes")), tmp_path)])
    session.wait(timeout_seconds=60)
    state = tmp_path / "state"
    with Session("nightly", delegate=Forgetful(), client="other", state_directory=state) as first:
        count = first.process_events()
        assert first.process_events() == count > 0
    with Session("nightly", delegate=Listener(), client="other", state_directory=state) as second:
        assert second.process_events() == count
        assert second.process_events() == 0


def test_waiting_ends_by_the_clock_and_tells_of_bytes(
    session: Session, fault_server: FaultServer, tmp_path: Path
) -> None:
    url = fault_server.add("/slow.bin", Resource(body(2, 400_000)), faults=[StallAfter(200_000)])
    session.add([Request.parse(url, tmp_path)])
    wait_until(lambda: session.download(1).bytes_received == 200_000, what="half of the file")

    with pytest.raises(TimedOutError, match="they go on"):
        session.wait([1], timeout_seconds=0.1)

    listener = session.delegate
    assert isinstance(listener, Listener)
    assert listener.written
    assert listener.written[-1] == 200_000
    fault_server.release()
    assert [each.state for each in session.wait([1], timeout_seconds=60)] == [State.COMPLETED]


def test_mistakes_are_sentences(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NoSuchDownloadError, match="no download 7"):
        session.wait([7])
    with pytest.raises(InvalidInputError, match="delegate="):
        Session("mute", state_directory=tmp_path / "state").process_events()
    for wrong in (
        {"url": "ftp://host.example/x"},
        {"directory": tmp_path / "nowhere"},
        {"filename": "a/b"},
        {"fields": ["nonsense"]},
        {"checksum": "sha-256:12"},
    ):
        with pytest.raises(TuidlError):
            Request.parse(**{"url": "https://host.example/x", "directory": tmp_path, **wrong})  # type: ignore[arg-type]  # on purpose


def test_a_script_may_exit_at_once(fault_server: FaultServer, tmp_path: Path) -> None:
    url = fault_server.add("/late.bin", Resource(body(3, 400_000)), faults=[StallAfter(200_000)])
    code = """
import sys
from tui_downloader import Request, Session
with Session(state_directory=__import__("pathlib").Path(sys.argv[2])) as session:
    print(session.add([Request.parse(sys.argv[1], sys.argv[3])])[0].download.id)
"""
    script = run_python(code, url, str(tmp_path / "state"), str(tmp_path))
    out, err = script.communicate(timeout=60)
    assert (script.returncode, out, err) == (0, b"1\n", b"")

    with Session(state_directory=tmp_path / "state") as session:
        wait_until(lambda: session.download(1).bytes_received == 200_000, what="half, without the script")
        fault_server.release()
        session.wait(timeout_seconds=60)
        session.stop()
    assert (tmp_path / "late.bin").read_bytes() == body(3, 400_000)


def test_names_come_when_they_are_asked_for() -> None:
    assert set(dir(tui_downloader)) == set(tui_downloader.__all__)
    for name in tui_downloader.__all__:
        assert getattr(tui_downloader, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        tui_downloader.nothing  # noqa: B018  # the attribute is the point


def test_types_hold_for_others(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        """from pathlib import Path

from tui_downloader import Download, Event, Request, Session, SessionDelegate


class Printer(SessionDelegate):
    def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:
        print(path)


with Session("nightly", delegate=Printer()) as session:
    added = session.add([Request.parse("https://example.com/a.iso", "/tmp")])
    names: list[str] = [each.shown_name for each in session.wait([added[0].download.id])]
    count: str = session.process_events()
"""
    )
    checker = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), script.name]
    done = subprocess.run(checker, cwd=tmp_path, capture_output=True, text=True, check=False)
    wrong, end = done.stdout.splitlines()
    assert wrong.startswith("script.py:14: error: Incompatible types in assignment"), done
    assert end == "Found 1 error in 1 file (checked 1 source file)"
