"""Where a worker is started so that it outlives the login: in a scope of the user's service manager.

Owns the command for it (systemd-run(1)). Where logind ends what a login leaves behind (`KillUserProcesses`), a
detached process is not enough. Must never keep a worker from starting: without a way it starts as it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tui_downloader.session.login import is_in_login_scope, login_end


def has_user_manager(environment: Mapping[str, str]) -> bool:
    """Tells whether the user's service manager can be reached."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    return bool(runtime) and Path(str(runtime), "systemd", "private").exists()


def scope_command(environment: Mapping[str, str], *, description: str) -> list[str]:
    """Returns what a command line begins with so that its process is not ended with the login.

    The program replaces itself with the command, so process id, open files and everything else stay.

    Args:
        environment: The process's.
        description: What the manager shows.

    Returns:
        The words; empty where it is not needed or cannot be had.
    """
    if not is_in_login_scope():
        return []
    program = shutil.which("systemd-run", path=environment.get("PATH"))
    if program is None or not has_user_manager(environment) or login_end(environment).kills is not True:
        return []
    return [program, "--user", "--scope", "--quiet", "--collect", f"--description={description}", "--"]


def own_scope_command(identifier: str) -> list[str]:
    """Returns the same for the worker of a session and this process's environment."""
    return scope_command(os.environ, description=f"tuidl worker of session {identifier}")
