"""`tuidl remove`: downloads leave the list; part files go, finished files stay unless asked.

Must never delete a file itself: the worker does.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State


@click.command(epilog=examples("tuidl remove 3 5", "tuidl remove --completed", "tuidl remove 3 --delete-file"))
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All of the session.")
@click.option("--completed", is_flag=True, help="All that are finished.")
@click.option("--delete-file", is_flag=True, help="Delete the finished files too; this cannot be undone.")
@global_options
@click.pass_obj
def command(
    invocation: Invocation, ids: tuple[int, ...], everything: bool, completed: bool, delete_file: bool
) -> int:
    """Take downloads off the list; finished files stay."""
    session = invocation.session()
    chosen = selection.choose(session, ids, [(everything, is_any), (completed, is_completed)])
    if not chosen:
        output.narrate("Nothing to remove.")
        return 0
    session.remove(chosen, delete_file=delete_file)
    files = ", with the finished files" if delete_file else ""
    output.narrate(f"Removing {selection.phrase(len(chosen))}{files}.")
    return 0


def is_any(_download: Download) -> bool:
    """Tells that every download belongs."""
    return True


def is_completed(download: Download) -> bool:
    """Tells whether a download is finished."""
    return download.state is State.COMPLETED
