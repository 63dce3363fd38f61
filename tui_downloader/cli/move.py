"""`tuidl move`: who comes first in the queue.

Must never do more than change places in it.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options

_UP, _DOWN, _FIRST, _LAST = "up", "down", "first", "last"


@click.command(epilog=examples("tuidl move first 7", "tuidl move down 3 5"))
@click.argument("where", type=click.Choice([_UP, _DOWN, _FIRST, _LAST]))
@click.argument("ids", nargs=-1, required=True, type=selection.ID, metavar="ID...")
@global_options
@click.pass_obj
def command(invocation: Invocation, where: str, ids: tuple[int, ...]) -> int:
    """Move downloads in the queue: up or down by one, or to be the first or the last.

    What runs already goes on.
    """
    chosen = list(dict.fromkeys(ids))
    moved = invocation.session().move(chosen, up=where in {_UP, _FIRST}, far=where in {_FIRST, _LAST})
    output.narrate(f"Moved {selection.phrase(moved)}." if moved else "Nothing to move.")
    return 0
