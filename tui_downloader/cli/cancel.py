"""`tuidl cancel`: downloads end; row and part file stay.

Must never do more than change intents.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State


@click.command(epilog=examples("tuidl cancel 3", "tuidl cancel --all"))
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that are not finished.")
@global_options
@click.pass_obj
def command(invocation: Invocation, ids: tuple[int, ...], everything: bool) -> int:
    """End downloads; what they have stays, resume goes on."""
    session = invocation.session()
    chosen = selection.choose(session, ids, [(everything, can_be_cancelled)])
    if not chosen:
        output.narrate("Nothing to cancel.")
        return 0
    session.cancel(chosen)
    output.narrate(f"Cancelling {selection.phrase(len(chosen))}.")
    return 0


def can_be_cancelled(download: Download) -> bool:
    """Tells whether a download is unfinished and not cancelled already."""
    over = {State.COMPLETED, State.CANCELLED} if download.intent is Intent.CANCEL else {State.COMPLETED}
    return download.intent is not Intent.REMOVE and download.state not in over
