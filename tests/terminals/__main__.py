"""`python -m tests.terminals [DIRECTORY]`: photographs the screen in kitty and in xterm with sixels.

Owns the two pictures in `screenshots/`. Must never touch the user's own state.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.support.session_control import session_control, wait_until
from tests.terminals.display import Display, display, kitty, xterm
from tests.terminals.similarity import flatness
from tests.terminals.test_terminals import FLAT, program
from tests.tui.screen_control import Journal
from tui_downloader.demo.pictures import PICTURES

TARGET = Path(__file__).parents[2] / "screenshots"
_KITTY_SIZE, _XTERM_SIZE = (1080, 612), (965, 551)


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
            "kitty": (kitty(program(control), Path(home, "socket")), _KITTY_SIZE),
            "xterm-sixel": (xterm(program(control), sixel=True), _XTERM_SIZE),
        }
        for name, (command, size) in kinds.items():
            with display() as screen, screen.running(command, environment):
                _photograph(screen, target / f"{name}.png", size)


def _photograph(screen: Display, path: Path, size: tuple[int, int]) -> None:
    """Wait until the pixels at the right are there and nothing changes, then keep what is seen."""
    width, height = size
    place = (width * 6 // 10 + 20, 80, width - 20, height // 3)
    wait_until(lambda: flatness(screen.shot().crop(place)) < FLAT, what="the picture")
    shot = screen.shot()
    while (again := screen.shot()).tobytes() != shot.tobytes():
        shot = again
        time.sleep(0.5)
    shot.crop((0, 0, width, height)).quantize(256).save(path, optimize=True)
    print(f"{path.stat().st_size / 1000:7.1f} kB  {path}")


if __name__ == "__main__":
    main()
