"""Notifications on the desktop: which way there is here, and the command or call for it.

Owns the ways: `osascript` on macOS; elsewhere, where there is a session bus, `notify-send`, else the package of
the extra `notify`. Must never wait long for a desktop, nor hand it a text as markup, option or script.
"""

from __future__ import annotations

import html
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ANSWER_SECONDS = 5.0
"""How long a desktop may take."""

HOW_TO = "install notify-send (package libnotify-bin or libnotify), or pip install 'tuidl[notify]'"
"""What gives a desktop on Linux its notifications."""

_APPLICATION = "tuidl"
_SCRIPT = (
    "on run argv",
    'display notification (item 2 of argv) with title "tuidl" subtitle (item 1 of argv)',
    "end run",
)


class Way(StrEnum):
    """How notifications are shown."""

    OSASCRIPT = "osascript"
    NOTIFY_SEND = "notify-send"
    BUS = "notify"
    """By the package of the extra."""
    NO_PROGRAM = "no-program"
    """There is a desktop, but nothing to reach it with."""
    NO_DESKTOP = "no-desktop"


@dataclass(frozen=True, slots=True)
class DesktopFacts:
    """What there is here."""

    is_mac: bool
    """Whether this is macOS."""
    has_bus: bool
    """Whether there is a session bus."""
    programs: frozenset[str]
    """Which of the programs there are."""
    has_package: bool
    """Whether the extra is installed."""


def way_of(facts: DesktopFacts) -> Way:
    """Chooses the way."""
    if facts.is_mac:
        return Way.OSASCRIPT if "osascript" in facts.programs else Way.NO_PROGRAM
    if not facts.has_bus:
        return Way.NO_DESKTOP
    if "notify-send" in facts.programs:
        return Way.NOTIFY_SEND
    return Way.BUS if facts.has_package else Way.NO_PROGRAM


def look(environment: Mapping[str, str]) -> DesktopFacts:
    """Looks what there is here."""
    programs = ("osascript", "notify-send")
    runtime = environment.get("XDG_RUNTIME_DIR")
    return DesktopFacts(
        is_mac=sys.platform == "darwin",
        has_bus=bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))
        or (bool(runtime) and Path(str(runtime), "bus").exists()),
        programs=frozenset(each for each in programs if shutil.which(each, path=environment.get("PATH"))),
        has_package=importlib.util.find_spec("jeepney") is not None,
    )


def command(way: Way, sentences: Sequence[str]) -> list[str]:
    """Returns the command line that shows a notification.

    Args:
        way: A way that is a program.
        sentences: The first is the headline; safe to print.
    """
    head, body = sentences[0], "\n".join(sentences[1:])
    if way is Way.OSASCRIPT:
        return ["osascript", *(word for line in _SCRIPT for word in ("-e", line)), head, body or " "]
    shown = html.escape(body, quote=False).replace("\\", "\\\\")  # it reads markup and escapes in the body
    return ["notify-send", f"--app-name={_APPLICATION}", "--category=transfer", "--", head, shown]


def show(way: Way, sentences: Sequence[str]) -> str | None:
    """Shows a notification; blocks for a moment.

    Args:
        way: A way that shows something.
        sentences: The first is the headline; safe to print.

    Returns:
        Why it could not be shown, a clause; `None` if it was.
    """
    if way is Way.BUS:
        from tui_downloader.notify.desktop_bus import show_by_bus  # late: few need it

        return show_by_bus(sentences, application=_APPLICATION, seconds=ANSWER_SECONDS)
    try:
        done = subprocess.run(
            command(way, sentences),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=ANSWER_SECONDS,
            check=False,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return f"{way} did not answer"
    except OSError as error:
        return f"{way} cannot be run: {error.strerror or error}"
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return None if done.returncode == 0 else f"{way} said: {said[-1] if said else f'code {done.returncode}'}"
