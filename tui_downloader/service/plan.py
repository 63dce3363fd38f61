"""What is installed for a session: command line, environment, names. Pure values.

Owns what systemd's unit and launchd's agent have in common. Must never touch the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """The service of one session."""

    identifier: str
    """The session's."""
    python: str
    """The interpreter that has this package."""
    state_directory: Path
    """Where sessions lie."""
    is_usual_place: bool
    """Whether that is the place without any option; other places have services of their own."""
    settings_file: Path
    """The settings."""

    @property
    def name(self) -> str:
        """What units and agents of this state directory are called: `tuidl`, or `tuidl-3f9a71c2`."""
        if self.is_usual_place:
            return "tuidl"
        return f"tuidl-{hashlib.sha256(bytes(self.state_directory)).hexdigest()[:8]}"

    @property
    def variables(self) -> Mapping[str, str]:
        """What the worker must find in its environment: the manager knows nothing of this shell's."""
        return {"TUIDL_STATE_DIR": str(self.state_directory), "TUIDL_CONFIG": str(self.settings_file)}

    @property
    def variables_file(self) -> Path:
        """A file that the user may write with further variables: proxies, certificates."""
        return self.settings_file.parent / "service.env"

    def command(self, identifier: str) -> list[str]:
        """Returns the command line, `tuidl -s ID worker` without anything to look up.

        Args:
            identifier: The session's, or what the manager puts in its place.
        """
        return [self.python, "-P", "-m", "tui_downloader", "-s", identifier, "worker", "--if-needed"]
