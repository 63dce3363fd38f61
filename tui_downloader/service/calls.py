"""Calls of the system's programs: `systemctl`, `loginctl`, `launchctl`.

Owns running them and wording why one failed. Must never wait for ever.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from tui_downloader.errors import ServiceError
from tui_downloader.model.display_text import safe

ANSWER_SECONDS = 30.0
"""How long a program may take: a desktop may ask for a password in between."""


def answer(command: Sequence[str]) -> tuple[int, str]:
    """Runs a program.

    Returns:
        Its exit code (127 if it cannot be run, 124 if it did not answer), and what it said, its last line safe to
        print.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        return 124, f"{command[0]} did not answer"
    except OSError as error:
        return 127, f"{command[0]} cannot be run: {error.strerror}"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return done.returncode, safe(lines[-1]) if lines else ""


def call(command: Sequence[str]) -> str:
    """Runs a program that must not fail; returns what it said last.

    Raises:
        ServiceError: It failed.
    """
    code, said = answer(command)
    if code != 0:
        raise ServiceError(f"“{' '.join(command)}” failed: {said or f'code {code}'}")
    return said
