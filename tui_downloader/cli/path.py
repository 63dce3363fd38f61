"""`tuidl path`: where a download's file is, for other programs.

Must never change anything.
"""

from __future__ import annotations

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.lifecycle import State


@click.command(epilog=examples("tuidl path 3", 'xdg-open "$(tuidl path 3)"'))
@click.argument("download_id", type=selection.ID, metavar="ID")
@global_options
@click.pass_obj
def command(invocation: Invocation, download_id: int) -> int:
    """Print the absolute path of a download's file; only reads."""
    download = invocation.session().download(download_id)
    if download.path is None:
        output.narrate(f"Download {download_id} has no name yet.")
        return ExitCode.FAILED
    if download.state is not State.COMPLETED:
        output.narrate(f"Download {download_id} is not finished ({download.state.value}).")
    output.emit_path(download.path)
    return 0
