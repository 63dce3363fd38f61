"""What all transfers of one worker share.

Owns nothing itself: it is the list of what a transfer is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tui_downloader.engine import rights
from tui_downloader.engine.directory_sync import DirectorySync
from tui_downloader.engine.disk_space import DiskSpace
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.throttle import Throttle
from tui_downloader.engine.transport import Transports
from tui_downloader.settings import Settings


@dataclass(frozen=True, slots=True)
class Shared:
    """Parts that are made once."""

    transports: Transports
    """Pools of connections."""
    origins: Origins
    """What is known of servers, and how many connections they have."""
    throttle: Throttle
    """The speed limit of all downloads together."""
    settings: Settings
    """Every limit."""
    space: DiskSpace = field(default_factory=DiskSpace)
    """Room on disks, promised to running downloads."""
    directories: DirectorySync = field(default_factory=DirectorySync)
    """Makes new names safe."""
    finished_mode: int = field(default_factory=rights.finished_mode)
    """Rights of finished files."""
