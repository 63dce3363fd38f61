"""The service with launchd, on macOS: one agent a session, loaded at login.

Owns its file below `~/Library/LaunchAgents`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tui_downloader.errors import ServiceError
from tui_downloader.service import calls
from tui_downloader.service.agent import agent_label, agent_text
from tui_downloader.service.plan import ServicePlan
from tui_downloader.service.status import ServiceStatus


def is_there() -> bool:
    """Tells whether launchd runs this system."""
    return sys.platform == "darwin"


def install(plan: ServicePlan) -> None:
    """Writes the agent and loads it.

    Raises:
        ServiceError: It cannot be written, or launchd refuses.
    """
    file = _file(plan)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(agent_text(plan, home=Path.home()))
    except OSError as error:
        raise ServiceError(f"The agent {file} cannot be written: {error.strerror}.") from error
    calls.answer(["launchctl", "bootout", f"{_domain()}/{agent_label(plan)}"])  # an older one, if there is any
    calls.call(["launchctl", "bootstrap", _domain(), str(file)])


def remove(plan: ServicePlan) -> bool:
    """Unloads the agent and deletes it; tells whether there was one.

    Raises:
        ServiceError: It cannot be deleted.
    """
    file = _file(plan)
    if not file.exists():
        return False
    calls.answer(["launchctl", "bootout", f"{_domain()}/{agent_label(plan)}"])
    try:
        file.unlink()
    except OSError as error:
        raise ServiceError(f"The agent {file} cannot be removed: {error.strerror}.") from error
    return True


def status(plan: ServicePlan) -> ServiceStatus:
    """Returns how it stands; looks only. An agent starts at login, never at boot."""
    file = _file(plan)
    loaded = calls.answer(["launchctl", "print", f"{_domain()}/{agent_label(plan)}"])[0] == 0
    return ServiceStatus(
        file if file.exists() else None, enabled=file.exists(), active=loaded, starts_at_boot=False
    )


def enable_lingering() -> None:
    """Cannot be had here.

    Raises:
        ServiceError: Always.
    """
    raise ServiceError("macOS starts a user's agents at login, not at boot; downloads go on when you log in.")


def _file(plan: ServicePlan) -> Path:
    """Returns where the agent lies."""
    return Path.home() / "Library" / "LaunchAgents" / f"{agent_label(plan)}.plist"


def _domain() -> str:
    """Returns the user's domain."""
    return f"gui/{os.getuid()}"
