"""The service with systemd: the template's file, and which sessions are enabled.

Owns what is below `~/.config/systemd/user`. Must never stop a worker: removing a service changes the next login.
"""

from __future__ import annotations

import getpass
import os
import shutil
from pathlib import Path

from tui_downloader.errors import ServiceError
from tui_downloader.service import calls
from tui_downloader.service.plan import ServicePlan
from tui_downloader.service.status import ServiceStatus
from tui_downloader.service.unit import HARDENING, unit_file, unit_name, unit_text
from tui_downloader.session.scope import has_user_manager

BOOTED = Path("/run/systemd/system")
"""Is there where systemd is the system's first process (sd_booted(3))."""


def is_there() -> bool:
    """Tells whether systemd runs this system."""
    return BOOTED.is_dir() and shutil.which("systemctl") is not None


def install(plan: ServicePlan) -> None:
    """Writes the unit and enables the session's instance for the next login.

    Raises:
        ServiceError: The user's service manager cannot be reached, or refuses.
    """
    _check_manager()
    file = _directory() / unit_file(plan)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(unit_text(plan, hardened=_can_harden()), encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        raise ServiceError(f"The unit {file} cannot be written: {error.strerror}.") from error
    calls.call(["systemctl", "--user", "daemon-reload"])
    calls.call(["systemctl", "--user", "--quiet", "enable", unit_name(plan)])


def remove(plan: ServicePlan) -> bool:
    """Disables the session's instance; the last one takes the unit with it. Tells whether there was any.

    Raises:
        ServiceError: The user's service manager cannot be reached, or refuses.
    """
    file = _directory() / unit_file(plan)
    if not file.exists():
        return False
    _check_manager()
    was_enabled = status(plan).enabled
    calls.call(["systemctl", "--user", "--quiet", "disable", unit_name(plan)])
    if not any(_directory().glob(f"*.wants/{plan.name}@*.service")):
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise ServiceError(f"The unit {file} cannot be removed: {error.strerror}.") from error
    calls.call(["systemctl", "--user", "daemon-reload"])
    return was_enabled


def status(plan: ServicePlan) -> ServiceStatus:
    """Returns how it stands; looks only."""
    file, name = _directory() / unit_file(plan), unit_name(plan)
    enabled = any(_directory().glob(f"*.wants/{name}"))
    active = file.exists() and calls.answer(["systemctl", "--user", "is-active", name])[0] == 0
    code, said = calls.answer(["loginctl", "show-user", getpass.getuser(), "--property=Linger"])
    lingers = said == "Linger=yes" if code == 0 else Path("/var/lib/systemd/linger", getpass.getuser()).exists()
    return ServiceStatus(file if file.exists() else None, enabled=enabled, active=active, starts_at_boot=lingers)


def enable_lingering() -> None:
    """Has the user's service manager start at boot and stay after the last logout.

    Raises:
        ServiceError: The system refuses.
    """
    calls.call(["loginctl", "enable-linger"])


def _check_manager() -> None:
    """Makes sure that the user's service manager can be reached."""
    if not has_user_manager(os.environ):
        raise ServiceError(
            "The service manager of this user cannot be reached from here (it needs a login, not su or sudo). "
            "Nothing was changed."
        )


def _directory() -> Path:
    """Returns where a user's units lie."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    return Path(configured or "~/.config").expanduser() / "systemd" / "user"


def _can_harden() -> bool:
    """Tries whether the manager can run anything so hardened: some kernels let users do less."""
    options = [word for each in HARDENING for word in ("-p", each)]
    return calls.answer(["systemd-run", "--user", "--wait", "--quiet", "--collect", *options, "true"])[0] == 0
