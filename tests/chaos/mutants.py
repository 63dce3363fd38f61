"""Known defects, put into a copy of the program one at a time: do the harnesses see them?

`python -m tests.chaos.mutants [NAME …]` runs what must fail with each, and says which was not seen. Owns the list;
must never change the program itself, only a copy. Not in the list is what a second line of defence makes harmless:
a lost commit of progress costs time, and a part file that is shorter than its record is not trusted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Mutant:
    """A defect, and what sees it."""

    file: str
    """Where it is put in, below the package."""
    right: str
    """The text that is replaced; it is there exactly once."""
    wrong: str
    """What it is replaced by."""
    seen_by: tuple[str, ...]
    """What `python -m` runs; it must fail."""
    more: tuple[tuple[str, str, str], ...] = ()
    """Further replacements, where two lines of defence have to fall: file, right, wrong."""


def _tests(module: str, names: str = "test") -> tuple[str, ...]:
    """Return the words that run some tests of a module."""
    return ("pytest", f"tests/{module}.py", "-q", "-x", "-n", "2", "-k", names)


MUTANTS = {
    "the name is given before it is recorded which file gets it": Mutant(
        "engine/transfer.py",
        "            self._complete(part, size)\n        digest = self._verify(part, size)\n",
        """            digest = self._verify(part, size)
            os.link(part.path, self._order.request.directory / self._filename)
            self._complete(part, size)
            os.unlink(self._order.request.directory / self._filename)
""",
        _tests("chaos/test_kills", "middle"),
        more=(("engine/transfer.py", "import contextlib\n", "import contextlib\nimport os\n"),),
    ),
    "a name given before the death is not recognised": Mutant(
        "engine/transfer.py",
        "return self._moved_before_crash() or self._bring()",
        "return self._bring()",
        _tests("chaos/test_kills", "middle"),
    ),
    "the bytes go where the file ends": Mutant(
        "worker/names.py",
        'PART_SUFFIX = ".part"',
        'PART_SUFFIX = ""',
        _tests("chaos/test_kills", "middle"),
    ),
    "the empty file of a dead worker keeps the name": Mutant(
        "engine/transfer.py",
        "if left.complete_length and self._filename is not None:",
        "if left.complete_length == -1 and self._filename is not None:",
        _tests("chaos/test_kills", "links"),
    ),
    "older bytes are left when the new ones are there": Mutant(
        "engine/finish.py",
        "stale_path(part_path).unlink(missing_ok=True)",
        "stale_path(part_path)",
        _tests("chaos/test_kills", "changed"),
    ),
    "the part file is not synced before it gets its name": Mutant(
        "engine/transfer.py",
        "        part.sync()\n        identity",
        "        identity",
        _tests("worker/test_worker_durability"),
    ),
    "versions of an object are spliced": Mutant(
        "engine/ladder.py",
        "    if match is Match.DIFFERENT:\n",
        "    if match is Match.DIFFERENT and head.status != 206:\n",
        ("tests.chaos", "--files", "80", "--seconds", "20", "--seed", "5"),
        more=(("engine/ladder.py", ', "If-Range": if_range}', "}"),),
    ),
    "events are acknowledged before they are said": Mutant(
        "cli/events.py",
        """            _print(session, events, as_json=as_json)
            if client and ack:
                session.acknowledge(client, events[-1].sequence)
""",
        """            if client and ack:
                session.acknowledge(client, events[-1].sequence)
            _print(session, events, as_json=as_json)
""",
        _tests("chaos/test_front_end_kills", "acknowledged"),
    ),
    "a replay is acknowledged when it begins": Mutant(
        "session/replay.py",
        "        self._done = False\n",
        "        self._done = False\n        session.acknowledge(client, 1 << 40)\n",
        ("tests.chaos", "--files", "20", "--seconds", "10"),
    ),
    "a migration is no transaction": Mutant(
        "state/creation.py",
        """                            "BEGIN IMMEDIATE;",
                            *MIGRATIONS[version:VERSION],
                            f"PRAGMA application_id = {APPLICATION_ID};",
                            f"PRAGMA user_version = {VERSION};",
                            "COMMIT;",
""",
        """                            *MIGRATIONS[version:VERSION],
                            f"PRAGMA application_id = {APPLICATION_ID};",
                            f"PRAGMA user_version = {VERSION};",
""",
        _tests("chaos/test_migration_kills"),
    ),
    "a clock that is set is not minded": Mutant(
        "worker/wall_clock.py",
        "return moved if abs(moved) >= _SET_SECONDS else 0.0",
        "return 0.0 if moved else moved",
        _tests("chaos/test_clocks", "while"),
    ),
    "a date to wait for counts from our clock": Mutant(
        "engine/response.py",
        "now=now if present is None else present",
        "now=now",
        _tests("chaos/test_clocks", "date"),
    ),
    "outcomes keep the frames they came through": Mutant(
        "engine/failures.py",
        "        step.__traceback__ = None\n",
        "",
        _tests("engine/test_failures"),
    ),
    "buffers come from the heap": Mutant(
        "engine/buffers.py",
        "memoryview(mmap.mmap(-1, size))",
        "memoryview(bytearray(size))",
        _tests("engine/test_buffers", "new"),
    ),
}
"""By what is wrong; each was seen by what stands there."""


def is_seen(mutant: Mutant) -> bool:
    """Put a defect into a copy, run what must see it, and tell whether that failed."""
    with tempfile.TemporaryDirectory(prefix="tuidl-mutant-") as place:
        root = Path(place)
        for name in ("tests", "tui_downloader"):
            shutil.copytree(_ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(_ROOT / name, root / name)
        for name, right, wrong in ((mutant.file, mutant.right, mutant.wrong), *mutant.more):
            file = root / "tui_downloader" / name
            text = file.read_text(encoding="utf-8")
            assert text.count(right) == 1, f"not there exactly once: {right!r}"
            file.write_text(text.replace(right, wrong), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(root)}
        command = [sys.executable, "-m", *mutant.seen_by]
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        gist = [line for line in done.stdout.splitlines() if line.startswith(("E  ", "  WRONG", "FAILED"))]
        print("\n".join(line[:160] for line in gist[:4]) or done.stdout[-500:] + done.stderr[-500:], flush=True)
        return done.returncode != 0


def main(mutants: dict[str, Mutant]) -> int:
    """Run the mutants that the command line names; return 1 if one was not seen."""
    parser = argparse.ArgumentParser(description="Put known defects into a copy of the program, one at a time.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(mutants)}")
    unseen = []
    for name in parser.parse_args().names or mutants:
        print(f"- {name}", flush=True)
        if not is_seen(mutants[name]):
            unseen.append(name)
            print("  NOT SEEN", flush=True)
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main(MUTANTS))
