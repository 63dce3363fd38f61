"""What a worker does while it is killed: stories, each of which leads through other steps.

Owns what was before the worker that dies, and what happens while it runs. Must never look at how it ended.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.stage import Stage
from tests.support.bodies import body
from tests.support.fault_server import Resource
from tests.support.faults import ForcedGzip, Pace, ShiftedRange, StallAfter, is_ranged
from tests.support.session_control import wait_until
from tui_downloader.errors import WorkerUnavailableError
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Intent, State

TINY, SMALL, MIDDLE, LARGE = 20_000, 300_000, 1_500_000, 6_000_000
"""A file that comes at once; one that is over soon; one read from the socket; one on several connections."""


def _nothing(_stage: Stage) -> None:
    """Nothing was before."""


@dataclass(frozen=True, slots=True)
class Story:
    """One way through a worker's life."""

    name: str
    """Its name."""
    happen: Callable[[Stage], None]
    """What starts the worker that dies, and what goes on meanwhile."""
    before: Callable[[Stage], None] = _nothing
    """What was before, with a worker that lives."""
    refuse: tuple[str, int] | None = None
    """Names of calls that the system refuses to the worker that dies and to the next, and their `errno`."""
    is_quiet: bool = False
    """Whether nobody may hear that it started over: of a file that comes at once nobody sees a part."""


def _add(*sizes: int) -> Callable[[Stage], None]:
    """Add files of these sizes."""

    def happen(stage: Stage) -> None:
        urls = [stage.serve(f"{number}.bin", body(number, size)) for number, size in enumerate(sizes, 1)]
        stage.control.add(*urls)

    return happen


def _half(stage: Stage) -> None:
    """Half of a file is there, paused."""
    url = stage.serve("1.bin", body(1, MIDDLE), faults=(StallAfter(MIDDLE // 2, times=1),))
    (download_id,) = stage.control.add(url)
    stage.control.wait_for_bytes(download_id, MIDDLE // 2)
    stage.session.pause([download_id])
    stage.control.wait_for(download_id, State.PAUSED)
    stage.wait_until_gone()


def _half_then_changed(stage: Stage) -> None:
    """Half of a file is there, paused; then it changes at the server."""
    _half(stage)
    stage.contents.clear()
    stage.serve("1.bin", body(2, MIDDLE), etag='"v2"')


def _half_then_shifted(stage: Stage) -> None:
    """Half of a file is there, paused; then the server answers with another range than the one asked for."""
    _half(stage)
    stage.serve("1.bin", body(1, MIDDLE), faults=(ShiftedRange(1000, when=is_ranged),))


def _whole(stage: Stage) -> None:
    """A file is there."""
    (download_id,) = stage.control.add(stage.serve("1.bin", body(1, SMALL)))
    stage.control.wait_for(download_id, State.COMPLETED)
    stage.wait_until_gone()


def _half_then_renamed(stage: Stage) -> None:
    """Half of a file is there, paused; then it changes at the server, and so does its name."""
    _half(stage)
    stage.contents = {"other.bin": {body(2, MIDDLE)}}
    changed = Resource(body(2, MIDDLE), etag='"v2"', disposition='attachment; filename="other.bin"')
    stage.server.add(f"/{stage.root.name}/1.bin", changed)


def _resume(stage: Stage) -> None:
    """It goes on."""
    stage.session.resume([1])


def _cancel(stage: Stage) -> None:
    """It is cancelled; then the user wants it after all."""
    stage.session.cancel([1])


def _remove(stage: Stage) -> None:
    """It is removed, and its file with it."""
    stage.contents.clear()
    stage.session.remove([1], delete_file=True)


def _taken(stage: Stage) -> None:
    """While it comes, somebody else takes its name."""
    content = body(1, MIDDLE)
    url = stage.serve("1.bin", content, faults=(Pace(4_000_000, times=1),))
    stage.contents = {"1.bin": {b"mine"}, "1 (1).bin": {content}}
    taken = stage.control.downloads / "1.bin"
    try:
        (download_id,) = stage.control.add(url)
        wait_until(lambda: _is_named(stage, download_id) or not stage.is_running, what="a name")
    finally:
        taken.write_bytes(b"mine")


def _is_named(stage: Stage, download_id: int) -> bool:
    return stage.control.row(download_id).filename is not None


def _pause_in_the_middle(stage: Stage) -> None:
    """It is paused while it comes, and goes on."""
    url = stage.serve("1.bin", body(1, MIDDLE), faults=(Pace(4_000_000),))
    (download_id,) = stage.control.add(url)
    stage.session.pause([download_id])
    stage.session.resume([download_id])


def _remove_in_the_middle(stage: Stage) -> None:
    """It is removed while it comes."""
    url = stage.serve("1.bin", body(1, MIDDLE), faults=(StallAfter(MIDDLE // 2),))
    stage.contents.clear()
    with contextlib.suppress(WorkerUnavailableError):
        stage.control.add(url)
    stage.session.remove([1], delete_file=True)


def _coded(stage: Stage) -> None:
    """It comes in a coding."""
    stage.control.add(stage.serve("1.bin", body(1, SMALL), faults=(ForcedGzip(),)))


STORIES = {
    each.name: each
    for each in (
        Story("small", _add(SMALL)),
        Story("middle", _add(MIDDLE)),
        Story("large", _add(LARGE)),
        Story("many", _add(20_000, 20_000, SMALL, 20_000, 0)),
        Story("at once", _add(TINY), is_quiet=True),
        Story("at once, no links", _add(TINY), refuse=("link", errno.EPERM)),
        Story("coded", _coded),
        Story("resumed", _resume, before=_half),
        Story("changed", _resume, before=_half_then_changed),
        Story("renamed", _resume, before=_half_then_renamed),
        Story("shifted", _resume, before=_half_then_shifted),
        Story("taken", _taken),
        Story("no links", _add(SMALL), refuse=("link", errno.EPERM)),
        Story("no links, nor a rename to a free name", _add(SMALL), refuse=("link,renameat2", errno.EINVAL)),
        Story("paused", _pause_in_the_middle),
        Story("cancelled", _cancel, before=_half),
        Story("removed", _remove, before=_half),
        Story("removed while it comes", _remove_in_the_middle),
        Story("file deleted", _remove, before=_whole),
    )
}
"""By name."""


def run(story: Story, stage: Stage, *, kill_at: int | None) -> list[str]:
    """Run a story to its death and on to its end; return what is wrong.

    Args:
        story: What happens.
        stage: An empty one.
        kill_at: The step that is not done; a negative one is half done, `None` lets the worker live.
    """
    story.before(stage)
    stage.may_reserve = story.refuse is not None and "renameat2" in story.refuse[0]
    with stage.doomed(kill_at, refuse=story.refuse):
        story.happen(stage)
    problems = stage.problems_at_death()
    with stage.doomed(None, refuse=story.refuse):
        _go_on(stage)
    if story.is_quiet and any(each.kind is EventKind.STARTED_OVER for each in stage.session.events()):
        problems.append("it was told that it started over")
    return problems + stage.problems_in_the_end()


def _go_on(stage: Stage) -> None:
    """Let the user want everything that is not removed, again; a worker that lives brings it."""
    stage.session.reconnect()
    stage.session.resume([each.id for each in stage.session.snapshots() if each.intent is not Intent.REMOVE])
    stage.recover()
