"""The two streams: stdout is data, stderr is narration; what happens when one of them is gone.

Owns every write of the command line. Must never print a text from outside that did not pass `safe`, nor let a
broken pipe end in a traceback.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.errors import TuidlError
from tui_downloader.model.display_text import safe


class _Printed:
    """What stdout has taken so far."""

    anything = False
    """Whether it is any data."""


_printed = _Printed()
_PLAIN_TERMINALS = frozenset({"dumb", "unknown"})


def prepare() -> None:
    """Makes the standard streams safe to use: no closed descriptor 0 to 2, no text that cannot be encoded.

    A file opened later would otherwise get the number of a closed stream, and with it what others write there.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for stream in (_stdout(), _stderr()):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def narrate(sentence: str) -> None:
    """Prints one line for people on stderr; a closed or broken stderr is no error."""
    stream = _stderr()
    if stream is None:
        return
    try:
        stream.write(f"{safe(sentence)}\n")
        stream.flush()
    except OSError:
        _silence(stream)


def emit(lines: Iterable[str]) -> None:
    """Prints lines of data on stdout and flushes them.

    Args:
        lines: Texts without line ends.

    Raises:
        TuidlError: stdout is closed or cannot take it.
        SystemExit: The reader went away; nothing more is to be done.
    """
    _write("".join(f"{line}\n" for line in lines))


def emit_json(value: Mapping[str, object]) -> None:
    """Prints one JSON object on one line.

    Raises:
        TuidlError: stdout is closed or cannot take it.
    """
    emit([json_text(value)])


def emit_json_array(values: Sequence[Mapping[str, object]]) -> None:
    """Prints a JSON array, one object a line.

    Raises:
        TuidlError: stdout is closed or cannot take it.
    """
    emit(["[\n" + ",\n".join(json_text(value) for value in values) + "\n]" if values else "[]"])


def json_text(value: Mapping[str, object]) -> str:
    """Returns a value as JSON on one line, in ASCII: no character in it can act on a terminal."""
    import json

    return json.dumps(value)


def emit_path(path: str | os.PathLike[str]) -> None:
    """Prints a path byte for byte as the file system has it.

    Raises:
        TuidlError: stdout is closed or cannot take it.
    """
    _write(os.fsencode(path) + b"\n")


def emit_bytes(data: bytes) -> None:
    """Prints bytes as they are.

    Raises:
        TuidlError: stdout is closed or cannot take it.
        SystemExit: The reader went away; nothing more is to be done.
    """
    _write(data)


def has_printed() -> bool:
    """Tells whether any data went to stdout."""
    return _printed.anything


def end_without_reader() -> None:
    """Ends the program if stdout is a pipe that nobody reads any more.

    Raises:
        SystemExit: The reader went away; nothing more is to be done.
    """
    import select  # late: only who stays needs it

    stream = _stdout()
    if stream is None or stream.isatty() or not hasattr(select, "poll"):
        return
    looking = select.poll()
    looking.register(stream, 0)
    if any(what & select.POLLERR for _, what in looking.poll(0)):
        _silence(stream)
        raise SystemExit(ExitCode.BROKEN_PIPE)


def flush() -> None:
    """Flushes what others (the help) wrote to stdout.

    Raises:
        TuidlError: stdout cannot take it.
    """
    if _stdout() is not None:
        _write("")


def flush_all() -> None:
    """Flushes both streams at the end of the process; what cannot be written any more is dropped."""
    for stream in (_stdout(), _stderr()):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                _silence(stream)


def on_terminal() -> bool:
    """Tells whether stdout is a terminal."""
    stream = _stdout()
    return stream is not None and stream.isatty()


def can_draw() -> bool:
    """Tells whether stderr is a terminal that can move its cursor, as progress bars need."""
    stream = _stderr()
    return stream is not None and stream.isatty() and not _plain()


def can_open_screen() -> bool:
    """Tells whether the standard streams are a terminal that a full screen can be drawn on (stderr draws it)."""
    streams: list[TextIO | None] = [getattr(sys, name, None) for name in ("stdin", "stderr")]
    return all(each is not None and each.isatty() for each in streams) and on_terminal() and not _plain()


def _plain() -> bool:
    """Tells whether the terminal calls itself one without cursor control."""
    return os.environ.get("TERM", "") in _PLAIN_TERMINALS


def _stdout() -> TextIO | None:
    """Returns stdout; `None` if the process was started without."""
    stream: TextIO | None = getattr(sys, "stdout", None)
    return stream


def _stderr() -> TextIO | None:
    """Returns stderr; `None` if the process was started without."""
    stream: TextIO | None = getattr(sys, "stderr", None)
    return stream


def _write(data: str | bytes) -> None:
    """Writes to stdout and flushes; the one place where its errors are met."""
    stream = _stdout()
    _printed.anything = _printed.anything or bool(data)
    if stream is None:
        raise TuidlError("Nothing can be printed: stdout is closed.")
    try:
        if isinstance(data, bytes):
            stream.flush()
            stream.buffer.write(data)
        else:
            stream.write(data)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
        raise SystemExit(ExitCode.BROKEN_PIPE) from None
    except OSError as error:
        _silence(stream)
        raise TuidlError(f"The output cannot be written: {error.strerror}.") from error


def _silence(stream: TextIO) -> None:
    """Points a broken stream at nothing, so that what is left in its buffer raises no error at exit."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, number)
    os.close(descriptor)
