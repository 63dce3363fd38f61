"""Deleting what belongs to a removed download.

Owns the choice of files. Must never delete a file that somebody else put where ours was.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.engine.partial_file import stale_path
from tui_downloader.model.lifecycle import State
from tui_downloader.model.resume import Work
from tui_downloader.worker.log import logger


def delete_files(work: Work) -> str | None:
    """Deletes the part file and what was set aside for it; the finished file if that was asked for.

    Args:
        work: The row.

    Returns:
        Which file could not be deleted, and why; `None` if all are gone.
    """
    problem: str | None = None
    for path in _doomed(work):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            problem = f"{path} was not deleted: {error.strerror}"
            logger.warning("download %d: %s", work.download.id, problem)
    return problem


def _doomed(work: Work) -> list[Path]:
    """Returns what to delete."""
    download, left = work.download, work.resume_data
    paths: list[Path] = []
    if left is not None and left.inode is not None:
        paths.append(stale_path(left.part_path))
        if _inode_of(left.part_path) == left.inode:
            paths.append(left.part_path)
    if work.delete_file and download.state is State.COMPLETED and download.path is not None:
        paths.append(download.path)
    return paths


def _inode_of(path: Path) -> int | None:
    """Returns a file's inode number; `None` if it is not there."""
    try:
        return path.lstat().st_ino
    except OSError:
        return None
