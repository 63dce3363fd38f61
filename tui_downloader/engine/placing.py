"""A new part file under a name of its own.

Owns the order: names and validator are committed, then the file is created, then which file it is. Must never take
or move a file that is not ours.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.ladder import resumable_from
from tui_downloader.engine.observer import TransferObserver
from tui_downloader.engine.partial_file import PartialFile, set_aside
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.resume import ResumeData

_TRIES = 20


def create_part(
    observer: TransferObserver, head: ResponseHead, *, digest: Digest | None, left: ResumeData | None
) -> tuple[PartialFile, str]:
    """Creates the part file of a whole representation.

    Args:
        observer: Reserves the names.
        head: The response that brings the bytes.
        digest: What the file must have; `None` if nobody named one.
        left: What an earlier attempt left; its part file is set aside.

    Returns:
        The part file, and the final name reserved.

    Raises:
        TransferError: It cannot be created.
        Stopped: The transfer no longer counts.
    """
    resumable, part_taken = resumable_from(head), False
    set_left_aside(left)
    for _ in range(_TRIES):
        path, filename = observer.place(head, resumable=resumable, digest=digest, part_taken=part_taken)
        try:
            part = _create_or_adopt(path, left)
        except FileExistsError:
            part_taken = True
            continue
        observer.created(part.identity())
        return part, filename
    raise TransferError(Reason.DESTINATION, "no free name for the part file")


def set_left_aside(left: ResumeData | None) -> int | None:
    """Sets aside the part file of an earlier attempt, unless somebody else's file has its name by now.

    Returns:
        Its size in bytes; `None` if there was nothing of ours.

    Raises:
        TransferError: It cannot be renamed.
    """
    if left is None or left.inode is None:
        return None
    return set_aside(left.part_path, inode=left.inode)


def _create_or_adopt(path: Path, left: ResumeData | None) -> PartialFile:
    """Creates the file, or takes the one that a killed attempt had created but not yet recorded."""
    try:
        return PartialFile.create(path)
    except FileExistsError:
        if left is None or left.part_path != path or left.inode is not None:
            raise
        return PartialFile.reopen(left)
