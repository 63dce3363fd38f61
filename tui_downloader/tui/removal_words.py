"""What is asked before downloads are removed or files deleted: one question, however many they are.

Owns the questions' words, and when nothing is asked (SCREEN section 7). Must never remove anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.detail_words import amount, counted, tilde
from tui_downloader.tui.words import is_picture
from tui_downloader.units import format_bytes

ASK_ABOVE_BYTES = 1_000_000
"""Removing unfinished downloads asks when more than this was received."""

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks."""

    title: str
    """The question itself."""
    lines: tuple[str, ...]
    """What it is about and what would happen; may hold text from outside."""
    act: str
    """The answer that acts, in a word."""


def removal_question(downloads: Sequence[Download]) -> Question | None:
    """Words what is lost when downloads are taken off the list; `None` if that is not worth a question."""
    unfinished = [each for each in downloads if each.state is not State.COMPLETED]
    received = sum(each.bytes_received for each in unfinished)
    if received <= ASK_ABOVE_BYTES:
        return None
    if len(downloads) == 1:
        about = f"{downloads[0].shown_name}, {amount(downloads[0])} received"
        lost = "What was received is deleted from the disk. This cannot be undone."
        return Question("Remove download?", (about, lost), "Remove")
    finished = len(downloads) - len(unfinished)
    lines = [
        _names(downloads),
        f"{_received(unfinished, received)} is deleted from the disk. This cannot be undone.",
    ]
    if finished:
        lines.append(f"{counted(finished, 'finished file')} {'stays' if finished == 1 else 'stay'} on the disk.")
    return Question(f"Remove {counted(len(downloads), 'download')}?", tuple(lines), "Remove")


def deletion_question(downloads: Sequence[Download]) -> Question:
    """Words what is lost when downloads are taken off the list and their finished files deleted.

    Args:
        downloads: At least one of them finished.
    """
    done = [each for each in downloads if each.state is State.COMPLETED]
    unfinished = [each for each in downloads if each.state is not State.COMPLETED]
    received = sum(each.bytes_received for each in unfinished)
    noun = "image" if all(map(is_picture, done)) else "file"
    size = format_bytes(sum(each.bytes_received for each in done))
    directories = {each.directory for each in done}
    place = f"in {tilde(done[0].directory)}" if len(directories) == 1 else f"in {len(directories):,} directories"
    if len(downloads) == 1:
        lines = (
            f"{done[0].shown_name}, {size}, {place}",
            "The file is deleted from the disk. This cannot be undone.",
        )
        return Question(f"Delete {noun}?", lines, "Delete")
    files = "file is" if len(done) == 1 else "files are"
    about = [
        _names(downloads),
        f"{counted(len(done), 'file')}, {size}, {place}",
        f"The {files} deleted from the disk. This cannot be undone.",
    ]
    if unfinished:
        about.append(
            f"{counted(len(unfinished), 'unfinished download')} removed, too: {format_bytes(received)} received."
        )
    title = f"Delete {noun}?" if len(done) == 1 else f"Delete {counted(len(done), noun)}?"
    return Question(title, tuple(about), "Delete")


def _names(downloads: Sequence[Download]) -> str:
    """Names the first ones and counts the others: `a.iso, b.iso and 5 more`."""
    names = [each.shown_name for each in downloads[:_NAMED]]
    more = len(downloads) - len(names)
    if more:
        return f"{', '.join(names)} and {more:,} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _received(unfinished: Sequence[Download], received: int) -> str:
    """Words how much is lost of how many."""
    return f"What was received of {counted(len(unfinished), 'unfinished download')}, {format_bytes(received)},"
