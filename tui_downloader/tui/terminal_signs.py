"""What the terminal shows outside its cells: its title, and the progress in the taskbar.

Owns the sequences and which terminals take them. Must never put a text from outside into one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.units import format_percent, format_rate

KEEP_TITLE = "\x1b[22;2t"
"""Puts the title on the terminal's stack."""
RESTORE_TITLE = "\x1b]2;\x1b\\\x1b[23;2t"
"""Takes it from there; where there is no stack, the title is empty then."""
NO_PROGRESS = "\x1b]9;4;0;0\x1b\\"
"""Ends the progress in the taskbar."""

_NORMAL, _ERROR, _BUSY = 1, 2, 3
_PROGRAMS = frozenset({"WezTerm", "ghostty", "iTerm.app", "mintty"})
_VARIABLES = ("WT_SESSION", "ConEmuPID", "KONSOLE_VERSION", "GHOSTTY_RESOURCES_DIR")


def shows_progress(environment: Mapping[str, str]) -> bool:
    """Tells whether the terminal is known to show progress in the taskbar (OSC 9;4); not through a multiplexer."""
    if environment.get("TMUX") or environment.get("STY"):
        return False
    known = environment.get("TERM_PROGRAM") in _PROGRAMS
    return known or any(environment.get(each) for each in _VARIABLES)


def title(snapshot: Snapshot) -> str:
    """Words the session for the title: `tuidl · 64 % · 12.3 MB/s`."""
    parts = ["tuidl"]
    fraction = overall_fraction(snapshot)
    if fraction is not None:
        parts.append(format_percent(fraction).replace("%", " %"))
    if snapshot.bytes_per_second >= 1:
        parts.append(format_rate(snapshot.bytes_per_second))
    return " · ".join(parts)


def overall_fraction(snapshot: Snapshot) -> float | None:
    """Returns how much of what moves is here; `None` if nothing moves or no length is known."""
    moving = [each for each in snapshot.rows[View.ACTIVE] if each.running and each.bytes_expected]
    expected = sum(each.bytes_expected or 0 for each in moving)
    return sum(each.bytes_received for each in moving) / expected if expected else None


def progress(snapshot: Snapshot) -> str:
    """Returns the sequence for the taskbar."""
    fraction = overall_fraction(snapshot)
    if fraction is not None:
        state = _ERROR if snapshot.trouble is not None else _NORMAL
        return f"\x1b]9;4;{state};{int(min(1.0, fraction) * 100)}\x1b\\"
    if any(each.running for each in snapshot.rows[View.ACTIVE]):
        return f"\x1b]9;4;{_BUSY};0\x1b\\"
    return NO_PROGRESS


class TerminalSigns:
    """Keeps title and taskbar as the session is; writes only what is new."""

    def __init__(self, write: Callable[[str], object], environment: Mapping[str, str]) -> None:
        """Makes the signs; nothing is written yet.

        Args:
            write: Writes to the terminal, in the order of what is drawn.
            environment: Environment variables, which tell what the terminal can.
        """
        self._write = write
        self._titles = environment.get("TERM") != "linux"
        self._progress = shows_progress(environment)
        self._title_shown = ""
        self._progress_shown = NO_PROGRESS

    def show(self, snapshot: Snapshot) -> None:
        """Shows a session."""
        words = title(snapshot)
        if self._titles and words != self._title_shown:
            self._write(("" if self._title_shown else KEEP_TITLE) + f"\x1b]2;{words}\x1b\\")
            self._title_shown = words
        sequence = progress(snapshot)
        if self._progress and sequence != self._progress_shown:
            self._write(sequence)
            self._progress_shown = sequence

    def clear(self) -> None:
        """Leaves the terminal as it was; `show` begins anew."""
        if self._title_shown:
            self._write(RESTORE_TITLE)
            self._title_shown = ""
        if self._progress_shown != NO_PROGRESS:
            self._write(NO_PROGRESS)
            self._progress_shown = NO_PROGRESS
