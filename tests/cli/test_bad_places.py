"""Places that cannot be used: no home, a file system that takes no writes, a closed stdout, a log without room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import DEADLINE_SECONDS, CommandLine
from tests.support.fault_server import FaultServer, Resource

URL = "https://tuidl.invalid/file.iso"

HOMELESS = """
import pwd, sys
from tui_downloader.cli.main import run

def nobody(_uid):
    raise KeyError

pwd.getpwuid = nobody
run(sys.argv[1:])
"""
"""The command line of a user that the system knows no home of."""

READ_ONLY = """
mount -t tmpfs tmpfs "$1" && mkdir "$1/used" || exit 77
shift
TUIDL_STATE_DIR=$DISK/used "$@" add --paused https://tuidl.invalid/a >/dev/null && mount -o remount,ro "$DISK"
for place in used new; do
    export TUIDL_STATE_DIR=$DISK/$place
    "$@" list; echo "$place list $?"
    "$@" add --paused https://tuidl.invalid/b; echo "$place add $?"
done
export VISUAL=true TUIDL_CONFIG=$DISK/settings.toml
"$@" settings --edit; echo "settings $?"
"""
"""Uses a state directory before and after its disk takes no more writes; `$1` is where the disk goes."""


@pytest.mark.parametrize(
    ("words", "variable"),
    [(["list"], "TUIDL_STATE_DIR"), (["add", "--paused", URL], "TUIDL_STATE_DIR"), (["settings"], "TUIDL_CONFIG")],
)
def test_no_home(tuidl: CommandLine, words: list[str], variable: str) -> None:
    environment = {
        key: value
        for key, value in tuidl.variables.items()
        if key != "HOME" and not key.startswith(("XDG_", "TUIDL_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", HOMELESS, *words],
        env=environment,
        cwd=tuidl.directory,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == f"There is no home directory here: set HOME, or {variable}.\n"
    assert list(tuidl.directory.iterdir()) == []


def test_read_only_file_system(tuidl: CommandLine, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    disk = tmp_path / "disk"
    disk.mkdir()
    namespace = [str(unshare), "--user", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh"]
    if unshare is None:
        pytest.skip("unshare is not installed")
    done = subprocess.run(
        [*namespace, str(disk), *map(str, tuidl.argv())],
        env={**tuidl.variables, "DISK": str(disk)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"no file system of our own here: {done.stderr[:200]}")

    assert done.stdout.splitlines() == ["used list 5", "used add 5", "new list 0", "new add 5", "settings 2"]
    assert "Traceback" not in done.stderr
    used_list, used_add, new_list, new_add, settings = done.stderr.splitlines()
    assert used_list == used_add
    assert "its file system is read-only. Another place: --state-dir DIR" in used_list
    assert "Nothing here yet" in new_list
    assert new_add.endswith("cannot be used: Read-only file system.")
    assert settings.endswith("cannot be made: Read-only file system.")


@pytest.mark.parametrize("words", [["list"], ["show", "1"], ["sessions", "--json"], ["settings"], ["--version"]])
def test_closed_stdout(tuidl: CommandLine, words: list[str]) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl.without_stdout(*words)

    assert result.code == 1
    assert result.err == "Nothing can be printed: stdout is closed.\n"


def test_log_that_cannot_be_written_stops_no_download(tuidl: CommandLine, fault_server: FaultServer) -> None:
    log = tuidl.state / "sessions" / "default" / "worker.log"
    log.mkdir(parents=True)
    tuidl.state.chmod(0o700)

    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes")))
    tuidl.ok("wait")

    assert (tuidl.directory / "a.bin").read_bytes() == b"bytes"
