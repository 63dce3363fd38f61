"""What a run of the benchmarks was made on.

Owns the names and versions of the programs; a figure without them means nothing.
"""

from __future__ import annotations

import datetime
import os
import platform
import subprocess

from tests.benchmarks.peers import installed
from tui_downloader import __version__

_PROGRAMS = {"nginx": "-v", "curl": "--version", "aria2c": "--version", "wget2": "--version", "axel": "--version"}


def made_on() -> dict[str, str]:
    """Return date, machine and versions, by name."""
    found = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "tuidl": f"{__version__}, Python {platform.python_version()}",
    }
    for program, option in {**_PROGRAMS, "mox": "--version"}.items():
        path = installed(program)
        if path:
            said = subprocess.run([path, option], check=False, capture_output=True, text=True)
            found[program] = (said.stdout + said.stderr).strip().partition("\n")[0][:60]
    return found
