"""A state file on a disk that is full or cannot be written: told in a sentence, and all goes on when that is over.

Owns the run, which mounts a small disk of its own: `unshare --user --map-root-user --mount python -m
tests.chaos.bad_disk ROOT full|read-only sound|damaged`, as `test_damaged_state` calls it. Prints what was wrong.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.command_line import CommandLine
from tests.state.filled import fill as fill_session
from tests.state.test_creation import make_garbage
from tests.support.small_disk import fill

_BYTES = 1024 * 1024
_ADD = ("add", "--paused", "https://tuidl.invalid/a.bin")


def problems(root: Path, *, is_full: bool, is_damaged: bool) -> list[str]:
    """Use a session on a disk that takes nothing; return what was wrong.

    Args:
        root: An empty directory; the disk is mounted in it.
        is_full: Whether the disk is full, else read-only.
        is_damaged: Whether the state file is damaged too.
    """
    disk = root / "state"
    disk.mkdir(mode=0o700)
    _mount("-t", "tmpfs", "-o", f"size={_BYTES},mode=700", "tmpfs", str(disk))
    state_file = fill_session(disk / "sessions" / "default", count=6, paused=True)
    if is_damaged:
        state_file.unlink()
        make_garbage(state_file)
    kept, filler = state_file.read_bytes(), fill(disk, leave_bytes=0)
    if not is_full:
        _mount("-o", "remount,ro", str(disk))
    line, found = CommandLine(root), []
    for words in (("list", "--json"), _ADD):
        done = line(*words)
        if "unexpected" in done.err or done.code not in {0, 5} or done.err.count("\n") != (done.code == 5):
            found.append(f"{words[0]} ended with {done.code}: {done.err}")
        print(f"{words[0]}: {done.code} {done.err.strip()}")
    if is_damaged and state_file.read_bytes() != kept:
        found.append("the damaged file was changed")
    if not is_full:
        _mount("-o", "remount,rw", str(disk))
    filler.unlink()
    done, rows = line(*_ADD), line("list", "--json")
    if done.code or rows.code or len(rows.objects()) != (1 if is_damaged else 7):
        found.append(f"it did not go on: {done.code} {done.err} {rows.out[:300]}")
    return found


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def main() -> int:
    """Run once, in a mount namespace of our own."""
    found = problems(Path(sys.argv[1]), is_full=sys.argv[2] == "full", is_damaged=sys.argv[3] == "damaged")
    print("\n".join(f"WRONG: {each}" for each in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
