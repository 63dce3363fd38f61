"""`tuidl pause`: downloads stop and keep what they have.

Must never do more than change intents.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State


@click.command(epilog=examples("tuidl pause 3 5", "tuidl pause --all"))
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that run or wait.")
@global_options
@click.pass_obj
def command(invocation: Invocation, ids: tuple[int, ...], everything: bool) -> int:
    """Stop downloads; they keep what they have."""
    session = invocation.session()
    chosen = selection.choose(session, ids, [(everything, goes_on)])
    if not chosen:
        output.narrate("Nothing to pause.")
        return 0
    session.pause(chosen)
    output.narrate(f"Pausing {selection.phrase(len(chosen))}.")
    return 0


def goes_on(download: Download) -> bool:
    """Tells whether a download runs or waits, or is about to."""
    unfinished = download.intent is Intent.RUN and download.state is not State.COMPLETED
    has_verb_left = download.intent_number > download.acted_number
    return unfinished and (has_verb_left or download.state not in {State.PAUSED, State.FAILED, State.CANCELLED})
