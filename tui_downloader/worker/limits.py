"""What limits all downloads, as it holds now: the settings file and the session's own speed limit.

Owns which of the two speed limits counts, and the look whether the settings file changed. A file that cannot be
used changes nothing. Must never write the file.
"""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

from tui_downloader import settings, units
from tui_downloader.engine.throttle import Throttle
from tui_downloader.errors import SettingsError
from tui_downloader.settings import Settings
from tui_downloader.worker.log import logger

_Mark = tuple[int, int, int]
_MISSING = (0, 0, 0)


class Limits:
    """The settings and the limit of all downloads together."""

    def __init__(self, chosen: Settings, settings_file: Path) -> None:
        """Begins with settings as read; what changed in the file since then is found by the first look.

        Args:
            chosen: The settings.
            settings_file: Where they came from; it need not exist.
        """
        self.settings = chosen
        """What holds now."""
        self.throttle = Throttle(chosen.bytes_per_second_max or None)
        """The speed limit of all downloads together."""
        self._file = settings_file
        self._asked: int | None = None
        self._seen: _Mark | None = None

    def ask(self, bytes_per_second: int | None) -> None:
        """Takes in the session's own limit: `None` leaves it to the settings, 0 is none."""
        if bytes_per_second != self._asked:
            self._asked = bytes_per_second
            self._apply()

    def look(self) -> bool:
        """Looks whether the settings file changed; takes microseconds if not.

        Returns:
            Whether other settings hold now.
        """
        mark = _mark(self._file)
        if mark is None or mark == self._seen:
            return False
        self._seen = mark
        try:
            chosen = settings.load(self._file)
        except SettingsError as error:
            logger.warning("the settings stay as they are: %s", error)
            return False
        changes = _changes(self.settings, chosen)
        if not changes:
            return False
        self.settings = chosen
        logger.info("settings changed: %s", ", ".join(changes))
        self._apply()
        return True

    def _apply(self) -> None:
        """Makes the throttle what holds now."""
        rate = (self.settings.bytes_per_second_max if self._asked is None else self._asked) or None
        if self.throttle.set_rate(rate):
            logger.info("limit of all downloads: %s", "none" if rate is None else units.format_rate(rate))


def _mark(path: Path) -> _Mark | None:
    """Returns what tells one form of a file from the next; `None` if it is no file: reading might never end."""
    try:
        status = path.stat()
    except OSError:
        return _MISSING
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _changes(old: Settings, new: Settings) -> list[str]:
    """Words what differs, setting by setting; a command by its name only: arguments may hold a secret."""
    before, after = dataclasses.asdict(old), dataclasses.asdict(new)
    return [
        name if isinstance(after[name], tuple) else f"{name} = {after[name]!r} (was {before[name]!r})"
        for name in after
        if after[name] != before[name]
    ]
