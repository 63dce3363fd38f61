"""What is left when the program itself is wrong: a log with the place of the error and one sentence that names it.

Owns the front ends' crash log. Must never raise, nor write an error's own text: it may hold a secret.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from tui_downloader.cli import output
from tui_downloader.cli.exit_codes import ExitCode

LOG_NAME = "tuidl.log"
"""Name of the crash log within the state directory."""

LOG_BYTES_MAX = 1024 * 1024
"""A longer log is begun anew, in bytes."""


def report(error: Exception, *, state_directory: Path | None) -> int:
    """Writes the traceback to the log and says where it is.

    Args:
        error: The exception nobody expected.
        state_directory: Where the log goes; `None` is the usual state directory.

    Returns:
        The exit code.
    """
    from tui_downloader import paths

    kind = type(error).__name__
    sentence = f"Something unexpected happened ({kind}); downloads are not affected."
    try:
        log = (state_directory or paths.state_directory()) / LOG_NAME
        _append(log, "".join([*traceback.format_tb(error.__traceback__), f"{kind}\n"]))
    except Exception:  # noqa: BLE001 -- the log is a courtesy; the sentence must come in any case
        output.narrate(f"{sentence} TUIDL_DEBUG=1 shows where.")
    else:
        output.narrate(f"{sentence} Its place is in {log}; TUIDL_DEBUG=1 shows all.")
    return ExitCode.FAILED


def _append(log: Path, text: str) -> None:
    """Appends to the log, readable for its owner only."""
    from tui_downloader import paths

    paths.create_private_directory(log.parent)
    too_long = log.exists() and log.stat().st_size > LOG_BYTES_MAX
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | (os.O_TRUNC if too_long else os.O_APPEND)
    with os.fdopen(os.open(log, flags, 0o600), "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
