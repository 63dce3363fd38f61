"""`python -m tests.terminals [DIRECTORY]`: photographs the screen in kitty and in xterm with sixels.

Owns the two pictures in `screenshots/`. Must never touch the user's own state.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests.support.session_control import session_control, wait_until
from tests.terminals.display import Display, display, kitty, xterm
from tests.terminals.similarity import flatness
from tests.terminals.test_terminals import FLAT, program
from tests.tui.screen_control import Journal
from tui_downloader.demo.pictures import PICTURES

TARGET = Path(__file__).parents[2] / "screenshots"


def main() -> None:
    """Make both pictures."""
    target = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else TARGET
    with tempfile.TemporaryDirectory(prefix="tuidl-terminals-") as home, session_control(Path(home)) as control:
        journal = Journal(control)
        for name in reversed(list(PICTURES)):
            (download_id,) = journal.add(name)
            journal.finish(download_id, name, content=PICTURES[name].draw())
            journal.write(download_id, acted_number=1)
        environment = {"HOME": home, "TUIDL_CONFIG": f"{home}/none.toml"}
        kinds = {
            "kitty": kitty(program(control), Path(home, "socket")),
            "xterm-sixel": xterm(program(control), sixel=True),
        }
        for name, command in kinds.items():
            with display() as screen, screen.running(command, environment):
                _photograph(screen, target / f"{name}.png")


def _photograph(screen: Display, path: Path) -> None:
    """Wait until the pixels at the right are there and nothing changes, then keep what is seen."""
    wait_until(lambda: _has_picture(screen.shot()), what="the picture")
    shot = screen.shot()
    while (again := screen.shot()).tobytes() != shot.tobytes():
        shot = again
        time.sleep(0.5)
    _window(shot).quantize(256, kmeans=2).save(path, optimize=True)
    print(f"{path.stat().st_size / 1000:7.1f} kB  {path}")


def _window(shot: Image.Image) -> Image.Image:
    """Return the terminal's window alone: around it everything is black."""
    return shot.crop((0, 0, *(shot.getbbox() or (0, 0, 1, 1))[2:]))


def _has_picture(shot: Image.Image) -> bool:
    """Tell whether there are pixels at the upper right."""
    window = _window(shot)
    width, height = window.size
    is_open = width > 600 and height > 400
    return is_open and flatness(window.crop((width * 6 // 10 + 20, 80, width - 20, height // 3))) < FLAT


if __name__ == "__main__":
    main()
