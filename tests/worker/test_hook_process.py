"""One hook: what it gets, what is kept of it, and how it is ended."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.support.session_control import wait_until
from tui_downloader.state.process import start_time
from tui_downloader.worker.hook_process import OUTPUT_BYTES, HookEnd, run


def hook(
    script: str, *, text: bytes = b"", seconds: float = 60.0, leave: threading.Event | None = None
) -> HookEnd | None:
    """Run a shell script as a hook."""
    return run(
        ["/bin/sh", "-c", script],
        text,
        environment={**os.environ, "TUIDL_EVENT": "7"},
        seconds=seconds,
        leave=leave or threading.Event(),
    )


def test_it_reads_the_text_and_its_output_is_kept() -> None:
    end = hook('cat; echo "$TUIDL_EVENT $PWD"; echo wrong >&2', text=b'{"id": 1}\n')
    assert end == HookEnd(None, b'{"id": 1}\n7 /\nwrong\n')


@pytest.mark.parametrize(
    ("script", "problem"), [("exit 3", "ended with code 3"), ("kill -9 $$", "was ended by signal 9")]
)
def test_an_end_that_is_none_is_worded(script: str, problem: str) -> None:
    assert hook(script) == HookEnd(problem)


def test_a_program_that_cannot_be_run_is_worded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def problem(program: str) -> str | None:
        end = run([program], b"", environment={}, seconds=1, leave=threading.Event())
        assert end is not None
        return end.problem

    assert problem(str(tmp_path / "none")) == "cannot be run: No such file or directory"
    assert problem(str(tmp_path)) == "cannot be run: Permission denied"
    (tmp_path / "done").write_text("#!/bin/sh\nexit 5\n")
    (tmp_path / "done").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert problem("~/done") == "ended with code 5"


def test_it_has_three_descriptors() -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    try:
        end = hook("ls /proc/self/fd | wc -l" if Path("/proc").exists() else "echo 4")
    finally:
        os.close(read)
        os.close(write)
    assert end is not None
    assert int(end.output) == 4, "three, and the directory that ls reads"


def test_a_flood_is_counted_and_not_kept() -> None:
    end = hook("head -c 3000000 /dev/zero")
    assert end is not None
    assert (end.problem, len(end.output), end.bytes_left_out) == (None, OUTPUT_BYTES, 3_000_000 - OUTPUT_BYTES)


def test_one_that_does_not_read_takes_no_harm() -> None:
    assert hook("exec <&-; sleep 0.1; exit 0", text=b"x" * 1_000_000) == HookEnd(None)


def test_a_child_that_it_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    end = hook(f"sleep 60 & echo $! > {tmp_path}/pid; echo bye")
    assert end == HookEnd(None, b"bye\n")
    assert time.monotonic() - began < 30
    os.kill(int((tmp_path / "pid").read_text()), 9)


def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    end = hook(f"trap '' TERM; sleep 60 & echo $! > {tmp_path}/pid; echo begun; wait; sleep 60", seconds=2.0)
    assert end == HookEnd("did not end within 2 s and was ended", b"begun\n")
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: start_time(pid) is None, what="the end of what it started")


def test_it_is_ended_when_the_worker_leaves() -> None:
    leave = threading.Event()
    leave.set()
    assert hook("sleep 60", leave=leave) is None
