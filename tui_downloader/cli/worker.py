"""`tuidl worker`: the session's worker in the foreground, for service managers and for looking at it.

Must never import the worker's code: it is started by command line.
"""

from __future__ import annotations

import click

from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options


@click.command(epilog=examples("tuidl -s nightly worker"))
@click.option("--if-needed", is_flag=True, help="Not if the session was stopped or has a worker already.")
@global_options
@click.pass_obj
def command(invocation: Invocation, if_needed: bool) -> int:
    """Run the session's worker in the foreground until it is idle; Ctrl+C ends it, nothing is lost."""
    session = invocation.session()
    if if_needed and (not session.exists() or session.worker_status().running or session.worker_status().held):
        return 0
    return session.run_foreground()
