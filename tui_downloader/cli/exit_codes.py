"""The exit codes of the command line; scripts build on them, so none may ever change its meaning.

Must never import anything of this package.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command line ended; errors of the error tree carry the same numbers."""

    DONE = 0
    """What was asked for is done."""
    FAILED = 1
    """A download failed, was cancelled or removed; or the program itself failed."""
    USAGE = 2
    """What was typed cannot be used, or only in part."""
    TIMED_OUT = 3
    """The time given to wait was up."""
    NO_SUCH_ID = 4
    """An id is not there; the others are done."""
    INTERRUPTED = 130
    """Ctrl+C, as shells count it: 128 + SIGINT."""
    BROKEN_PIPE = 141
    """The reader of stdout went away: 128 + SIGPIPE."""
