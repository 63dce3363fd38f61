"""Which service manager this system has, and the one plan for both.

Owns the choice. Without any of them it says what cannot be promised.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Protocol

from tui_downloader import paths
from tui_downloader.errors import ServiceError
from tui_downloader.service.plan import ServicePlan
from tui_downloader.service.status import ServiceStatus

NO_MANAGER = (
    "This system has neither systemd nor launchd, so nothing starts tuidl after a reboot: downloads go on at your "
    "next tuidl. Whatever starts your programs can run: tuidl worker (with cron: @reboot tuidl worker)"
)
"""What cannot be promised without one."""


def plan_for(identifier: str, state_directory: Path | None) -> ServicePlan:
    """Makes the plan for a session, of what this process was told.

    Args:
        identifier: The session's name.
        state_directory: Where sessions lie; `None` is what the environment says, or the usual place.

    Raises:
        InvalidSessionNameError: It is no session name.
    """
    place = (state_directory or paths.state_directory()).absolute()
    usual = state_directory is None and not os.environ.get("TUIDL_STATE_DIR")
    return ServicePlan(
        identifier=paths.checked_identifier(identifier),
        python=sys.executable,
        state_directory=place,
        is_usual_place=usual,
        settings_file=paths.settings_file(),
    )


class Manager(Protocol):
    """What each module of a service manager can do."""

    def install(self, plan: ServicePlan) -> None:
        """Has the session's worker started from the next login on."""

    def remove(self, plan: ServicePlan) -> bool:
        """Takes that back; tells whether there was anything."""

    def status(self, plan: ServicePlan) -> ServiceStatus:
        """Returns how it stands."""

    def enable_lingering(self) -> None:
        """Has the user's services start at boot and stay after the last logout."""


def manager() -> Manager | None:
    """Returns this system's service manager; `None` if it has none that is known."""
    from tui_downloader.service import launchd, systemd

    if launchd.is_there():
        return launchd
    return systemd if systemd.is_there() else None


def needed_manager() -> Manager:
    """Returns the same.

    Raises:
        ServiceError: There is none; the sentence says what cannot be promised.
    """
    found = manager()
    if found is None:
        raise ServiceError(NO_MANAGER)
    return found
