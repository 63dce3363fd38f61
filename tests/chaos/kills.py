"""Kills the worker at every step of every story: `python -m tests.chaos.kills --help`.

Owns the choice of steps and the account of a run by hand; `test_kills` runs a sample. A step is a call that
changes a file of the session or of the downloads folder; each run dies at one, goes on with a worker that lives,
and must end with the right files, nothing else, and each event told once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.interposition import why_not_interposable
from tests.chaos.stage import Stage
from tests.chaos.stories import MIDDLE, STORIES, Story, run
from tests.support.bodies import body
from tests.support.fault_server import FaultServer
from tests.support.faults import StallAfter


@contextlib.contextmanager
def empty_stage(server: FaultServer) -> Iterator[Stage]:
    """Give a stage in a directory of its own; nothing of it stays."""
    root = Path(tempfile.mkdtemp(prefix="tuidl-kill-"))
    before = os.environ.get("TUIDL_CONFIG")
    os.environ["TUIDL_CONFIG"] = str(root / "settings.toml")
    stage = Stage(root, server)
    try:
        yield stage
    finally:
        stage.close()
        shutil.rmtree(root, ignore_errors=True)
        os.environ.pop("TUIDL_CONFIG")
        if before is not None:
            os.environ["TUIDL_CONFIG"] = before


def steps_of(story: Story, server: FaultServer) -> list[str]:
    """Return the steps of a story that is not disturbed: name and path of each call."""
    with empty_stage(server) as stage:
        story.before(stage)
        with stage.doomed(None, refuse=story.refuse):
            story.happen(stage)
        return [line.partition(" ")[2] for line in stage.log.read_text().splitlines()]


def killed(story: Story, server: FaultServer, kill_at: int) -> list[str]:
    """Run a story that is killed at a step; return what is wrong."""
    with empty_stage(server) as stage:
        try:
            return run(story, stage, kill_at=kill_at)
        except AssertionError as error:
            return [str(error)]


def killed_around_completion(stage: Stage, chance: random.Random) -> tuple[list[str], bool]:
    """Let the last bytes of a file come, and kill the worker meanwhile.

    Returns:
        What was wrong then and in the end, and whether the file had its name already.
    """
    url = stage.serve("1.bin", body(1, MIDDLE), faults=(StallAfter(MIDDLE - 100_000, times=1),))
    (download_id,) = stage.control.add(url)
    stage.control.wait_for_bytes(download_id, MIDDLE - 100_000)
    stage.server.release()
    time.sleep(chance.uniform(0.0, 0.1))
    stage.kill_worker()
    stage.server.hold()
    had_name, problems = (stage.control.downloads / "1.bin").exists(), stage.problems_at_death()
    stage.recover()
    return problems + stage.problems_in_the_end(), had_name


def _kill_around_completions(count: int, seed: int) -> int:
    """Do it so many times; return how many went wrong."""
    wrong = named = 0
    with FaultServer() as server:
        for number in range(count):
            with empty_stage(server) as stage:
                problems, had_name = killed_around_completion(stage, random.Random(f"{seed} {number}"))
            wrong, named = wrong + bool(problems), named + had_name
            for each in problems:
                print(f"  completion {number}: {each}", flush=True)
    print(f"{count} kills around completion, {named} after the name was given, {wrong} of them wrong")
    return wrong


def _points(steps: list[str], *, every: int) -> list[int]:
    """Return where to kill: before each call, and in the middle of each that writes.

    Of many writes in a row to one file, of which only the last makes a difference, the first and the last.
    """
    numbers = range(1, len(steps) + 1)
    telling = [
        each
        for each in numbers
        if not steps[each - 2 : each - 1] == steps[each - 1 : each] == steps[each : each + 1]
    ]
    torn = [-each for each in telling if steps[each - 1].startswith("pwrite")]
    return [*telling, len(steps) + 1, *torn][::every]


def main() -> int:
    """Run what the command line asks for; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.kills", description=__doc__)
    parser.add_argument("--story", choices=sorted(STORIES), action="append", help="only these; default: all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every n-th step")
    parser.add_argument("--at", type=int, action="append", metavar="STEP", help="only these steps")
    parser.add_argument("--seed", type=int, default=1, help="order of the steps")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after so long")
    parser.add_argument("--completions", type=int, metavar="N", help="kill around the completion, N times")
    chosen = parser.parse_args()
    if chosen.completions:
        return min(1, _kill_around_completions(chosen.completions, chosen.seed))
    reason = why_not_interposable()
    if reason:
        sys.exit(reason)
    ends_at, wrong, runs = time.monotonic() + chosen.seconds, 0, 0
    with FaultServer() as server:
        for story in (STORIES[each] for each in chosen.story or STORIES):
            steps = steps_of(story, server)
            points = chosen.at or _points(steps, every=chosen.every)
            random.Random(chosen.seed).shuffle(points)
            print(f"{story.name}: {len(steps)} steps, {len(points)} runs", flush=True)
            for point in points:
                if time.monotonic() > ends_at:
                    break
                runs += 1
                problems = killed(story, server, point)
                wrong += bool(problems)
                step = steps[abs(point) - 1] if abs(point) <= len(steps) else "(after the last one)"
                for each in problems:
                    print(f"  {story.name} --at {point} ({step}): {each}", flush=True)
    print(f"{runs} runs, {wrong} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
