"""`python -m tests.screenshots [DIRECTORY]`: makes every picture anew, in `screenshots/` unless told otherwise.

Owns where the program runs for it: a home of its own that is deleted at the end. Must never touch the user's.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).parents[2] / "screenshots"
"""Where the pictures go if nothing else is said."""

_TERMINAL = {"COLORTERM": "truecolor", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
_REMOVED = ("COLORFGBG", "COLUMNS", "LINES", "NO_COLOR", "STY", "TMUX", "TUIDL_SESSION", "TUIDL_STATE_DIR")


def main() -> None:
    """Make all pictures; the home is set before anything asks for it."""
    target = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else TARGET
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tuidl-screenshots-") as home:
        for name in _REMOVED:
            os.environ.pop(name, None)
        places = {"HOME": home, "XDG_CACHE_HOME": f"{home}/.cache", "XDG_STATE_HOME": f"{home}/.local/state"}
        os.environ.update(_TERMINAL | places | {"TUIDL_CONFIG": f"{home}/settings.toml"})
        from tests.screenshots.album import make_all

        for path in make_all(Path(home), target):
            print(f"{path.stat().st_size / 1000:7.1f} kB  {path}")


if __name__ == "__main__":
    main()
