"""`python -P -m tui_downloader.worker --directory DIR --lock FD` is the worker.

Must never do anything but load it and let it run.
"""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Runs the worker; returns its exit code."""
    gc.disable()  # loading modules makes no garbage, only work for the collector; the worker enables it again
    from tui_downloader.worker.process import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
