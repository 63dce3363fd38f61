"""A command line dies at its own calls: what it had said is so, and what it had not can be said again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.checks import folder_problems, state_problems
from tests.chaos.interposition import step_variables, why_not_interposable
from tests.end_to_end.home import Home
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import sha256
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import STATE_FILE

pytestmark = pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))

CONTENT = body(1, 200_000)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Yield a user's place."""
    monkeypatch.setenv("TUIDL_CONFIG", str(tmp_path / "settings.toml"))
    made = Home(tmp_path)
    try:
        yield made
    finally:
        made.close()


def _call(home: Home, *words: str, kill_at: int, only: tuple[str, ...] = ()) -> tuple[int, str]:
    """Call the program so that it dies at a call of its own, printing into a file; return code and output."""
    said, log = home.root / "said", home.root.with_name(f"{home.root.name}.steps")
    log.unlink(missing_ok=True)
    variables = {**home.command_line.variables, **step_variables(home.root, log=log, kill_at=kill_at, only=only)}
    with said.open("w") as file:
        done = subprocess.run(
            home.command_line.argv(*words),
            env=variables,
            cwd=home.root,
            stdout=file,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return done.returncode, said.read_text()


@pytest.mark.parametrize("kill_at", [9, 40, 70])
def test_an_add_that_dies_is_done_or_not(home: Home, fault_server: FaultServer, kill_at: int) -> None:
    """Its worker dies at the same call of its own, too."""
    url = fault_server.add("/a.bin", Resource(CONTENT))
    _, said = _call(home, "add", url, "-d", str(home.downloads), kill_at=kill_at)
    known = [each["id"] for each in home.command_line.downloads()]
    assert len(known) <= 1
    assert all(int(line) in known for line in said.split()), "it named a download that is not there"
    added = home.command_line.ok("add", url, "-d", str(home.downloads)).lines
    assert known in ([], [int(each) for each in added]) or home.session.snapshots()[0].state is State.COMPLETED
    home.command_line.ok("wait")
    home.wait_until_idle()
    names = {each.shown_name for each in home.session.snapshots()}
    wanted = {name: {sha256(home.downloads / name)} for name in names}
    assert folder_problems(home.downloads, wanted) == []
    assert all((home.downloads / name).read_bytes() == CONTENT for name in names)
    assert state_problems(home.session.directory / STATE_FILE) == []


def test_what_is_acknowledged_was_said(home: Home, fault_server: FaultServer) -> None:
    """`events --ack` dies at its calls: no event is lost between what it printed and what it noted."""
    (download_id,) = home.control.add(fault_server.add("/a.bin", Resource(CONTENT)))
    home.control.wait_for(download_id, State.COMPLETED)
    home.wait_until_idle()
    last = home.session.events()[-1].sequence
    words = ("events", "--client", "lines", "--ack", "--json")
    for kill_at in range(1, 12):
        code, said = _call(home, *words, kill_at=kill_at, only=("write", "fsync"))
        told = [json.loads(line)["sequence"] for line in said.split("\n")[:-1]]
        cursor = home.session.cursor("lines")
        assert cursor in (0, last)
        assert not cursor or told == list(range(1, last + 1)), f"acknowledged, but not told (call {kill_at})"
        if code == 0:
            assert cursor == last
            return
        if cursor:
            home.session.forget_cursor("lines")
    pytest.fail("it never came to its end")


@pytest.mark.parametrize("kill_at", [1, 2, 4])
def test_a_session_whose_removal_dies_is_whole_or_gone(
    home: Home, fault_server: FaultServer, kill_at: int
) -> None:
    """It dies before it deletes one file after the other."""
    (download_id,) = home.control.add(fault_server.add("/a.bin", Resource(CONTENT)))
    home.control.wait_for(download_id, State.COMPLETED)
    home.wait_until_idle()
    home.session.close()
    code, _ = _call(home, "sessions", "remove", "default", kill_at=kill_at, only=("unlink",))
    left = home.command_line.downloads()
    assert [each["state"] for each in left] in ([], ["completed"]), left
    if code:
        home.session.close()
        home.command_line("sessions", "remove", "default")
        (again,) = home.control.add(fault_server.add("/b.bin", Resource(CONTENT)))
        assert [each.id for each in home.session.snapshots()] == [again], "what was removed comes back"
