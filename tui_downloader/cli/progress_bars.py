"""Progress bars on a terminal's stderr.

The only module of the command line that loads rich; imported when bars are drawn. Must never give rich a text
from outside as markup.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from tui_downloader import units
from tui_downloader.cli.endings import ending
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.session.watch import is_over
from tui_downloader.tui.explanation import in_short

BARS_MAX = 12
"""Most bars at once; further downloads are counted below them."""

_DRAWS_A_SECOND = 4


class ProgressBars:
    """One bar for each unfinished download; one that ends leaves a line above the bars."""

    def __init__(self) -> None:
        """Makes the bars; nothing is drawn before `with`."""
        self._progress = _new_progress()
        self._bars: dict[int, TaskID] = {}
        self._more: TaskID | None = None
        self._total: TaskID | None = None
        self._unfinished: set[int] = set()
        self._waited: set[int] = set()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._progress.task_ids:
            self._progress.remove_task(task)
        self._progress.stop()

    def show(self, downloads: Collection[Download]) -> None:
        """Draws the downloads as they are now.

        Args:
            downloads: All that are waited for, ended ones included.
        """
        now = time.time()
        going = [each for each in downloads if not is_over(each)]
        for each in downloads:
            if is_over(each) and each.id in self._unfinished:
                self._progress.console.print(Text(ending(each)))
        self._unfinished = {each.id for each in going}
        for gone in self._bars.keys() - self._unfinished:
            self._progress.remove_task(self._bars.pop(gone))
        for each in going:
            self._draw(each, now=now)
        self._count(len(going) - len(self._bars))
        self._waited |= self._unfinished
        self._sum([each for each in downloads if each.id in self._waited])

    def _draw(self, download: Download, *, now: float) -> None:
        """Updates the bar of one download; gives it one while there is room."""
        task = self._bars.get(download.id)
        if task is None:
            if len(self._bars) >= BARS_MAX:
                return
            task = self._bars[download.id] = self._progress.add_task(download.shown_name, words="")
        self._progress.update(
            task,
            description=download.shown_name,
            completed=download.bytes_received,
            total=download.bytes_expected,
            words=words(download, now=now),
        )

    def _count(self, hidden: int) -> None:
        """Counts the downloads that have no bar."""
        if self._more is not None:
            self._progress.remove_task(self._more)
            self._more = None
        if hidden > 0:
            self._more = self._progress.add_task(f"and {hidden} more", total=1, words="")

    def _sum(self, downloads: Collection[Download]) -> None:
        """Draws a bar for all together, below the others; none for a single one."""
        if self._total is not None:
            self._progress.remove_task(self._total)
            self._total = None
        if len(downloads) < 2:
            return
        all_ = total(downloads)
        self._total = self._progress.add_task(
            f"{all_.over} of {len(downloads)} done",
            total=all_.bytes_expected,
            completed=all_.bytes_received,
            words=all_.words,
        )


@dataclass(frozen=True, slots=True)
class Total:
    """All downloads together."""

    over: int
    """How many of them have ended."""
    bytes_received: int
    """What is here of all."""
    bytes_expected: int | None
    """What all have together; `None` while one of them does not know."""
    bytes_per_second: float
    """How fast they come together."""

    @property
    def words(self) -> str:
        """The same columns as of one download."""
        expected = self.bytes_expected
        fraction = None if expected is None else self.bytes_received / expected if expected else 0.0
        moves = expected is not None and self.bytes_per_second >= 1
        left = (expected - self.bytes_received) / self.bytes_per_second if moves and expected is not None else None
        return _columns(
            fraction, self.bytes_received if expected is None else expected, self.bytes_per_second, left
        )


def total(downloads: Collection[Download]) -> Total:
    """Adds downloads up; what has ended without its file counts with what is here of it."""
    lengths = [each.bytes_received if is_over(each) else each.bytes_expected for each in downloads]
    known = [each for each in lengths if each is not None]
    return Total(
        sum(is_over(each) for each in downloads),
        sum(each.bytes_received for each in downloads),
        sum(known) if len(known) == len(lengths) else None,
        sum(each.bytes_per_second for each in downloads if each.state is State.TRANSFERRING),
    )


@contextlib.contextmanager
def reading_bar(name: str, size: int) -> Iterator[Callable[[int], None]]:
    """Draws one bar while a file is read; it is gone at the end.

    Args:
        name: What to call the file, safe to print.
        size: Its length in bytes.

    Yields:
        To be called with the number of bytes read so far.
    """
    with _new_progress() as progress:
        task = progress.add_task(name, total=size, words=units.format_bytes(size))
        yield lambda done: progress.update(task, completed=done)
        progress.remove_task(task)


def _new_progress() -> Progress:
    """Makes bars with a name before and words behind; nothing is drawn before `with`."""
    name = Column(ratio=3, no_wrap=True, overflow="ellipsis")
    return Progress(
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(bar_width=None, table_column=Column(ratio=2)),
        TextColumn("{task.fields[words]}", markup=False, table_column=Column(no_wrap=True)),
        console=Console(stderr=True, highlight=False),
        expand=True,
        refresh_per_second=_DRAWS_A_SECOND,
    )


def words(download: Download, *, now: float) -> str:
    """Words a download's progress: `64%  790 MB  8.2 MB/s  0:35`, or why nothing moves.

    Args:
        download: Not over.
        now: The present, Unix seconds.

    Returns:
        Text safe to print.
    """
    if download.state is not State.TRANSFERRING:
        reason = in_short(download, now=now)
        return f"{download.state.value} · {reason}" if reason else download.state.value
    unknown_length = download.bytes_expected is None
    size = download.bytes_received if unknown_length else download.bytes_expected
    return _columns(download.fraction, size, download.bytes_per_second, download.seconds_left)


def _columns(fraction: float | None, size: int | None, bytes_per_second: float, seconds_left: float | None) -> str:
    """Lays out how much, of what, how fast, how long."""
    percent, speed = units.format_percent(fraction), units.format_rate(bytes_per_second)
    return f"{percent:>4} {units.format_bytes(size):>8} {speed:>10} {units.format_duration(seconds_left):>7}"
