"""Rights of downloaded files: nobody else's business while they are unfinished, the user's wish afterwards.

Owns the two modes. Must never give everybody the right to write, whatever the umask says.
"""

from __future__ import annotations

import contextlib
import os

UNFINISHED_MODE = 0o600
"""Rights of a part file: nobody else reads what may never become a file, or writes into what is being checked."""

_FINISHED_MODE = 0o664


def finished_mode() -> int:
    """Returns the rights of finished files: what the umask leaves, and no right to write for everybody.

    Asking changes the umask for a moment: to be called before there are other threads.
    """
    umask = os.umask(0o077)
    os.umask(umask)
    return _FINISHED_MODE & ~umask


def give(descriptor: int, mode: int) -> None:
    """Sets the rights of an open file, where its file system knows rights."""
    if hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, mode)
