"""`tuidl sessions`: which sessions there are.

Must never change anything, nor let one unusable session hide the others.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.lifecycle import SETTLED_STATES
from tui_downloader.session.session import session_names


@dataclass(frozen=True, slots=True)
class Row:
    """One session; its fields are the keys of the JSON."""

    session: str
    """Its identifier."""
    downloads: int = 0
    """How many downloads it has."""
    unfinished: int = 0
    """How many of them have not completed, failed or been cancelled."""
    worker_running: bool = False
    """Whether a live worker holds it."""
    worker_pid: int | None = None
    """The worker's process id; `None` if there is none."""
    held: bool = False
    """Whether it was stopped and starts nothing by itself."""
    error: str | None = None
    """Why it cannot be used; `None` if it can."""


@click.command(epilog="Example: tuidl sessions --json")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@global_options
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """Show the sessions; only reads."""
    rows = [_row(invocation, name) for name in session_names(invocation.chosen_state_directory)]
    if as_json:
        output.emit_json_array([asdict(row) for row in rows])
    elif rows:
        width = max(len(row.session) for row in rows)
        output.emit(f"{row.session:<{width}}  {_phrase(row)}" for row in rows)
    else:
        output.narrate("No session was used yet.")
    return 0


def _row(invocation: Invocation, name: str) -> Row:
    """Looks at one session."""
    session = invocation.session_named(name)
    try:
        downloads = session.snapshots()
        worker = session.worker_status()
    except SessionUnusableError as error:
        return Row(name, error=str(error))
    return Row(
        name,
        downloads=len(downloads),
        unfinished=sum(each.state not in SETTLED_STATES for each in downloads),
        worker_running=worker.running,
        worker_pid=worker.pid,
        held=worker.held,
    )


def _phrase(row: Row) -> str:
    """Words what is in a session."""
    if row.error is not None:
        return row.error
    worker = f"worker on (pid {row.worker_pid})" if row.worker_running else "worker idle"
    unfinished = f", {row.unfinished} unfinished" if row.unfinished else ""
    return f"{selection.phrase(row.downloads)}{unfinished} · {'stopped' if row.held else worker}"
