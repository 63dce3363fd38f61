"""Every screen in three sizes and two themes, hostile names among the rows, beside what it looked like before.

`TUIDL_DRAW=1 pytest tests/tui_snapshots` draws the files anew; look at what changed before it is kept.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.support.session_control import SessionControl, session_control
from tests.tui.screen_control import Journal, ScreenControl, open_screen
from tests.tui_snapshots.drawn import RULE, drawn
from tui_downloader.settings import Settings

FILES = Path(__file__).parents[1] / "data" / "screens"
SIZES = ((120, 34), (80, 24), (60, 16))
NOW = 1_764_000_000.0
_SETTLED_SECONDS = 0.1
_PATIENCE_SECONDS = 60.0
"""How long a busy machine may draw; a screen that looks as before is known at once."""
HOSTILE = (
    "[Uploader] Show - 01 [1080p][ABCD].mkv",
    "x[slash].zip",
    "evil\x1b[31m\x07.bin",
    "写真集-2026-秋.zip",
    "exe.\u202egpj.txt",
    "👩\u200d👩\u200d👧 family.png.part",
    "a" * 300 + ".tar.zst",
)

Steps = Callable[[ScreenControl], Awaitable[object]]


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionControl]:
    """Yield a session; nothing in these tests starts a worker."""
    monkeypatch.setenv("TUIDL_CONFIG", str(tmp_path / "settings.toml"))
    with session_control(tmp_path) as made:
        yield made


@pytest.fixture
def rows(control: SessionControl, monkeypatch: pytest.MonkeyPatch) -> SessionControl:
    """Fill a session with rows in every state that needs no worker, at a fixed time and place."""
    monkeypatch.setattr(time, "time", lambda: NOW)
    usage = shutil.disk_usage(control.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=214_000_000_000))
    monkeypatch.setenv("HOME", str(control.root))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    journal = Journal(control)
    ids = journal.add(
        *(f"{number}.bin" for number in range(len(HOSTILE))), "talk.mkv", "survey.tar", "old.img", "a.iso"
    )
    for download_id, name in zip(ids, HOSTILE, strict=False):
        journal.write(
            download_id, filename=name.replace("slash", "/"), bytes_received=97_000_000, bytes_expected=310_000_000
        )
    talk, survey, old, finished = ids[-4:]
    journal.write(
        talk,
        state="failed",
        reason="link-expired",
        http_status=403,
        bytes_received=1_100_000_000,
        bytes_expected=1_900_000_000,
        filename="talk-recording.mkv",
        finished_at=NOW - 1000,
    )
    journal.write(
        survey, state="waiting", reason="offline", waiting_since=NOW - 2400, filename="survey-2026-raw.tar.zst"
    )
    journal.write(old, state="cancelled", finished_at=NOW - 90_000)
    journal.finish(finished, "debian-13.2.0-netinst.iso", content=b"x" * 4_600_000)
    return control


async def _keys(screen: ScreenControl, *keys: str) -> None:
    await screen.press(*keys)


SCREENS: dict[str, Steps] = {
    "main": lambda screen: _keys(screen, "escape", "g"),
    "failed": lambda screen: _keys(screen, "escape", "g", "j", "j", "j"),
    "detail": lambda screen: _keys(screen, "escape", "g", "enter"),
    "add": lambda screen: _keys(screen, "escape", "a"),
    "inbox": lambda screen: _keys(screen, "escape", "i"),
    "help": lambda screen: _keys(screen, "escape", "question_mark"),
    "question": lambda screen: _keys(screen, "escape", "g", "D"),
    "sessions": lambda screen: _keys(screen, "escape", "s"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_looks_as_before(rows: SessionControl, name: str, size: tuple[int, int]) -> None:
    path = FILES / f"{name}-{size[0]}x{size[1]}.txt"
    before = path.read_text() if path.exists() else ""

    async def look() -> str:
        async with open_screen(rows, size=size) as screen:
            await screen.until(lambda: screen.banner and screen.main.query("DetailPane"), what="the visit's begin")
            await SCREENS[name](screen)
            patient_until = time.monotonic() + _PATIENCE_SECONDS
            while not looks_alike(now := await in_both_themes(screen), before):
                if time.monotonic() > patient_until:
                    break
            return now

    now = asyncio.run(look())
    if os.environ.get("TUIDL_DRAW") == "1":
        path.write_text(now)
        return
    assert now.partition(RULE)[0] == before.partition(RULE)[0], f"{path.name} has another text than before"
    assert looks_alike(now, before), f"{path.name} has other colours than before:\n{now}"


def looks_alike(now: str, before: str) -> bool:
    """Tell whether two drawings have the same text and the same roles."""
    return now.partition(RULE)[0] == before.partition(RULE)[0] and agree(now, before)


def agree(one: str, other: str) -> bool:
    """Tell whether two drawings have the same roles; a mixed colour (a blinking cursor, a dimmed cell) is any."""
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    cells = (cell for pair in pairs for cell in zip_longest(*pair, fillvalue=" "))
    return all(a == b or "?" in (a, b) for a, b in cells)


async def in_both_themes(screen: ScreenControl) -> str:
    """Return what both themes show; what differs is mixed: a role that one has only (what a dialog dims)."""
    shown = []
    for theme in ("light", "dark"):
        screen.app.apply_settings(Settings(theme=theme))
        shown.append((await settled(screen)).splitlines())
    lines = zip(*shown, strict=True)
    both = ("".join(a if a == b else "?" for a, b in zip_longest(*line, fillvalue=" ")) for line in lines)
    return "\n".join(line.rstrip() for line in both) + "\n"


async def settled(screen: ScreenControl) -> str:
    """Return the screen once it stays as it is."""
    before = ""
    while before != (before := drawn(screen.app)):
        await screen.pilot.pause(_SETTLED_SECONDS)
    return before
