"""The door of the command line: help, unknown words, what is imported, and errors nobody expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import DEADLINE_SECONDS, CommandLine
from tui_downloader import __version__

VERBS = [
    *("add", "list", "show", "path", "open", "wait", "pause", "resume", "cancel", "remove"),
    *("events", "sessions", "settings", "doctor", "service", "worker", "stop", "demo"),
]

HEAVY = ["rich", "textual", "httpx", "platformdirs", "PIL", "asyncio", "ssl"]
"""What `list` has no use for."""


def test_version(tuidl: CommandLine) -> None:
    lines = tuidl.ok("--version").lines

    assert lines[0] == f"tuidl {__version__}"
    assert lines[1].startswith("Python 3.")
    assert {"SQLite", "OpenSSL", "textual", "httpx"} <= {line.split()[0] for line in lines}


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_verb(tuidl: CommandLine, option: str) -> None:
    listed = [line.split()[0] for line in tuidl.ok(option).out.split("Commands:")[1].splitlines() if line.strip()]

    assert [word for word in listed if word in VERBS] == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb_has_an_example(tuidl: CommandLine, verb: str) -> None:
    text = tuidl.ok(verb, "--help").out

    assert "Examples:\n" in text
    assert "--session" in text


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("lst", "did you mean list?"),
        ("ftp://host.example/?token=hush", "only http and https"),
        ("a\x1b31m", "no verb"),
    ],
)
def test_unknown_verb(tuidl: CommandLine, word: str, answer: str) -> None:
    result = tuidl(word)

    assert (result.code, result.out) == (2, "")
    assert answer in result.err
    assert "hush" not in result.err
    assert all(line.isprintable() for line in result.err.splitlines())


def test_unknown_option(tuidl: CommandLine) -> None:
    result = tuidl("list", "--bo\x1bgus")

    assert result.code == 2
    assert all(line.isprintable() for line in result.err.splitlines())
    assert "tuidl list --help" in result.err


def test_list_imports_only_what_it_needs(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", "https://tuidl.invalid/file.iso")
    script = "import sys; from tui_downloader.cli.main import exit_code; exit_code(['list']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=tuidl.variables,
        cwd=tuidl.directory,
        capture_output=True,
        timeout=DEADLINE_SECONDS,
        check=True,
    )

    imported = set(done.stdout.decode().splitlines()[-1].split())
    assert "tui_downloader.cli.listing" in imported
    assert not imported & {*HEAVY, "tui_downloader.cli.add", "tui_downloader.cli.wait", "tui_downloader.settings"}


def test_error_nobody_expected_is_one_sentence_and_a_log(tuidl: CommandLine, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sqlite3.py").write_text("raise ValueError('hu' + 'sh')\n")
    tuidl.environment["PYTHONPATH"] = f"{broken}:{tuidl.variables['PYTHONPATH']}"

    result = tuidl("list")

    log = tuidl.state / "tuidl.log"
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert str(log) in result.err
    assert "hush" not in result.err + log.read_text()
    assert "sqlite3.py" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_debug_shows_the_traceback(tuidl: CommandLine) -> None:
    tuidl.environment["TUIDL_DEBUG"] = "1"
    done = subprocess.run(
        tuidl.argv("show", "7"), env=tuidl.variables, capture_output=True, timeout=DEADLINE_SECONDS, check=False
    )

    assert done.returncode == 4
    assert b"Traceback" in done.stderr


def test_without_any_stream(tuidl: CommandLine) -> None:
    words = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *map(str, tuidl.argv("add", "https://tuidl.invalid/f"))]

    done = subprocess.run(
        [*words, "--paused"], env=tuidl.variables, cwd=tuidl.directory, timeout=DEADLINE_SECONDS, check=False
    )

    assert done.returncode == 1
    assert len(tuidl.downloads()) == 1


def test_locale_without_unicode(tuidl: CommandLine) -> None:
    tuidl.environment |= {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    tuidl.ok("add", "--paused", "-i", "-", stdin="https://tuidl.invalid/写真集".encode())

    assert "?" in tuidl.ok("list").out
