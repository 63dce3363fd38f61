"""Moves bytes from servers to part files: httpx in, files out.

Must never know SQLite, sessions or screens: it reports to an observer and is told when to stop.
"""

from __future__ import annotations

import sys

# httpx loads its own command line, and with it click and rich's whole drawing, if they are installed; the worker
# uses neither. httpx does without where they are missing, so they are made to look missing while it is loaded.
# Measured, medians of 10: 87 ms of importing less (python -X importtime); all of the worker's modules are loaded
# in 297 ms instead of 424.
if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # how Python marks what cannot be imported
    try:
        import httpx  # noqa: F401  # loaded here, before any module of this part asks for it
    finally:
        del sys.modules["httpx._main"]
