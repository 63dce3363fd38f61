"""Terminal, desktop, clock, network and versions.

Owns these checks. Must never ask anybody anything.
"""

from __future__ import annotations

from tui_downloader.doctor.check import Check, Level, note, ok, wrong
from tui_downloader.doctor.facts import ClockFacts, NetworkFacts, SettingsFacts, TerminalFacts, VersionFacts
from tui_downloader.notify.desktop import HOW_TO
from tui_downloader.notify.desktop import Way as DesktopWay
from tui_downloader.notify.terminal import TerminalWay
from tui_downloader.units import format_moment

_DAY = 86_400.0
_SCHEMES = frozenset({"http", "https", "socks5", "socks5h", "socks"})
_OPEN_FILES_MIN = 256
_WAL_BUG_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""First versions of each line without the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""


def terminal(facts: TerminalFacts) -> list[Check]:
    """Says what the terminal can."""
    name = "terminal-abilities"
    if not facts.is_terminal:
        return [ok(name, "There is no terminal here; verbs need none.")]
    if facts.name in {"dumb", "unknown", ""}:
        remedy = "TERM says what it is: export TERM=xterm-256color"
        return [note(name, "The terminal can draw no screen; verbs work.", remedy)]
    colours = "24-bit colours" if facts.has_true_colour else "256 colours or fewer"
    checks = [ok(name, f"{facts.name}: {colours}, pictures by {facts.pictures}.")]
    if facts.encoding.lower().replace("-", "") != "utf8":
        checks.append(
            note("encoding", f"What is printed is {facts.encoding}, not UTF-8.", "export LC_ALL=C.UTF-8")
        )
    if facts.multiplexer == "tmux":
        remedy = "in ~/.tmux.conf: set -g focus-events on, so that tuidl knows when you look elsewhere"
        checks.append(note("multiplexer", "In tmux pictures are symbols.", remedy))
    elif facts.multiplexer is not None:
        checks.append(note("multiplexer", f"In {facts.multiplexer} pictures are symbols.", "run it outside"))
    return checks


def notifications(settings: SettingsFacts, desktop: DesktopWay, way: TerminalWay) -> list[Check]:
    """Says who tells what has ended."""
    name, setting = "notifications", settings.notifications
    if setting == "off":
        return [ok(name, "Notifications are off in the settings.")]
    by_terminal = way is not TerminalWay.NONE and setting != "desktop"
    if desktop is DesktopWay.NO_PROGRAM and setting != "terminal":
        return [note(name, "The desktop cannot be told what has ended.", HOW_TO)]
    by_desktop = desktop is not DesktopWay.NO_DESKTOP and setting != "terminal"
    ways = [
        *([f"the desktop, if one runs ({desktop})"] if by_desktop else []),
        *([f"the terminal ({way})"] if by_terminal else []),
    ]
    if ways:
        return [ok(name, f"What has ended is told by {' and '.join(ways)}.")]
    return [ok(name, "No desktop here, and a terminal that cannot tell: what has ended is in the inbox.")]


def clock(facts: ClockFacts) -> list[Check]:
    """Says whether the clock can be right."""
    if facts.now < facts.program_at - _DAY:
        moment = format_moment(facts.program_at, now=facts.now + 400 * _DAY)
        return [
            wrong("clock", f"The clock is before {moment}, when tuidl was installed.", "timedatectl set-ntp true")
        ]
    if facts.is_synchronised is False:
        return [note("clock", "Nothing sets the clock; certificates depend on it.", "timedatectl set-ntp true")]
    return [ok("clock", "The clock is plausible.")]


def network(facts: NetworkFacts) -> list[Check]:
    """Says how the net is reached, and whom https trusts."""
    checks = []
    for each in facts.proxies:
        if each.scheme not in _SCHEMES:
            remedy = f"export {each.variable}=http://… (or https, socks5)"
            checks.append(wrong("proxy", f"{each.variable} is {each.shown}: not a proxy tuidl can use.", remedy))
        elif each.scheme.startswith("socks") and not facts.has_socks:
            checks.append(wrong("proxy", f"{each.variable} is a SOCKS proxy.", "pip install 'tuidl[socks]'"))
        else:
            checks.append(ok("proxy", f"{each.variable} is {each.shown}."))
    if not facts.proxies:
        checks.append(ok("proxy", "No proxy is set."))
    bad = {variable: problem for variable, problem in facts.certificate_places.items() if problem is not None}
    checks += [
        wrong("certificates", f"{variable} {problem}.", f"unset {variable}, or name what is there")
        for variable, problem in bad.items()
    ]
    if not bad and not facts.authorities:
        checks.append(wrong("certificates", "No authority is trusted: https fails.", "install ca-certificates"))
    elif not bad:
        checks.append(ok("certificates", f"{facts.authorities:,} certificate authorities are trusted."))
    return checks


def versions(facts: VersionFacts) -> list[Check]:
    """Says what runs here, and what is known about it."""
    packages = ", ".join(f"{name} {version}" for name, version in facts.packages.items())
    checks = [ok("versions", f"tuidl {facts.program}, Python {facts.python}, {packages}."), _sqlite(facts.sqlite)]
    if facts.open_files_max is not None and facts.open_files_max < _OPEN_FILES_MIN:
        checks.append(note("open-files", f"Only {facts.open_files_max} files may be open.", "ulimit -n 1024"))
    return checks


def has_wal_bug(version: tuple[int, ...]) -> bool:
    """Tells whether a version of SQLite has the WAL-reset bug: there since 3.7.0, mended in three lines."""
    if version < (3, 7, 0) or version >= (3, 51, 3):
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_BUG_FIXED)


def _sqlite(version: tuple[int, ...]) -> Check:
    """Says what is known of SQLite's version."""
    shown = ".".join(map(str, version))
    if has_wal_bug(version):
        return Check(
            "sqlite",
            Level.NOTE,
            f"SQLite {shown} has a bug that in very rare moments loses what was just written.",
            "a Python with SQLite 3.51.3, 3.50.7 or 3.44.6; a damaged state file is mended as far as it goes",
        )
    return ok("sqlite", f"SQLite {shown}.")
