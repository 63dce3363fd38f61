"""`tuidl resume`: paused, failed and cancelled downloads go on, waiting ones try now.

Must never do more than change intents and requests.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State

_RESTING = frozenset({State.PAUSED, State.WAITING, State.FAILED, State.CANCELLED})


@click.command(
    epilog=examples("tuidl resume 3", "tuidl resume --failed", "tuidl resume 3 --url https://example.com/new-link")
)
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that are paused, waiting, failed or cancelled.")
@click.option("--failed", is_flag=True, help="All that failed.")
@click.option("--url", metavar="NEW", help="Take the rest from this URL (one id only).")
@global_options
@click.pass_obj
def command(invocation: Invocation, ids: tuple[int, ...], everything: bool, failed: bool, url: str | None) -> int:
    """Let downloads go on; waiting ones try now."""
    if url is not None and len(ids) != 1:
        raise click.UsageError("--url takes exactly one id.", click.get_current_context())
    from tui_downloader.model.request import checked_url

    new_url = None if url is None else checked_url(url)
    session = invocation.session()
    chosen = selection.choose(session, ids, [(everything, rests), (failed, has_failed)])
    if not chosen:
        output.narrate("Nothing to resume.")
        return 0
    session.resume(chosen, url=new_url)
    output.narrate(f"Resuming {selection.phrase(len(chosen))}.")
    return 0


def rests(download: Download) -> bool:
    """Tells whether an unfinished download does not move, or is about to stop."""
    told_to_stop = download.intent in {Intent.PAUSE, Intent.CANCEL} and download.state is not State.COMPLETED
    return told_to_stop or (download.intent is not Intent.REMOVE and download.state in _RESTING)


def has_failed(download: Download) -> bool:
    """Tells whether a download has failed."""
    return download.state is State.FAILED and download.intent is not Intent.REMOVE
