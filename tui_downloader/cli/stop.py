"""`tuidl stop`: the worker leaves; downloads keep their intent and go on when the session is used again.

Must never kill a process.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.cli.pause import goes_on
from tui_downloader.errors import SessionUnusableError
from tui_downloader.session.session import Session, session_names


@click.command(epilog=examples("tuidl stop", "tuidl stop --all-sessions"))
@click.option("--all-sessions", is_flag=True, help="Of every session.")
@global_options
@click.pass_obj
def command(invocation: Invocation, all_sessions: bool) -> int:
    """Stop the background worker; downloads go on at the next tuidl."""
    names = session_names(invocation.chosen_state_directory) if all_sessions else [invocation.identifier]
    code = 0
    for name in names:
        try:
            output.narrate(stop(invocation.session_named(name)))
        except SessionUnusableError as error:
            output.narrate(f"Session “{name}”: {error}")
            code = error.exit_code
    if not names:
        output.narrate("No session was used yet.")
    return code


def stop(session: Session) -> str:
    """Stops one session's worker.

    Args:
        session: Used or not.

    Returns:
        What happened, one sentence.

    Raises:
        SessionUnusableError: The worker does not leave, or the state file cannot be used.
    """
    was_running = session.stop()
    worker = session.worker_status()
    if worker.running:
        raise SessionUnusableError(f"Its worker (pid {worker.pid}) does not leave.")
    left = sum(goes_on(each) for each in session.snapshots())
    goes = f" {selection.phrase(left)} {'goes' if left == 1 else 'go'} on at the next tuidl." if left else ""
    state = "The worker has left" if was_running else "No worker was running"
    return f"Session “{session.identifier}”: {state[0].lower()}{state[1:]}.{goes}"
