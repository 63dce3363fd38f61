"""Notifications on the desktop: which way, in which words, one for each burst, and by whom."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Status
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.ending_words import burst_words
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.notify.desktop import DesktopFacts, Way, command, look, show, way_of
from tui_downloader.paths import SCREEN_LOCK_FILE
from tui_downloader.state.attendance import Attendance, is_attended
from tui_downloader.worker.notices import is_over


def ended(kind: EventKind, **fields: str | int) -> Event:
    """Make an event."""
    return Event(1, 1, kind, 0.0, fields)


FINISHED = ended(EventKind.FINISHED, filename="a.iso", bytes=4_600_000)
FAILED = ended(EventKind.FAILED, filename="talk.mkv", reason="link-expired")


def test_a_burst_is_two_sentences_at_most() -> None:
    assert burst_words([FINISHED]) == ("Finished: a.iso, 4.6 MB",)
    assert burst_words([FINISHED, FAILED, FINISHED]) == (
        "Finished: 2 files, 9.2 MB",
        "Failed: talk.mkv, link expired",
    )
    assert burst_words([FAILED] * 3) == ("Failed: 3 files",)
    assert burst_words([ended(EventKind.FAILED, reason="of-the-future")]) == ("Failed: a download",)
    assert burst_words([ended(EventKind.FINISHED, filename="a\x1b]9;x\x07", bytes=1)]) == (
        "Finished: a\ufffd]9;x\ufffd, 1 B",
    )


def test_a_burst_is_over_when_it_is_quiet_or_long() -> None:
    assert not is_over(began_at=0.0, last_at=0.0, now=1.9)
    assert is_over(began_at=0.0, last_at=0.0, now=2.0)
    assert not is_over(began_at=0.0, last_at=29.0, now=29.9)
    assert is_over(began_at=0.0, last_at=29.9, now=30.0)


@pytest.mark.parametrize(
    ("is_mac", "has_bus", "programs", "has_package", "way"),
    [
        (True, False, {"osascript"}, False, Way.OSASCRIPT),
        (True, False, set(), False, Way.NO_PROGRAM),
        (False, False, {"notify-send"}, True, Way.NO_DESKTOP),
        (False, True, {"notify-send"}, True, Way.NOTIFY_SEND),
        (False, True, set(), True, Way.BUS),
        (False, True, set(), False, Way.NO_PROGRAM),
    ],
)
def test_the_way(is_mac: bool, has_bus: bool, programs: set[str], has_package: bool, way: Way) -> None:
    assert way_of(DesktopFacts(is_mac, has_bus, frozenset(programs), has_package)) is way


def test_no_text_is_an_option_markup_or_a_script() -> None:
    line = command(Way.NOTIFY_SEND, ["--help", "<b>a</b> & b\\n"])
    assert line[-3:] == ["--", "--help", "&lt;b&gt;a&lt;/b&gt; &amp; b\\\\n"]
    hostile = '" & (do shell script "id") & "'
    said = command(Way.OSASCRIPT, [hostile])
    assert said[-2:] == [hostile, " "]
    assert not any(hostile in each for each in said[:-2])


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a session bus by name, and a `notify-send` that writes down what it is told; return where."""
    told = tmp_path / "told"
    program = tmp_path / "bin" / "notify-send"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nfor each; do echo "$each"; done >> {told}; echo . >> {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    return told


def test_a_burst_is_one_notification(
    desktop: Path, control: SessionControl, write_settings: Path, fault_server: FaultServer
) -> None:
    urls = [fault_server.add(f"/{each}.iso", Resource(body(each, 1000))) for each in range(3)]
    control.add(*urls, fault_server.add("/gone.iso", Resource(b""), faults=[Status(404)]))
    wait_until(desktop.exists, what="the notification")
    wait_until(lambda: not control.session.worker_status().running, what="the worker's leave")
    lines = desktop.read_text().splitlines()
    assert lines[-4:] == ["Finished: 3 files, 3.0 kB", "Failed: gone.iso, not found", "Session: test", "."]
    assert lines.count(".") == 1


@pytest.mark.parametrize("reason", ["a screen tells", "off"])
def test_nothing_is_told_twice_or_unasked(
    reason: str, desktop: Path, control: SessionControl, write_settings: Path, fault_server: FaultServer
) -> None:
    control.session.create()
    screen = Attendance(control.session.directory / SCREEN_LOCK_FILE)
    if reason == "off":
        write_settings.write_text('worker_idle_seconds = 0.2\nnotifications = "off"\n')
    else:
        screen.attend(attending=True)
    (done,) = control.add(fault_server.add("/a.iso", Resource(body(1, 1000))))
    control.wait_for(done, State.COMPLETED)
    wait_until(lambda: not control.session.worker_status().running, what="the worker's leave")
    screen.attend(attending=False)
    assert not desktop.exists()


def test_a_screen_that_is_gone_attends_no_more(tmp_path: Path) -> None:
    lock = tmp_path / "screen.lock"
    assert not is_attended(lock)
    first, second = Attendance(lock), Attendance(lock)
    first.attend(attending=True)
    second.attend(attending=True)
    first.attend(attending=False)
    assert is_attended(lock)
    second.attend(attending=False)
    assert not is_attended(lock)
    assert lock.stat().st_mode & 0o777 == 0o600
    nowhere = Attendance(tmp_path / "none" / "screen.lock")
    nowhere.attend(attending=True)
    nowhere.attend(attending=False)


# ----------------------------------------------------------------------------------------- a real session bus

DESKTOP = """
import sys
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
with open_dbus_connection() as connection:
    connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))
    print("ready", flush=True)
    while True:
        call = connection.receive()
        if call.header.message_type is not MessageType.method_call:
            continue
        member = call.header.fields[HeaderFields.member]
        if member == "Notify":
            print(repr(call.body[:1] + call.body[3:5]), flush=True)
            connection.send(new_method_return(call, "u", (1,)))
        elif member == "GetServerInformation":
            connection.send(new_method_return(call, "ssss", ("test", "test", "1", "1.2")))
        else:
            connection.send(new_method_return(call, "as", (["body", "body-markup"],)))
"""


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a session bus of the test's own."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    command = ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={tmp_path}/bus", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        try:
            assert daemon.stdout is not None
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
            yield
        finally:
            daemon.kill()


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("way", [Way.BUS, Way.NOTIFY_SEND])
def test_a_desktop_on_a_real_bus_is_told(way: Way) -> None:
    if way is Way.NOTIFY_SEND and not shutil.which("notify-send"):
        pytest.skip("notify-send is not installed")
    with subprocess.Popen([sys.executable, "-c", DESKTOP], stdout=subprocess.PIPE, text=True) as desktop:
        try:
            assert desktop.stdout is not None
            assert desktop.stdout.readline() == "ready\n"
            assert show(way, ["Finished: a.iso, 4.6 MB", "Failed: <b>.mkv\\n"]) is None
            told = desktop.stdout.readline().strip()
        finally:
            desktop.kill()
    assert told == repr(("tuidl", "Finished: a.iso, 4.6 MB", "Failed: &lt;b&gt;.mkv\\n"))


@pytest.mark.usefixtures("bus")
def test_a_bus_without_a_desktop_is_one_clause() -> None:
    said = show(Way.BUS, ["Finished: a.iso, 4.6 MB"])
    assert said is not None
    assert said.startswith("the desktop said: org.freedesktop.DBus.Error.")


def test_no_bus_at_all_is_one_clause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none"}
    assert look(environment).has_bus
    assert not look({"XDG_RUNTIME_DIR": str(tmp_path)}).has_bus
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
    assert "the session bus cannot be used" in str(show(Way.BUS, ["Finished: a.iso, 4.6 MB"]))
