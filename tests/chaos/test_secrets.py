"""Secrets of every kind in one session with a server that says them back: nobody and nothing tells them.

Owns what is looked at: command lines and environments of all processes, log, JSON, tables, screen, crash text; and
that there is nothing to connect to. The state file holds what a resume needs, for its owner's eyes only.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.calls import call_all
from tests.end_to_end.home import Home
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status
from tui_downloader.cli import crash
from tui_downloader.model.lifecycle import State

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked at in /proc")

PASSWORD, TOKEN, BEARER = "sesame-url-7e1f", "sesame-query-7e1f", "sesame-bearer-7e1f"
KEY, COOKIE, NETRC = "sesame-key-7e1f", "sesame-cookie-7e1f", "sesame-netrc-7e1f"
SECRETS = {each: each.split("-")[1] for each in (PASSWORD, TOKEN, BEARER, KEY, COOKIE, NETRC)} | {
    base64.b64encode(f"me:{PASSWORD}".encode()).decode(): "the login as it is sent",
    base64.b64encode(f"me:{NETRC}".encode()).decode(): "the netrc login as it is sent",
}
FIELDS = (("Authorization", f"Bearer {BEARER}"), ("X-Api-Key", KEY), ("Cookie", f"session={COOKIE}"))
SAID_BACK = (
    ("Server", f"you said {TOKEN}"), ("X-Echo", f"{BEARER} {KEY}"), ("Set-Cookie", f"again={COOKIE}"),
    ("WWW-Authenticate", f'Basic realm="{KEY}"'), ("Via", f"http://me:{PASSWORD}@proxy/?t={TOKEN}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Yield a user's place where a download runs, one has finished and two failed, all with secrets."""
    root = tmp_path_factory.mktemp("secrets")
    (root / ".netrc").write_text(f"machine localhost login me password {NETRC}\n")
    (root / ".netrc").chmod(0o600)
    home = Home(root)
    with FaultServer() as fault_server:
        try:
            fill(home, fault_server)
            yield home
        finally:
            home.close()


def fill(home: Home, fault_server: FaultServer) -> None:
    """Add the downloads and let them come to where they end or stop."""
    (home.root / "settings.toml").write_text("retry_first_seconds = 600.0\nworker_idle_seconds = 600.0\n")
    query = f"?token={TOKEN}&X-Amz-Signature={TOKEN}"
    resource = Resource(body(1, 800_000), fields=SAID_BACK)
    fault_server.add("/run", resource, faults=[StallAfter(400_000)])
    fault_server.add("/done", Resource(b"abc", fields=SAID_BACK))
    said = f"go away, {PASSWORD} {TOKEN} {BEARER} {KEY} {COOKIE} {NETRC}".encode()
    fault_server.add("/refused", resource, faults=[Status(401, fields=SAID_BACK, body=said)])
    fault_server.add("/netrc", resource, faults=[Status(403, fields=SAID_BACK, body=said)])
    login = f"me:{PASSWORD}@"
    urls = [fault_server.url(f"/{each}{query}").replace("//", f"//{login}") for each in ("run", "done", "refused")]
    urls.append(fault_server.url(f"/netrc{query}", host="localhost"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUIDL_CONFIG", str(home.root / "settings.toml"))
        patch.setenv("HOME", str(home.root))
        requests = [replace(home.control.request(each), fields=FIELDS) for each in urls[:3]]
        added = home.control.session.add([*requests, home.control.request(urls[3])])
        for each in added[1:]:
            home.control.wait_for(each.download.id, State.COMPLETED, State.FAILED)
        home.control.wait_for_bytes(added[0].download.id, 400_000)
    heard = repr([(each.target, each.fields) for each in fault_server.requests()])
    assert told(heard) == ["query", "bearer", "key", "cookie", "the netrc login as it is sent"], "it was told"


def told(text: bytes | str) -> list[str]:
    """Return which secrets are in a text."""
    data = text.encode() if isinstance(text, str) else text
    return [name for secret, name in SECRETS.items() if secret.encode() in data]


def test_the_looking_finds_each() -> None:
    assert told(" ".join(SECRETS)) == list(SECRETS.values())


def test_no_process_shows_a_secret(place: Home) -> None:
    pid = place.control.worker_pid()
    looked_at, found = set[int](), []
    with place.terminal() as terminal:
        terminal.wait_for_text("? Help")
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                for part in ("cmdline", "environ"):
                    found += [f"{process.name} {part}: {each}" for each in told((process / part).read_bytes())]
                looked_at.add(int(process.name))
        assert {pid, terminal.process.pid} <= looked_at
    assert found == []


def test_nothing_listens(place: Home) -> None:
    with place.terminal() as terminal:
        terminal.wait_for_text("? Help")
        for pid in (place.control.worker_pid(), terminal.process.pid):
            assert listening(pid) == [], pid


def listening(pid: int) -> list[str]:
    """Return which sockets of a process somebody could connect to: listening TCP, UDP, listening Unix ones."""
    own = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            own.add(str(each.readlink()).removeprefix("socket:[").rstrip("]"))
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[9] in own and (table.startswith("udp") or words[3] == "0A"):
                found.append(f"{table} {words[1]}")
    for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
        words = line.split()
        if words[6] in own and int(words[3], 16) & 0x10000:  # it accepts connections
            found.append(f"unix {words[7:]}")
    return found


def test_the_look_for_listeners_finds_one(fault_server: FaultServer) -> None:
    assert any(f":{fault_server.port:04X}" in each for each in listening(os.getpid()))


def test_no_output_shows_a_secret(place: Home) -> None:
    ids = [str(each.id) for each in place.session.snapshots()]
    calls = [["list"], ["list", "--json"], ["events"], ["events", "--json"], ["sessions", "--json"], ["verify"]]
    calls += [["wait", "--timeout", "0.1", "--json", each] for each in ids[:1]]
    calls += [["show", each, *more] for each in ids[::2] for more in ([], ["--json"])]
    calls.append(["add", "--json", f"http://me:{PASSWORD}@127.0.0.1:9:9/?token={TOKEN}"])
    for call, (out, err) in zip(calls, call_all(place, calls), strict=True):
        assert told(out + err) == [], call[0]
        assert (out + err).strip()


def test_no_log_and_no_crash_shows_a_secret(place: Home, capfd: pytest.CaptureFixture[str]) -> None:
    log = (place.session.directory / "worker.log").read_text()
    assert "refused" in log
    assert told(log) == []
    try:
        json.loads(f"{PASSWORD} {TOKEN}")
    except ValueError as error:
        crash.report(ValueError(f"{PASSWORD} {TOKEN} {error}"), state_directory=place.root / "state")
    assert told((place.root / "state" / "tuidl.log").read_text() + "".join(capfd.readouterr())) == []


def test_no_screen_shows_a_secret(place: Home) -> None:
    with place.terminal(columns=150, rows=45) as terminal:
        terminal.wait_for_text("? Help")
        terminal.wait_for_text("[Overview]")
        for name in ("Segments", "Speed", "Events", "Fields"):
            terminal.send("]")
            terminal.wait_for_text(f"[{name}]")
            terminal.send("jjjk")
        terminal.wait_for_text("stands where a secret was")
        terminal.send("i")
        terminal.wait_for_text("sc close")
        terminal.send("\x1b")
        terminal.wait_until_gone("sc close")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert told(bytes(terminal.raw)) == []
