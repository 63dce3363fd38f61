"""`tuidl worker`: the session's worker in the foreground, for service managers and for looking at it.

Must never import the worker's code: it is started by command line.
"""

from __future__ import annotations

import click

from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options


@click.command(epilog=examples("tuidl -s nightly worker"))
@global_options
@click.pass_obj
def command(invocation: Invocation) -> int:
    """Run the session's worker in the foreground until it is idle; Ctrl+C ends it, nothing is lost."""
    return invocation.session().run_foreground()
