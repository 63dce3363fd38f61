"""Opening and leaving the screen, in a fresh process without a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal
from tui_downloader.errors import InvalidSessionNameError, NewerStateFileError
from tui_downloader.settings import Settings
from tui_downloader.tui import run_screen
from tui_downloader.tui.screen_settings import default_directory

PROGRAM = """
import json, os, sys
from pathlib import Path
from tui_downloader.tui import run_screen
before = sorted(name for name in sys.modules if name.partition(".")[0] in ("textual", "rich"))
farewell = run_screen(sys.argv[1], Path(sys.argv[2]))
print(json.dumps([farewell, os.environ.get("TEXTUAL_COLOR_SYSTEM"), before, sorted(sys.modules)]), flush=True)
"""


def leave_at_once(
    control: SessionControl, **environment: str
) -> tuple[str | None, str | None, list[str], list[str]]:
    """Open the screen, press q, return the farewell, the colours, and what was loaded before and after."""
    own = {
        "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
        "TEXTUAL_PRESS": "q",
        **environment,
    }
    command = [sys.executable, "-P", "-c", PROGRAM, control.session.identifier, str(control.root / "state")]
    done = subprocess.run(
        command,
        env=os.environ | own,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer: tuple[str | None, str | None, list[str], list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_leaving_says_what_goes_on(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.write(download_id, state="waiting", reason="offline")
    with control.database() as database:
        database.execute("UPDATE downloads SET intent = 'run', acted_number = intent_number")
        database.execute("UPDATE control SET held = 1")
        database.commit()
    farewell, *_ = leave_at_once(control)
    command = f"tuidl -s test --state-dir {control.root / 'state'}"
    assert farewell == (
        "1 download goes on in the background. "
        f"Come back: {command} · wait: {command} wait · pause: {command} pause --all"
    )


def test_leaving_an_idle_session_says_nothing(control: SessionControl) -> None:
    farewell, colors, before, after = leave_at_once(control)
    assert farewell is None
    assert colors is None
    assert before == [], "the terminal's colours are decided before Textual is loaded"
    loaded = {name.partition(".")[0] for name in after}
    assert not loaded & {"httpx", "httpcore", "PIL", "markdown_it"}
    assert "textual.widgets._text_area" not in after, "it costs a tenth of the first paint"
    assert not control.session.exists()


def test_gnu_screen_gets_256_colours(control: SessionControl) -> None:
    _, colors, *_ = leave_at_once(control, STY="1234.pts-0.host")
    assert colors == "256"


def test_a_session_that_cannot_be_used_raises_before_anything_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(InvalidSessionNameError):
        run_screen("../x", tmp_path)
    with contextlib.closing(sqlite3.connect(new_state_file(tmp_path / "sessions" / "test"))) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerStateFileError):
        run_screen("test", tmp_path)


def test_where_the_screen_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_directory(Settings(directory=str(tmp_path))) == tmp_path
    monkeypatch.chdir(tmp_path)
    assert default_directory(Settings()) == tmp_path, "without a downloads folder the current directory"
