"""Hostile text from everywhere at once: nothing reaches a terminal, a pipe or the log as it is, nothing acts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.chaos.calls import call_all
from tests.chaos.hostile_server import broken, endless, whole
from tests.chaos.hostile_text import EVERYTHING, IN_A_FIELD, MARKUP, PAYLOADS, hits
from tests.end_to_end.home import Home
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer
from tui_downloader.model.lifecycle import State

FIRST_ROW = 3
PASSES, STEP = (5, 1) if "TUIDL_CHAOS_ROUNDS" in os.environ else (1, 3)
"""How often the list is gone through, by how many rows; five times and row by row shows each in each tab."""
IN_A_NAME = "x[]y[@click=app.quit]"
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Yield a user's place where everything hostile was downloaded, or failed."""
    home = Home(tmp_path_factory.mktemp("hostile"))
    settings = home.root / "settings.toml"
    settings.write_text(settings.read_text() + "")
    try:
        with FaultServer() as server, pytest.MonkeyPatch.context() as patch:
            patch.setenv("TUIDL_CONFIG", str(settings))
            half = home.control.add(endless(server))[0]
            ids = home.control.add(*whole(server), *broken(server))
            for each in ids:
                home.control.wait_for(each, State.COMPLETED, State.FAILED, State.WAITING)
            home.control.wait_for_bytes(half, 250_000)
            yield home
    finally:
        home.close()


def safe(printed: bytes | str, *, of: str) -> None:
    """Check that nothing of the payloads was printed as it is."""
    raw = printed.encode() if isinstance(printed, str) else printed
    assert hits(raw) == [], f"{of}: {raw[-2000:]!r}"
    assert b"Traceback" not in raw, of


def test_the_looking_finds_every_payload() -> None:
    for each in PAYLOADS:
        printed = (
            f"before{each.text}after" if each.name != "markup" else f"\x1b]8;;@click=app.quit\x1b\\{each.text}"
        )
        assert hits(printed.encode()), each.name
    assert hits(b"\x1b]8;id=4;http://hijack.example/\x1b\\")
    assert hits(b"abc\x9b5m") == ["byte 9b"]
    assert hits("“ü€” [/]".encode()) == []


def test_the_place_is_full_of_hostile_text(place: Home) -> None:
    """What was to be loaded was: names with markup in them, failures of many reasons, fields."""
    rows = place.session.snapshots()
    assert sum(IN_A_NAME in (each.filename or "") for each in rows) >= 5, [r.filename for r in rows]
    assert len({each.reason for each in rows}) >= 5
    kept = [str(place.session.inspect(each.id).exchange) for each in rows]
    assert sum(MARKUP in each for each in kept) >= 5


def test_the_command_line_prints_nothing_as_it_is(place: Home) -> None:
    rows = place.session.snapshots()
    ids, finished = [str(each.id) for each in rows], [str(each.path) for each in rows if each.path]
    calls = [["list"], ["events"], ["sessions"], ["wait", "--timeout", "0.2", *ids], ["verify"], ["path", ids[1]]]
    calls += [["show", each] for each in ids] + [["preview", each, "--size", "60x12"] for each in finished]
    printed = call_all(place, calls)
    for call, streams in zip(calls, printed, strict=True):
        safe("".join(streams), of=" ".join(call[:2]))
    listed = printed[0][0]
    assert IN_A_NAME in listed, "markup is a text like any other"
    assert len(listed.splitlines()) <= len(ids) + 3, "no name makes a line of its own"


def test_json_is_ascii_and_exact(place: Home) -> None:
    calls = [["list"], ["show", "1"], ["sessions"], ["wait", "--timeout", "0.2"], ["events"]]
    for call, streams in zip(calls, call_all(place, [[*each, "--json"] for each in calls]), strict=True):
        safe("".join(streams), of=" ".join(call))
        text = streams[0].strip()
        lines = text.splitlines()
        assert text.isascii()
        assert all(each.isprintable() for each in lines)
        assert [json.loads(each) for each in lines] if call == ["events"] else json.loads(text)


ERRORS = [
    ["add", f"ftp://a/{EVERYTHING}"],
    ["add", f"http://{EVERYTHING}/"],
    ["add", "--paused", "-o", IN_A_FIELD, "http://127.0.0.1:9/a"],
    ["add", "-o", f"a/{EVERYTHING}", "http://127.0.0.1:9/a"],
    ["add", "-d", f"/nowhere/{EVERYTHING}", "http://127.0.0.1:9/a"],
    ["add", "-H", f"A{EVERYTHING}", "http://127.0.0.1:9/a"],
    ["add", "-H", f"A: {EVERYTHING}", "http://127.0.0.1:9/a"],
    ["add", "--checksum", f"{EVERYTHING}:ab", "http://127.0.0.1:9/a"],
    ["add", "--checksum-file", f"/nowhere{EVERYTHING}", "http://127.0.0.1:9/a"],
    ["add", "-i", f"/nowhere{EVERYTHING}"],
    ["resume", "1", "--url", EVERYTHING],
    ["show", EVERYTHING],
    ["list", "--state", EVERYTHING],
    ["limit", EVERYTHING],
    ["preview", f"/nowhere{EVERYTHING}"],
    ["verify", f"/nowhere{EVERYTHING}"],
    ["-s", EVERYTHING, "list"],
    ["--state-dir", f"/dev/null/{EVERYTHING}", "list"],
    [EVERYTHING],
    ["list", f"--{EVERYTHING}"],
]


def test_errors_repeat_nothing_as_it_is(place: Home) -> None:
    for call, (out, err) in zip(ERRORS, call_all(place, ERRORS), strict=True):
        safe(out + err, of=ascii(call))
        assert (out + err).strip()


def test_a_hostile_settings_file_is_told_harmlessly(place: Home, tmp_path: Path) -> None:
    for text in (f'"{IN_A_FIELD}" = 1\n', f'directory = "{IN_A_FIELD}"\n', EVERYTHING):
        file = tmp_path / "settings.toml"
        file.write_text(text)
        ((out, err),) = call_all(place, [["add", "--paused", "http://127.0.0.1:9/a"]], TUIDL_CONFIG=str(file))
        safe(out + err, of="settings")


def test_the_log_prints_nothing_as_it_is(place: Home) -> None:
    log = (place.session.directory / "worker.log").read_bytes()
    safe(log, of="log")
    lines = log.decode().splitlines()
    assert len(lines) > 20
    assert [each for each in lines if not LOG_LINE.match(each)] == [], "each record is one line"


def test_progress_on_a_terminal_prints_nothing_as_it_is(place: Home) -> None:
    with place.terminal("wait", "--timeout", "2") as terminal:
        assert terminal.wait_for_end() == 3
        assert b"\x1b[" in terminal.raw, "it drew"
        safe(bytes(terminal.raw), of="wait")


def test_the_screen_prints_nothing_as_it_is_and_nothing_acts(place: Home) -> None:
    count = len(place.session.snapshots())
    with place.terminal(columns=120, rows=34) as terminal:
        terminal.wait_for_text("? Help")
        terminal.wait_for_text(IN_A_NAME)
        for _ in range(PASSES):
            terminal.send("g")
            walk(terminal, count)
            terminal.send("]")
        for key in "i?":
            terminal.send(key)
            terminal.wait_for_text("sc close")
            terminal.send("\x1b")
            terminal.wait_until_gone("sc close")
        terminal.wait_for_text("? Help")
        terminal.paste(
            f"http://127.0.0.1:9/{EVERYTHING}\ncurl 'http://127.0.0.1:9/' -H $'A: {MARKUP}' -H 'B{MARKUP}'"
        )
        terminal.wait_for_text("Add downloads")
        terminal.send("\x1b")
        terminal.wait_until_gone("Add downloads")
        os.write(terminal._master, b"\xff\xc3")
        assert terminal.process.poll() is None, "no action was called"
        terminal.resize(60, 16)
        terminal.wait_for(
            lambda: terminal.lines[-1].endswith("q Quit") and terminal.row("▌"),
            what="the list on the small screen",
        )
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        safe(bytes(terminal.raw), of="screen")


def walk(terminal: Terminal, count: int) -> None:
    """Go down the whole list, row by row, each in another tab of the side pane than the one above."""
    terminal.wait_for(lambda: cursor(terminal) == FIRST_ROW, what="the first row")
    for row in range(FIRST_ROW + STEP, FIRST_ROW + count, STEP):
        terminal.send("j]" * STEP)
        terminal.wait_for(partial(stands_at, terminal, row), what=f"the cursor in line {row}")


def stands_at(terminal: Terminal, row: int) -> bool:
    """Tell whether the cursor stands in a line."""
    return cursor(terminal) == row


def cursor(terminal: Terminal) -> int:
    """Return the line where the cursor stands; -1 if it is not to be seen."""
    return next((number for number, line in enumerate(terminal.lines) if line.startswith("▌")), -1)


def test_nothing_was_done_that_nobody_asked_for(place: Home) -> None:
    assert {each.intent.value for each in place.session.snapshots()} <= {"run", "pause"}
