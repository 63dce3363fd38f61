"""`tuidl open`: a finished file in the desktop's program for it.

Must never change anything, nor wait for the program: some stay until their window is closed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import click

from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import TuidlError
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import State

FAILS_WITHIN_SECONDS = 5.0
"""An opener that runs longer has opened the file, or shows what is wrong itself."""


@click.command(epilog=examples("tuidl open 3", "tuidl open 3 --folder"))
@click.argument("download_id", type=selection.ID, metavar="ID")
@click.option("--folder", is_flag=True, help="Open the folder where the file is, or will be.")
@global_options
@click.pass_obj
def command(invocation: Invocation, download_id: int, folder: bool) -> int:
    """Open a finished file in the desktop's program for it."""
    download = invocation.session().download(download_id)
    if not folder and (download.state is not State.COMPLETED or download.path is None):
        raise TuidlError(
            f"Download {download_id} is not finished ({download.state.value}). To look at what is here: "
            f"tuidl preview {download_id}"
        )
    path = download.directory if folder or download.path is None else download.path
    if not path.exists():
        raise TuidlError(f"{safe(str(path))} is gone.")
    _open(path)
    output.narrate(f"Opening {safe(str(path))}")
    return 0


def _open(path: Path) -> None:
    """Starts the desktop's program.

    Raises:
        TuidlError: There is no desktop, or no program for such a file.
    """
    from tui_downloader.tui.opening import opener

    command = opener(os.environ)
    if command is None:
        raise TuidlError(f"There is no desktop to open {safe(str(path))} on.")
    null = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [*command, str(path)], stdin=null, stdout=null, stderr=null, start_new_session=True, cwd="/"
        )
        code = process.wait(FAILS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise TuidlError(f"{command[0]} cannot be started: {error.strerror}.") from error
    if code != 0:
        raise TuidlError(f"{safe(str(path))} could not be opened: {command[0]} has no program for it.")
