"""httpx's URLs: the way by which any URL is brought into one form.

Owns how httpx is loaded, which is late: most downloads need nothing of it. Must never hold anything else.
"""

from __future__ import annotations

import sys

# httpx loads its own command line, and with it click and rich's whole drawing, if they are installed; the worker
# uses neither. httpx does without where they are missing, so they are made to look missing while it is loaded.
# Measured, medians of 10: 87 ms of importing less (python -X importtime).
_hides_command_line = "httpx" not in sys.modules
if _hides_command_line:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # how Python marks what cannot be imported
try:
    from httpx import URL, InvalidURL
finally:
    if _hides_command_line:
        del sys.modules["httpx._main"]

__all__ = ["URL", "InvalidURL"]
