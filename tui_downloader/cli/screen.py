"""`tuidl` without a verb: the screen, or plain lines where none can be drawn.

Must never load Textual before it is certain that there is a terminal for it.
"""

from __future__ import annotations

import os
import time

from tui_downloader.cli import output
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation


def open_screen(invocation: Invocation, *, come_back: str | None = None, images: str | None = None) -> ExitCode:
    """Opens the screen and, after it was left, prints what goes on in the background.

    Args:
        invocation: Which session.
        come_back: The command line that opens it again; `None` is `tuidl` with what names the session.
        images: How the user wants pictures drawn; `None` leaves it to environment and settings.

    Returns:
        The exit code.

    Raises:
        TuidlError: The session or the settings cannot be used.
    """
    if not output.can_open_screen():
        return _print_lines(invocation)
    from tui_downloader import paths, settings
    from tui_downloader.preview.ways import chosen

    loaded = settings.load(paths.settings_file())
    chosen(images, os.environ)  # a wrong word in the environment is told before anything is drawn
    session = invocation.session()
    from tui_downloader.tui import run_screen

    farewell = run_screen(
        session.identifier,
        invocation.chosen_state_directory,
        loaded,
        come_back or f"tuidl{invocation.option_words()}",
        images,
    )
    if farewell is not None:
        output.emit(farewell.splitlines())
    return ExitCode.DONE


def _print_lines(invocation: Invocation) -> ExitCode:
    """Prints the downloads once, as `tuidl list` does."""
    from tui_downloader.cli.listing import table

    downloads = invocation.session().snapshots()
    if downloads:
        output.emit(table(downloads, now=time.time()))
    else:
        output.narrate("Nothing here yet. To add a download: tuidl add URL")
    return ExitCode.DONE
