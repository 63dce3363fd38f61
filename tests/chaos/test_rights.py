"""What other users can read or change: nothing of ours, whatever the umask; and where we keep nothing at all."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.pictures import noisy_jpeg
from tests.state.files import new_state_file
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, session_control
from tui_downloader import paths
from tui_downloader.cli import crash
from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.lifecycle import State
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.thumbnails import Thumbnails
from tui_downloader.session.session import Session
from tui_downloader.tui.terminal_memory import remember

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights and owners are POSIX")

SIZE = 600_000
NOBODY = 65534
_TOUCH = """
for path; do
    [ -r "$path" ] && cat "$path" >/dev/null 2>&1 && echo "read $path"
    (: >>"$path") 2>/dev/null && echo "wrote $path"
    mv "$path" "$path.moved" 2>/dev/null && echo "moved $path"
done; :
"""


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """Yield a place that every user can enter; pytest's own is closed to all others."""
    with tempfile.TemporaryDirectory(prefix="tuidl-rights-") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@pytest.fixture(params=[0o000, 0o077], ids=["umask 000", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Yield a umask that holds for the test and all it starts."""
    old = os.umask(request.param)
    yield request.param
    os.umask(old)


def done_by_others(files: list[Path]) -> list[str]:
    """Return what another user can do: tried as one where root may become one, else read from the rights."""
    shell = shutil.which("sh")
    assert shell is not None
    if os.geteuid() == 0:
        tried = subprocess.run(
            [shell, "-c", _TOUCH, "sh", *map(str, files)],
            user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", capture_output=True, check=True,
        )  # fmt: skip
        return tried.stdout.decode().splitlines()
    return [f"rights of {each}" for each in files if each.stat().st_mode & 0o077]


def below(place: Path) -> list[Path]:
    """Return every file and directory below a place."""
    return [Path(folder, name) for folder, folders, files in os.walk(place) for name in (*folders, *files)]


def test_others_can_do_nothing_with_what_is_ours(everybodys: Path, umask: int, fault_server: FaultServer) -> None:
    state = everybodys / "new" / "state"
    thumbnail = noisy_jpeg(everybodys / "picture.jpg")
    stalled = fault_server.add("/a.bin", Resource(body(1, SIZE)), faults=[StallAfter(SIZE // 2)])
    done = fault_server.add("/b.bin", Resource(body(2, SIZE)))
    with session_control(everybodys) as control, Decoder() as decoder:
        control.session = Session("test", state_directory=state)
        running, finished = control.add(stalled, done)
        control.wait_for_bytes(running, SIZE // 2)
        path = control.wait_for(finished, State.COMPLETED).path
        Thumbnails(state / paths.THUMBNAILS).get(thumbnail, decoder, width_pixels=40, height_pixels=40)
        remember(state, "a terminal", {"answers": "much"})
        crash.report(ValueError("secret"), state_directory=state)
        part = control.row(running).part_path
        assert part is not None
        assert path is not None
        ours = [state.parent, state, *below(state), part]
        names = {each.name for each in ours}
        assert names >= {"state.sqlite3", "state.sqlite3-wal", "worker.log", "worker.lock", "tuidl.log"}
        assert any(each.suffix == ".thumbnail" for each in ours)
        assert {stat.S_IMODE(each.stat().st_mode) & 0o022 for each in ours} == {0}
        assert stat.S_IMODE(path.stat().st_mode) == 0o664 & ~umask
        control.downloads.chmod(0o755)  # the folder is the user's own affair, what lies in it is ours
        theirs = everybodys / "control.txt"
        theirs.write_text("for all")
        theirs.chmod(0o666)
        assert done_by_others(ours) == []
        assert [word for word in done_by_others([theirs]) if "wrote" in word or "rights" in word], (
            "it can find some"
        )
        assert not any(word.startswith("wrote") for word in done_by_others([path]))


@pytest.mark.parametrize(
    ("mode", "used"),
    [(0o755, True), (0o1777, True), (0o777, False), (0o757, False), (0o2775, True)],
    ids=oct,
)
def test_state_is_kept_nowhere_below_what_others_can_change(tmp_path: Path, mode: int, used: bool) -> None:
    open_one = tmp_path / "open"
    open_one.mkdir()
    open_one.chmod(mode)
    for state in (open_one, open_one / "deeper" / "state"):
        session = Session("test", state_directory=state)
        if used:
            session.create()
            session.close()
            continue
        with pytest.raises(SessionUnusableError, match="can be written to by others") as told:
            session.create()
        assert str(open_one) in str(told.value)
        assert not list(session.directory.glob("*")), "nothing was made there"


def test_a_group_of_others_counts_as_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o770)
    paths.check_private_directory(tmp_path / "state")
    monkeypatch.setattr(os, "getegid", lambda: tmp_path.stat().st_gid + 1)
    if tmp_path.stat().st_gid == 0:
        os.chown(tmp_path, -1, NOBODY)
    with pytest.raises(SessionUnusableError, match="can be written to by others"):
        paths.check_private_directory(tmp_path / "state")


def test_reading_refuses_such_a_place_too(tmp_path: Path) -> None:
    open_one = tmp_path / "open"
    new_state_file(open_one / "sessions" / "test")
    open_one.chmod(0o777)
    session = Session("test", state_directory=open_one)
    with pytest.raises(SessionUnusableError, match="can be written to by others"):
        session.snapshots()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")
def test_what_somebody_else_has_put_there_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new_state_file(tmp_path / "sessions" / "test")
    os.chown(path, NOBODY, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    os.chown(path.parent, 1234, -1)
    session = Session("test", state_directory=tmp_path)
    with pytest.raises(SessionUnusableError, match="belongs to somebody else"):
        session.snapshots()
    os.chown(path.parent, NOBODY, -1)
    with pytest.raises(SessionUnusableError, match="can be written to by others"):
        session.snapshots()


def test_a_link_planted_for_the_log_is_never_followed(tmp_path: Path, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 1000)))
    with session_control(tmp_path) as control:
        victim = tmp_path / "victim"
        victim.write_bytes(b"precious")
        control.session.directory.mkdir(parents=True, mode=0o700)
        (control.session.directory / paths.LOG_FILE).symlink_to(victim)
        control.wait_for(control.add(url)[0], State.COMPLETED)  # without a log
        assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize("content", [b"", b"precious"], ids=["empty", "precious"])
@pytest.mark.parametrize("name", [paths.STATE_FILE, paths.LOCK_FILE])
def test_a_link_planted_for_the_state_is_never_followed(tmp_path: Path, name: str, content: bytes) -> None:
    control = SessionControl(tmp_path)
    victim = tmp_path / "victim"
    victim.write_bytes(content)
    control.session.directory.mkdir(parents=True, mode=0o700)
    (control.session.directory / name).symlink_to(victim)
    with pytest.raises(SessionUnusableError):
        control.add("http://127.0.0.1:9/a.bin")
    assert victim.read_bytes() == content
    control.session.close()
