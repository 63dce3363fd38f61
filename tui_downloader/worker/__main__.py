"""The worker's process: `python -P -m tui_downloader.worker --directory DIR --lock FD`.

Owns the border where an unexpected error is logged. Holds the inherited worker lock until its last moment.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tui_downloader import paths, settings
from tui_downloader.engine import late
from tui_downloader.errors import DamagedStateFileError, TuidlError
from tui_downloader.state import mending
from tui_downloader.worker.limits import Limits
from tui_downloader.worker.log import Log, logger
from tui_downloader.worker.loop import Worker


def main() -> int:
    """Runs the worker; returns its exit code."""
    parser = argparse.ArgumentParser(description="The background worker of one tuidl session; started by tuidl.")
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--foreground", action="store_true")
    options = parser.parse_args()
    os.set_inheritable(options.lock, False)
    log = Log(options.directory / paths.LOG_FILE, foreground=options.foreground)
    state_file: Path = options.directory / paths.STATE_FILE
    try:
        _tell(mending.prepare(state_file))
        file = paths.settings_file()
        worker = Worker(state_file, log, Limits(settings.load(file), file))
        late.load_soon()
        worker.run()
    except DamagedStateFileError as error:
        logger.error("%s", error)
        found = error
    except TuidlError as error:
        logger.error("%s", error)
        return error.exit_code
    except Exception:  # noqa: BLE001 -- the supervisor's border
        logger.exception("the worker broke")
        return 1
    else:
        return 0
    return _mend(state_file, found, lock=options.lock)


def _mend(state_file: Path, found: DamagedStateFileError, *, lock: int) -> int:
    """Replaces the damaged state file and begins anew, as the same process with the same lock.

    Returns:
        The exit code, if that cannot be: whoever needs a worker starts the next one.
    """
    try:
        mended = mending.mend(state_file)
    except TuidlError as error:
        logger.error("%s", error)
        return error.exit_code
    _tell(mended)
    if mended is not None:
        os.set_inheritable(lock, True)
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 -- its own command line; no thread of before lives on
    return found.exit_code


def _tell(mended: mending.Mended | None) -> None:
    """Logs what was done about a damaged state file."""
    if mended is not None:
        logger.warning("%s", mended.sentence)


if __name__ == "__main__":
    sys.exit(main())
