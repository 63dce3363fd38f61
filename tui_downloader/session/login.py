"""What happens to the worker when the login ends that it was started from.

Owns the knowledge about systemd-logind (logind.conf(5): `KillUserProcesses`; loginctl(1): lingering). Must never
wait for an answer longer than a moment, nor take silence for bad news.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ANSWER_SECONDS = 0.5
"""How long a question to the login manager may take."""

_PROC = Path("/proc")
_LOGIN_SCOPE = re.compile(r"/session-[^/]+\.scope(/|$)", re.MULTILINE)
_USER_MANAGER = re.compile(r"/user@\d+\.service(/|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoginEnd:
    """What ends with a login."""

    over_ssh: bool
    """Whether this login came over SSH."""
    in_login_scope: bool
    """Whether processes started here belong to the login itself."""
    in_user_manager: bool
    """Whether they belong to the user's service manager, which ends with the last login without lingering."""
    kills: bool | None
    """Whether what belongs to a login is killed at its end; `None` if nobody said."""
    lingers: bool | None
    """Whether the user's service manager stays after the last login; `None` if nobody said."""

    @property
    def stops_worker(self) -> bool:
        """Whether a worker that was started here is ended at logout."""
        if self.in_login_scope:
            return self.kills is True
        return self.in_user_manager and self.lingers is False


def login_end(environment: Mapping[str, str], *, pid: int | None = None) -> LoginEnd:
    """Finds out what ends with this login.

    Args:
        environment: The process's; `SSH_CONNECTION` tells a login over SSH, `PATH` where loginctl is.
        pid: The process it is about: a worker may have a scope of its own; `None` is this one.
    """
    cgroup = _cgroup(pid)
    user = getpass.getuser()
    loginctl = shutil.which("loginctl", path=environment.get("PATH"))
    manager = _properties(loginctl, "KillUserProcesses", "KillOnlyUsers", "KillExcludeUsers")
    lingers = _properties(loginctl, "Linger", user=user).get("Linger")
    return LoginEnd(
        over_ssh=bool(environment.get("SSH_CONNECTION")),
        in_login_scope=_LOGIN_SCOPE.search(cgroup) is not None,
        in_user_manager=_USER_MANAGER.search(cgroup) is not None,
        kills=kills_processes(manager, user=user),
        lingers=None if lingers is None else lingers == "yes",
    )


def stops_at_logout(environment: Mapping[str, str], *, pid: int | None = None) -> bool:
    """Tells whether downloads stop when the user logs out here; asked over SSH only: there people log out.

    Args:
        environment: The process's.
        pid: The worker's; `None` if there is none.
    """
    return bool(environment.get("SSH_CONNECTION")) and login_end(environment, pid=pid).stops_worker


def is_in_login_scope() -> bool:
    """Tells whether processes started here belong to the login itself; asks nobody."""
    return _LOGIN_SCOPE.search(_cgroup(None)) is not None


def kills_processes(manager: Mapping[str, str], *, user: str) -> bool | None:
    """Tells whether the login manager kills what a user's login leaves behind; `None` if nobody said.

    Args:
        manager: Its properties.
        user: The user's name.
    """
    kills = manager.get("KillUserProcesses")
    if kills is None:
        return None
    only = manager.get("KillOnlyUsers", "").split()
    return (
        kills == "yes" and user not in manager.get("KillExcludeUsers", "").split() and (not only or user in only)
    )


def _cgroup(pid: int | None) -> str:
    """Returns to what the system counts a process (`None`: this one); empty where that is not known."""
    try:
        return (_PROC / str(pid or "self") / "cgroup").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _properties(loginctl: str | None, *names: str, user: str | None = None) -> dict[str, str]:
    """Asks the login manager; empty if there is none, or it does not answer in a moment."""
    if loginctl is None:
        return {}
    import subprocess  # late: only leaving over SSH needs it

    command = [loginctl, "show-user", *([user] if user else []), *(f"--property={each}" for each in names)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {name: value.strip() for name, sign, value in pairs if sign}
