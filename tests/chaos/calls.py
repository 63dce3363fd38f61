"""Many calls of the command line in one process: starting Python for each would take most of a test's time.

Owns that process. Must never call the command line in the test's own.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.end_to_end.home import Home

_MARK = "-- next call --"
_CALLS = f"""
import json, sys
calls = json.load(sys.stdin)
from tui_downloader.cli.main import exit_code
for call in calls:
    print({_MARK!r}, flush=True)
    print({_MARK!r}, file=sys.stderr, flush=True)
    exit_code(call)
"""


def call_all(place: Home, calls: list[list[str]], **variables: str) -> list[tuple[str, str]]:
    """Call the command line again and again in one process; return what each call printed on both streams."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CALLS],
        input=json.dumps(calls),
        env={**place.command_line.variables, **variables},
        cwd=place.root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return list(zip(done.stdout.split(_MARK)[1:], done.stderr.split(_MARK)[1:], strict=True))
