"""`tuidl sessions`: which sessions there are, and `tuidl sessions remove`.

Must never change anything but the session that is removed, nor let one unusable session hide the others.
"""

from __future__ import annotations

from dataclasses import asdict

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.completion import complete_sessions
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.session.overview import SessionOverview, session_overview, session_overviews


@click.group(
    invoke_without_command=True,
    epilog=examples("tuidl sessions", "tuidl sessions --json", "tuidl sessions remove old"),
)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@global_options
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Show the sessions, or remove one; showing only reads."""
    if context.invoked_subcommand is not None:
        return 0
    rows = session_overviews(context.ensure_object(Invocation).chosen_state_directory)
    if as_json:
        output.emit_json_array([asdict(row) for row in rows])
    elif rows:
        width = max(len(row.session) for row in rows)
        output.emit(f"{row.session:<{width}}  {_phrase(row)}" for row in rows)
    else:
        output.narrate("No session was used yet.")
    return 0


@command.command(epilog=examples("tuidl sessions remove old", "tuidl sessions remove old --force"))
@click.argument("name", metavar="ID", shell_complete=complete_sessions)
@click.option("--force", is_flag=True, help="Even if downloads run in it.")
@click.option("--json", "as_json", is_flag=True, help="What was removed, as a JSON object.")
@global_options
@click.pass_obj
def remove(invocation: Invocation, name: str, force: bool, as_json: bool) -> int:
    """Remove a session with what is not finished; finished files stay."""
    from tui_downloader import paths
    from tui_downloader.session.removal import remove_session

    paths.checked_identifier(name)
    before = session_overview(name, invocation.chosen_state_directory)
    remove_session(name, state_directory=invocation.chosen_state_directory, force=force)
    if as_json:
        output.emit_json(asdict(before))
    else:
        output.narrate(f"Session “{name}” is removed; finished files stay where they are.")
    return 0


def _phrase(row: SessionOverview) -> str:
    """Words what is in a session."""
    if row.error is not None:
        return row.error
    worker = f"worker on (pid {row.worker_pid})" if row.worker_running else "worker idle"
    unfinished = f", {row.unfinished} unfinished" if row.unfinished else ""
    unread = f" · inbox {row.unread:,}" if row.unread else ""
    return f"{selection.phrase(row.downloads)}{unfinished}{unread} · {'stopped' if row.held else worker}"
