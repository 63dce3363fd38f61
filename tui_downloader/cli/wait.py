"""`tuidl wait`: looks on until downloads are over and tells by its exit code how they ended.

Must never stop a download: whoever waits can leave at any time.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Collection, Sequence

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.endings import ending
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download, download_as_json
from tui_downloader.model.lifecycle import State
from tui_downloader.session.watch import Watch, is_over, is_paused


@click.command(epilog=examples("tuidl wait && echo done", "tuidl wait 3 5 --timeout 600 --json"))
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--timeout", type=float, metavar="SECONDS", help="Give up waiting after this time.")
@click.option("--json", "as_json", is_flag=True, help="Print the downloads as a JSON array at the end.")
@global_options
@click.pass_obj
def command(invocation: Invocation, ids: tuple[int, ...], timeout: float | None, as_json: bool) -> int:
    """Wait until downloads are over (default: all that are not paused)."""
    if timeout is not None and not timeout >= 0:
        raise click.UsageError("--timeout takes seconds, 0 or more.", click.get_current_context())
    session = invocation.session()
    known = [each for each in session.snapshots() if each.id in ids]
    for each in filter(is_paused, known):
        output.narrate(f"Download {each.id} is paused; to let it go on: tuidl resume {each.id}")
    watch = Watch(session, [each.id for each in known] if ids else None, say=output.narrate)
    deadline = math.inf if timeout is None else time.monotonic() + timeout
    try:
        in_time = _follow(watch, deadline=deadline)
    except KeyboardInterrupt:
        output.narrate("The download goes on.")
        return ExitCode.INTERRUPTED
    ended = watch.downloads
    if as_json:
        output.emit_json_array([download_as_json(each, session=session.identifier) for each in ended])
    missing = sorted(set(ids) - {each.id for each in known})
    return _exit_code(ended, missing, asked=len(known), in_time=in_time)


def _follow(watch: Watch, *, deadline: float) -> bool:
    """Looks on, with progress bars if stderr is a terminal."""
    gc.enable()  # the start ran without; this may take hours
    if not output.can_draw():
        return watch.follow(_show_nothing, deadline=deadline)
    from tui_downloader.cli.progress_bars import ProgressBars

    with ProgressBars() as bars:
        return watch.follow(bars.show, deadline=deadline)


def _show_nothing(_downloads: Collection[Download]) -> None:
    """Shows nothing: in a pipe waiting is quiet."""


def _exit_code(ended: Sequence[Download], missing: Sequence[int], *, asked: int, in_time: bool) -> ExitCode:
    """Says what did not end well, and turns it all into one exit code.

    Args:
        ended: The downloads waited for, as they are now.
        missing: Ids that were not there.
        asked: How many ids were there at the start; more than are left means that some were removed.
        in_time: False if the time was up.
    """
    if missing:
        output.narrate(f"There is no download {', '.join(str(each) for each in missing)}.")
    if not in_time:
        left = sum(not is_over(each) for each in ended)
        output.narrate(f"The time is up; {selection.phrase(left)} not finished yet.")
        return ExitCode.TIMED_OUT
    bad = [each for each in ended if each.state is not State.COMPLETED]
    for each in bad:
        output.narrate(ending(each))
    if len(ended) < asked:
        output.narrate(f"{selection.phrase(asked - len(ended))} removed meanwhile.")
    if missing:
        return ExitCode.NO_SUCH_ID
    return ExitCode.FAILED if bad or len(ended) < asked else ExitCode.DONE
