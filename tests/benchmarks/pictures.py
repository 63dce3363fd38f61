"""What pictures on the screen cost: CPU beside moving rows, the wait for a key in the grid, asking the terminal.

Owns these measures of the running screen, in a pseudo-terminal.
"""

from __future__ import annotations

import io
import os
import sys
import time

from PIL import Image

from tests.benchmarks.engine import Ground
from tests.benchmarks.start import painted
from tests.benchmarks.table import Row
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Pace
from tests.support.session_control import SessionControl, session_control
from tests.tui.screen_control import Journal

ACTIVE = 16
"""How many downloads move."""
PICTURES = 300
"""How many thumbnails there are."""

_MB = 1_000_000
_STEPS = 30
_COLUMNS = 5
_LARGE = (8660, 5774)
_WATCH_SECONDS = 15.0
_ANSWERS = b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.26.5)\x1b\\\x1b[6;18;9t\x1b[?62;c"
_COMMAND = [sys.executable, "-m", "tui_downloader"]


def pictures(ground: Ground) -> list[Row]:
    """All of it, drawn by kitty's protocol."""
    return [_moving(ground), _grid(ground), _keys(ground), *_asking(ground)]


def _moving(ground: Ground) -> Row:
    """CPU of the screen with a picture shown beside rows that move."""
    row = Row(f"screen CPU, a picture and {ACTIVE} active", "≤ 6 %", unit="%")
    settings = ground.scratch() / "settings.toml"
    settings.write_text(f"downloads_at_once = {ACTIVE}\n")
    with FaultServer() as server, session_control(ground.scratch(), "default") as control:
        _finish(control, 1)
        body = Resource(bytes(90 * _MB))
        urls = [server.add(f"/{at}.iso", body, faults=[Pace(_MB / 2)]) for at in range(ACTIVE)]
        os.environ["TUIDL_CONFIG"] = str(settings)
        control.session.add([control.request(url) for url in urls])
        with painted(b"\x1b_G", _COMMAND, {**_environment(control), "TUIDL_CONFIG": str(settings)}) as screen:
            screen.read_for(5.0)
            begun, started = screen.cpu_seconds, time.monotonic()
            screen.read_for(_WATCH_SECONDS)
            row.ours.append((screen.cpu_seconds - begun) / (time.monotonic() - started) * 100)
        control.session.stop()
        del os.environ["TUIDL_CONFIG"]
    return row


def _grid(ground: Ground) -> Row:
    """The wait from a key in the grid to the frame that follows it."""
    row = Row(f"a step in a grid of {PICTURES} thumbnails", "≤ 50 ms", unit="ms")
    with session_control(ground.scratch(), "default") as control:
        _finish(control, PICTURES)
        with painted(b".png", _COMMAND, _environment(control)) as screen:
            screen.read_for(3.0)
            screen.seconds_to_answer(b"gt", f"1 of {PICTURES}".encode())
            screen.read_for(3.0)
            for step in range(1, _STEPS + 1):
                needle = f"{1 + step * _COLUMNS} of {PICTURES}".encode()
                row.ours.append(screen.seconds_to_answer(b"j", needle) * 1000)
    return row


def _keys(ground: Ground) -> Row:
    """The wait from a key in the list to its frame, while a large picture is decoded for each of them."""
    row = Row("a key while 50 MP pictures are decoded", "≤ 50 ms", unit="ms")
    row.against = "without pictures"
    with session_control(ground.scratch(), "default") as control:
        file = io.BytesIO()
        Image.effect_noise((1000, 1000), 24).resize(_LARGE).convert("RGB").save(file, "JPEG", progressive=True)
        names = [f"large-{number}.jpg" for number in range(_STEPS // 2)]
        journal = Journal(control)
        for name, download_id in zip(names, journal.add(*names), strict=True):
            journal.finish(download_id, name, content=file.getvalue())
            journal.write(download_id, acted_number=1)
        for figures, way in ((row.ours, "kitty"), (row.figures_of("without pictures"), "off")):
            with painted(b".jpg", _COMMAND, {**_environment(control), "TUIDL_IMAGES": way}) as screen:
                screen.read_for(3.0)
                down, up = ((b"j", each) for each in reversed(names[:-1])), ((b"k", each) for each in names[1:])
                for key, name in (*down, *up):
                    figures.append(screen.seconds_to_answer(key, name.encode()) * 1000)
    return row


def _asking(ground: Ground) -> list[Row]:
    """First paint on a terminal that was never asked, and on the same one later."""
    rows = []
    for name, answers in (("answers", _ANSWERS), ("is silent", b"")):
        row = Row(f"first paint, a terminal that {name}", "")
        row.against = "asked before"
        for _ in range(5):
            with session_control(ground.scratch(), "default") as control:
                _finish(control, 1)
                for figures in (row.ours, row.figures_of("asked before")):
                    environment = {**_environment(control), "TUIDL_IMAGES": "auto"}
                    with painted(b".png", _COMMAND, environment, typed=answers) as screen:
                        figures.append(screen.seconds)
        rows.append(row)
    return rows


def _finish(control: SessionControl, count: int) -> None:
    """Finish downloads of pictures."""
    journal = Journal(control)
    for number, download_id in enumerate(journal.add(*(f"{number}.png" for number in range(count)))):
        file = io.BytesIO()
        Image.linear_gradient("L").convert("RGB").rotate(number).resize((640, 400)).save(file, "PNG")
        journal.finish(download_id, f"{number}.png", content=file.getvalue())
        journal.write(download_id, acted_number=1)


def _environment(control: SessionControl) -> dict[str, str]:
    root = str(control.root)
    return {"TUIDL_STATE_DIR": f"{root}/state", "HOME": root, "TUIDL_IMAGES": "kitty", "TMUX": "", "STY": ""}
