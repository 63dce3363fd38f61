"""The checks: pure functions of facts. Every answer that is not good says what helps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tui_downloader.doctor import places, surroundings
from tui_downloader.doctor.check import Check, Level
from tui_downloader.doctor.facts import (
    ClockFacts,
    NetworkFacts,
    PlaceFacts,
    ProxyFacts,
    SessionFacts,
    SettingsFacts,
    SurvivalFacts,
    TerminalFacts,
    VersionFacts,
)
from tui_downloader.doctor.surroundings import has_wal_bug
from tui_downloader.doctor.survival import survival
from tui_downloader.notify.desktop import Way as DesktopWay
from tui_downloader.notify.terminal import TerminalWay
from tui_downloader.preview.ways import Way as PictureWay
from tui_downloader.service.status import ServiceStatus
from tui_downloader.session.login import LoginEnd

OK, NOTE, WRONG = Level.OK, Level.NOTE, Level.WRONG
UNIT = Path("/home/ada/.config/systemd/user/tuidl@.service")
PLACE = PlaceFacts(Path("/home/ada/x"), is_there=True, is_writable=True, free_bytes=10**10)
SETTINGS = SettingsFacts(Path("/home/ada/settings.toml"), is_there=True, problem=None)
TERMINAL = TerminalFacts("xterm", True, "utf-8", True, None, PictureWay.HALF, TerminalWay.NONE)
NETWORK = NetworkFacts((), has_socks=False, certificate_places={}, authorities=140)
VERSIONS = VersionFacts("0.1", "3.11.7", (3, 51, 3), {"textual": "8.2.8"}, 1024)


def levels(checks: list[Check]) -> list[Level]:
    """Return the levels; whatever is not good must have a remedy of one line."""
    for each in checks:
        assert each.level is OK or (each.remedy and "\n" not in each.remedy), each
        assert each.sentence.isprintable()
    return [each.level for each in checks]


@pytest.mark.parametrize(
    ("login", "can_scope", "level", "words"),
    [
        (LoginEnd(True, True, False, True, False), True, WRONG, "for the last time"),
        (LoginEnd(True, True, False, True, True), True, OK, "a scope of its own"),
        (LoginEnd(True, True, False, True, True), False, WRONG, "KillUserProcesses=yes"),
        (LoginEnd(True, True, False, False, False), True, OK, "go on"),
        (LoginEnd(True, True, False, None, None), True, NOTE, "nobody here says"),
        (LoginEnd(True, False, True, None, False), True, WRONG, "lingering is off"),
        (LoginEnd(False, False, True, None, False), True, NOTE, "of the desktop"),
        (LoginEnd(False, False, True, None, True), True, OK, "go on"),
        (LoginEnd(False, False, False, None, None), False, OK, "go on"),
    ],
)
def test_logging_out(login: LoginEnd, can_scope: bool, level: Level, words: str) -> None:
    checks = survival(SurvivalFacts(login, can_scope, None))
    assert levels(checks)[1] is level
    assert words in checks[1].sentence


@pytest.mark.parametrize(
    ("service", "level", "words"),
    [
        (None, NOTE, "neither systemd nor launchd"),
        (ServiceStatus(None, enabled=False, active=False, starts_at_boot=True), NOTE, "at your next tuidl"),
        (ServiceStatus(UNIT, enabled=True, active=False, starts_at_boot=False), OK, "when you log in"),
        (ServiceStatus(UNIT, enabled=True, active=False, starts_at_boot=True), OK, "at boot"),
    ],
)
def test_a_reboot(service: ServiceStatus | None, level: Level, words: str) -> None:
    checks = survival(SurvivalFacts(LoginEnd(False, False, False, None, None), False, service))
    assert levels(checks) == [OK, OK, OK, level]
    assert words in checks[3].sentence


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [OK, OK, OK]),
        ({"is_there": False}, [OK, OK, OK]),
        ({"problem": "The directory / can be written to by others"}, [WRONG, OK, OK]),
        ({"is_writable": False}, [WRONG, OK, OK]),
        ({"file_system": "nfs4"}, [OK, WRONG, OK]),
        ({"file_system": "tmpfs"}, [OK, NOTE, OK]),
        ({"file_system": "overlay"}, [OK, OK, OK]),
        ({"free_bytes": 1000}, [OK, OK, WRONG]),
        ({"free_bytes": None}, [OK, OK, OK]),
        ({"path": Path("/x\x1b[2J")}, [OK, OK, OK]),
    ],
)
def test_the_state_directory(changes: dict[str, object], expected: list[Level]) -> None:
    assert levels(places.state_place(replace(PLACE, **changes))) == expected  # type: ignore[arg-type]  # passed on


def test_the_directory_for_downloads() -> None:
    assert levels(places.downloads_place(PLACE)) == [OK]
    for changes in ({"is_there": False}, {"is_writable": False}, {"free_bytes": 10**6}):
        assert levels(places.downloads_place(replace(PLACE, **changes))) == [WRONG]


def test_sessions() -> None:
    fine = SessionFacts("default", None)
    assert levels(places.sessions(())) == levels(places.sessions((fine,))) == [OK]
    bad = SessionFacts("a", "It is damaged.")
    held = SessionFacts("b", None, Path("/s/b/worker.lock"))
    checks = places.sessions((fine, bad, held))
    assert levels(checks) == [WRONG, WRONG]
    assert "fuser /s/b/worker.lock" in str(checks[1].remedy)
    assert levels(places.sessions((fine, SessionFacts("c", None, left=2)))) == [NOTE]
    broken = SessionFacts("d", None, left=1, log_error="2026 ERROR the worker\x1b broke")
    assert levels(places.sessions((broken, held))) == [WRONG, WRONG]


def test_settings_and_hooks() -> None:
    assert levels(places.settings(SETTINGS)) == [OK]
    assert levels(places.settings(replace(SETTINGS, problem="line 3: …"))) == [WRONG]
    hooks = {"on_completed": None, "on_failed": "“x” is not found in PATH"}
    assert levels(places.settings(replace(SETTINGS, hooks=hooks))) == [OK, OK, WRONG]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [OK]),
        ({"is_terminal": False}, [OK]),
        ({"name": "dumb"}, [NOTE]),
        ({"encoding": "ISO-8859-1"}, [OK, NOTE]),
        ({"multiplexer": "tmux"}, [OK, NOTE]),
        ({"multiplexer": "screen"}, [OK, NOTE]),
    ],
)
def test_the_terminal(changes: dict[str, object], expected: list[Level]) -> None:
    assert levels(surroundings.terminal(replace(TERMINAL, **changes))) == expected  # type: ignore[arg-type]  # passed on


@pytest.mark.parametrize(
    ("setting", "desktop", "way", "level", "words"),
    [
        ("off", DesktopWay.NOTIFY_SEND, TerminalWay.OSC_9, OK, "off in the settings"),
        ("auto", DesktopWay.NOTIFY_SEND, TerminalWay.OSC_9, OK, "notify-send) and the terminal (OSC 9)"),
        ("desktop", DesktopWay.NOTIFY_SEND, TerminalWay.OSC_9, OK, "notify-send)."),
        ("terminal", DesktopWay.NO_PROGRAM, TerminalWay.OSC_9, OK, "by the terminal"),
        ("auto", DesktopWay.NO_PROGRAM, TerminalWay.OSC_9, NOTE, "cannot be told"),
        ("auto", DesktopWay.NO_DESKTOP, TerminalWay.NONE, OK, "in the inbox"),
    ],
)
def test_notifications(setting: str, desktop: DesktopWay, way: TerminalWay, level: Level, words: str) -> None:
    checks = surroundings.notifications(replace(SETTINGS, notifications=setting), desktop, way)
    assert levels(checks) == [level]
    assert words in checks[0].sentence


def test_the_clock() -> None:
    assert levels(surroundings.clock(ClockFacts(10**9, 10**9, True))) == [OK]
    assert levels(surroundings.clock(ClockFacts(10**9, 10**9, None))) == [OK]
    assert levels(surroundings.clock(ClockFacts(10**9, 10**9, False))) == [NOTE]
    assert levels(surroundings.clock(ClockFacts(0.0, 10**9, True))) == [WRONG]


def test_the_network() -> None:
    assert levels(surroundings.network(NETWORK)) == [OK, OK]
    proxies = tuple(ProxyFacts("all_proxy", f"{each}://h", each) for each in ("http", "ftp", "socks5"))
    assert levels(surroundings.network(replace(NETWORK, proxies=proxies))) == [OK, WRONG, WRONG, OK]
    assert levels(surroundings.network(replace(NETWORK, proxies=proxies[2:], has_socks=True))) == [OK, OK]
    places_ = {"SSL_CERT_FILE": "names /x, which is no file", "SSL_CERT_DIR": None}
    assert levels(surroundings.network(replace(NETWORK, certificate_places=places_))) == [OK, WRONG]
    assert levels(surroundings.network(replace(NETWORK, authorities=0))) == [OK, WRONG]


def test_versions() -> None:
    assert levels(surroundings.versions(VERSIONS)) == [OK, OK]
    assert levels(surroundings.versions(replace(VERSIONS, sqlite=(3, 40, 1), open_files_max=64))) == [
        OK,
        NOTE,
        NOTE,
    ]


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_which_versions_of_sqlite_have_the_bug(version: tuple[int, ...], has_it: bool) -> None:
    assert has_wal_bug(version) is has_it
