"""The border: what is collected of the real system, and the verb over it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.state.files import new_state_file
from tui_downloader.doctor.collect import collect
from tui_downloader.doctor.examine import examine
from tui_downloader.doctor.facts import Facts
from tui_downloader.errors import InvalidSessionNameError
from tui_downloader.model.request import Request
from tui_downloader.state import downloads
from tui_downloader.state.database import Database
from tui_downloader.state.worker_lock import try_lock


def facts(**environment: str) -> Facts:
    """Collect with an environment that has a few more variables."""
    return collect("default", None, {**os.environ, **environment}, answers={})


def test_the_real_system_is_looked_at_and_nothing_is_made(own_environment: Path) -> None:
    found = facts()
    assert found.state.path == own_environment / "state"
    assert not found.state.is_there
    assert found.state.is_writable
    assert found.state.free_bytes
    assert found.sessions == ()
    assert not found.settings.is_there
    assert found.network.authorities
    assert found.versions.python == ".".join(map(str, sys.version_info[:3]))
    assert found.versions.packages["textual"]
    assert found.clock.now > found.clock.program_at
    assert {topic for topic, checks in examine(found).items() if checks} == {
        "survival",
        "places",
        "network",
        "here",
    }
    assert list(own_environment.iterdir()) == []


def test_what_is_wrong_is_seen(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks4://ada:geheim@proxy:1080")
    state = own_environment / "state" / "sessions"
    new_state_file(state / "held")
    database = Database(new_state_file(state / "still"))
    with database.transaction() as transaction:
        downloads.insert(transaction, Request(url="https://example.com/a.iso", directory=own_environment), now=1.0)
    database.close()
    (state / "still" / "worker.log").write_text("2026-11-26T01:00:00Z ERROR no room\n")
    lock = try_lock(state / "held" / "worker.lock")
    assert lock is not None
    (state / "bad").mkdir()
    (state / "bad" / "state.sqlite3").write_bytes(b"no database, " * 1000)
    hook = own_environment / "hook"
    hook.write_text("#!/bin/sh\n")
    (own_environment / "settings.toml").write_text(f'on_completed = ["{hook}"]\non_failed = ["no-such-program"]\n')
    empty = own_environment / "empty.pem"
    empty.touch()
    found = facts(SSL_CERT_FILE=str(empty), SSL_CERT_DIR=str(own_environment / "none"))
    os.close(lock)
    assert [(each.name, bool(each.error), bool(each.held_lock)) for each in found.sessions] == [
        ("bad", True, False),
        ("held", False, True),
        ("still", False, False),
    ]
    assert [each.left for each in found.sessions] == [0, 0, 1]
    assert found.sessions[2].log_error == "2026-11-26T01:00:00Z ERROR no room"
    assert found.settings.hooks == {
        "on_completed": f"“{hook}” cannot be run (chmod +x)",
        "on_failed": "“no-such-program” is not found in PATH",
    }
    assert [each.shown for each in found.network.proxies] == ["socks4://***@proxy:1080"]
    assert set(found.network.certificate_places.values()) == {
        f"names {empty}, which holds no certificates",
        f"names {own_environment / 'none'}, which is no directory",
    }
    (own_environment / "settings.toml").write_text("nonsense = 1\n")
    assert "there is no setting" in str(facts().settings.problem)
    with pytest.raises(InvalidSessionNameError):
        collect("bad name", None, os.environ, answers={})


def test_the_verb_says_it_and_ends_with_one(tmp_path: Path) -> None:
    tuidl = CommandLine(tmp_path, {"XDG_DOWNLOAD_DIR": str(tmp_path), "HOME": str(tmp_path)})
    fine = tuidl("doctor", "--json").object()
    assert set(fine) == {"healthy", "checks"}
    checks = fine["checks"]
    assert isinstance(checks, list)
    assert {"topic", "name", "level", "sentence", "remedy"} == set(checks[0])
    assert {each["name"] for each in checks} >= {
        "logout",
        "reboot",
        "state-file-system",
        "clock",
        "sqlite",
        "proxy",
    }
    (tmp_path / "settings.toml").write_text("nonsense = 1\n")
    done = tuidl("doctor")
    assert done.code == 1
    assert "wrong  " in done.out
    assert "       → correct that line" in done.out
    assert "wrong." in done.err
