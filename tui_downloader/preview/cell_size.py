"""How large a cell of the terminal is in pixels, so that pictures keep their proportions.

Owns which reports are believed. Must never write to the terminal.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Mapping
from typing import Final, NamedTuple

from tui_downloader.preview.ways import is_multiplexed


class CellSize(NamedTuple):
    """A cell in pixels."""

    width: int
    """From left to right."""
    height: int
    """From top to bottom."""

    @property
    def aspect(self) -> float:
        """Height divided by width."""
        return self.height / self.width


USUAL: Final = CellSize(10, 20)
"""Where nothing better is known."""


class WindowReport(NamedTuple):
    """What the system says of a terminal's window; zeros where it does not know."""

    columns: int
    """Width in cells."""
    rows: int
    """Height in cells."""
    width: int
    """Width in pixels."""
    height: int
    """Height in pixels."""


def window_report(descriptor: int) -> WindowReport:
    """Ask the system for a terminal's window (TIOCGWINSZ); all zeros where that cannot be told.

    Args:
        descriptor: An open file of the terminal.
    """
    with contextlib.suppress(ImportError, OSError):  # Windows; no terminal
        import fcntl
        import termios

        rows, columns, width, height = struct.unpack("4H", fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8)))
        return WindowReport(columns, rows, width, height)
    return WindowReport(0, 0, 0, 0)


def cell_size(report: WindowReport, environment: Mapping[str, str], *, answer: str | None = None) -> CellSize:
    """Find the size of a cell: as the system reports it, else as the terminal told, else the usual one.

    Args:
        report: What the system says.
        environment: The process's variables; through tmux sizes come that no cell has.
        answer: What the terminal told about its cells: `height;width`.
    """
    if is_multiplexed(environment):
        return USUAL
    if report.columns and report.rows:
        reported = CellSize(report.width // report.columns, report.height // report.rows)
        if _is_sane(reported):
            return reported
    with contextlib.suppress(ValueError):
        height, width = map(int, (answer or "").split(";"))
        if _is_sane(CellSize(width, height)):
            return CellSize(width, height)
    return USUAL


def _is_sane(size: CellSize) -> bool:
    return 4 <= size.width <= 64 and 1.4 <= size.aspect <= 3.0
