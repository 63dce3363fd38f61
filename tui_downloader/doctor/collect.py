"""The border: everything a check needs to know, looked up once.

Owns every question to the system. Must never change anything, nor fail for what cannot be found out.
"""

from __future__ import annotations

import locale
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tui_downloader import paths, settings
from tui_downloader.doctor import collect_places
from tui_downloader.doctor.collect_network import network, versions
from tui_downloader.doctor.facts import ClockFacts, Facts, SettingsFacts, SurvivalFacts, TerminalFacts
from tui_downloader.errors import SettingsError
from tui_downloader.notify import desktop
from tui_downloader.notify.terminal import terminal_way
from tui_downloader.preview.ways import chosen, has_true_colour, told
from tui_downloader.service.calls import answer
from tui_downloader.service.manager import manager, plan_for
from tui_downloader.session.login import login_end
from tui_downloader.session.scope import has_user_manager
from tui_downloader.settings import DEFAULTS, Settings


def collect(
    identifier: str, state_directory: Path | None, environment: Mapping[str, str], *, answers: Mapping[str, str]
) -> Facts:
    """Looks everything up.

    Args:
        identifier: The session that is meant.
        state_directory: Where sessions lie; `None` is the usual place.
        environment: Environment variables.
        answers: What this terminal answered when it was asked.

    Raises:
        InvalidInputError: The session's name cannot be one, or the environment says something impossible.
    """
    paths.checked_identifier(identifier)
    state = state_directory or paths.state_directory()
    settings_facts, loaded = _settings()
    return Facts(
        identifier=identifier,
        survival=_survival(identifier, state_directory, environment),
        state=collect_places.state(state),
        downloads=collect_places.downloads(loaded),
        sessions=collect_places.sessions(state),
        settings=settings_facts,
        clock=_clock(),
        terminal=_terminal(environment, answers, loaded),
        desktop=desktop.way_of(desktop.look(environment)),
        network=network(environment),
        versions=versions(),
    )


def _survival(identifier: str, state_directory: Path | None, environment: Mapping[str, str]) -> SurvivalFacts:
    """Asks the login manager and the service manager."""
    found = manager()
    has_program = shutil.which("systemd-run", path=environment.get("PATH")) is not None
    return SurvivalFacts(
        login=login_end(environment),
        can_scope=has_program and has_user_manager(environment),
        service=found.status(plan_for(identifier, state_directory)) if found is not None else None,
    )


def _settings() -> tuple[SettingsFacts, Settings]:
    """Reads the settings; those that cannot be used are the defaults."""
    file = paths.settings_file()
    try:
        loaded = settings.load(file)
    except SettingsError as error:
        return SettingsFacts(file, is_there=True, problem=str(error)), DEFAULTS
    hooks = {
        name: _program_problem(command[0])
        for name, command in (("on_completed", loaded.on_completed), ("on_failed", loaded.on_failed))
        if command
    }
    return SettingsFacts(file, file.exists(), None, hooks, loaded.notifications), loaded


def _program_problem(program: str) -> str | None:
    """Says why a program cannot be run; `None` if it can."""
    path = Path(program).expanduser() if program.startswith("~/") else Path(program)
    if "/" not in program:
        return None if shutil.which(program) else f"“{program}” is not found in PATH"
    if not path.exists():
        return f"“{program}” is not there"
    return None if os.access(path, os.X_OK) and not path.is_dir() else f"“{program}” cannot be run (chmod +x)"


def _clock() -> ClockFacts:
    """Reads the clock, and asks who sets it."""
    code, said = answer(["timedatectl", "show", "--property=NTPSynchronized"])
    is_synchronised = said == "NTPSynchronized=yes" if code == 0 and "NTPSynchronized=" in said else None
    return ClockFacts(time.time(), Path(paths.__file__).stat().st_mtime, is_synchronised)


def _terminal(environment: Mapping[str, str], answers: Mapping[str, str], loaded: Settings) -> TerminalFacts:
    """Returns what environment and terminal said."""
    multiplexers = {"TMUX": "tmux", "STY": "screen"}
    stream = sys.stderr
    return TerminalFacts(
        name=environment.get("TERM", ""),
        is_terminal=stream is not None and stream.isatty(),
        encoding=getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(do_setlocale=False),
        has_true_colour=has_true_colour(environment),
        multiplexer=next((name for variable, name in multiplexers.items() if environment.get(variable)), None),
        pictures=chosen(None, environment, setting=loaded.images) or told(environment, answers),
        notice=terminal_way(environment),
    )
