"""The worker's process, from its arguments to its exit code.

Owns the border where an unexpected error is logged. Holds the inherited worker lock until its last moment.
"""

from __future__ import annotations

import argparse
import gc
import os
from pathlib import Path

from tui_downloader import paths, settings
from tui_downloader.engine import late
from tui_downloader.errors import SessionUnusableError, TuidlError
from tui_downloader.worker.limits import Limits
from tui_downloader.worker.log import Log, logger
from tui_downloader.worker.loop import Worker
from tui_downloader.worker.renewal import Renewal

_GARBAGE_OBJECTS = 5000
"""After so many new objects the youngest are looked through: hundreds of small files are no reason to do so each
time that one of them ends."""


def run() -> int:
    """Runs the worker; returns its exit code."""
    parser = argparse.ArgumentParser(description="The background worker of one tuidl session; started by tuidl.")
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--foreground", action="store_true")
    options = parser.parse_args()
    os.set_inheritable(options.lock, False)
    log = Log(options.directory / paths.LOG_FILE, foreground=options.foreground)
    state_file: Path = options.directory / paths.STATE_FILE
    renewal = Renewal(state_file, lock=options.lock)
    worker: Worker | None = None
    try:
        file = paths.settings_file()
        limits = Limits(settings.load(file), file)
        renewal.prepare()
        worker = Worker(state_file, log, limits)
        late.load_soon()
        gc.freeze()  # modules are no garbage, and there are many of them
        gc.set_threshold(_GARBAGE_OBJECTS)
        gc.enable()  # loading them ran without
        worker.run()
    except SessionUnusableError as error:
        failure = error
    except TuidlError as error:
        logger.error("%s", error)
        return error.exit_code
    except Exception:  # noqa: BLE001 -- the supervisor's border
        logger.exception("the worker broke")
        return 1
    else:
        return 0
    is_expected = worker is not None and worker.is_expected
    worker = None  # its connections go with it
    return renewal.after(failure, is_expected=is_expected)
