"""`tuidl demo --remove`: takes away what the demo made.

Owns what counts as the demo's: its rows, its server's pictures, files that bear the wallpaper's name in its own
folder. Must never delete anything else, nor the session while it has other downloads.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from tui_downloader.cli import output, selection
from tui_downloader.cli.demo import ADDED_BY, WALLPAPER
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.stop import stop
from tui_downloader.errors import TuidlError
from tui_downloader.model.display_text import safe
from tui_downloader.paths import TERMINALS_FILE, THUMBNAILS
from tui_downloader.session.session import Session, session_names

_ROWS_GONE_SECONDS = 15.0
_LOOK_SECONDS = 0.05


def remove_demo(session: Session, directory: Path, *, owns_session: bool) -> ExitCode:
    """Takes away the demo's download, its server and its pictures, and says so.

    Args:
        session: The session that the demo used.
        directory: The server's directory, `files` below it.
        owns_session: Whether the session is the demo's own; another one keeps its state in any case.

    Returns:
        The exit code.

    Raises:
        TuidlError: Something cannot be removed.
    """
    from tui_downloader.demo.launch import stop_server

    removed = _remove_rows(session, owns_session=owns_session)
    stop_server(directory)
    if directory.is_dir():
        removed.append(f"Removed the pictures in {directory}.")
        _delete_pictures(directory)
    for sentence in removed or ["There was nothing to remove."]:
        output.narrate(sentence)
    return ExitCode.DONE


def _remove_rows(session: Session, *, owns_session: bool) -> list[str]:
    """Removes the demo's rows, or the whole session if it has no others."""
    if not session.exists():
        return []
    downloads = session.snapshots()
    own = [each.id for each in downloads if each.added_by == ADDED_BY]
    if owns_session and len(own) == len(downloads):
        stop(session)
        session.close()
        _delete(session.directory)
        if not session_names(session.directory.parent.parent):  # the demo was all there ever was
            for kept in (TERMINALS_FILE, THUMBNAILS):
                _delete(session.directory.parent.parent / kept)
        return [f"Removed session “{session.identifier}” with {selection.phrase(len(own))}."]
    if not own:
        return []
    session.remove(own, delete_file=True)
    deadline = time.monotonic() + _ROWS_GONE_SECONDS
    while any(each.id in own for each in session.snapshots()):
        if time.monotonic() > deadline:
            raise TuidlError("The worker does not remove the demo's download; try again: tuidl demo --remove")
        time.sleep(_LOOK_SECONDS)
    return [f"Removed {selection.phrase(len(own))} of session “{session.identifier}”; the others were kept."]


def _delete_pictures(directory: Path) -> None:
    """Deletes what the server wrote and the wallpapers that were downloaded; anything else in `files` stays."""
    files = directory / "files"
    kept = []
    for each in files.iterdir() if files.is_dir() and not files.is_symlink() else []:
        if each.name.startswith(Path(WALLPAPER).stem) and not each.is_dir():
            _delete(each)
        else:
            kept.append(each.name)
    for each in directory.iterdir():
        if each != files or not kept:
            _delete(each)
    if kept:
        output.narrate(f"Kept in {files}: {safe(', '.join(sorted(kept)))}")
    else:
        directory.rmdir()


def _delete(path: Path) -> None:
    """Deletes a file, a link or a directory with all that is in it.

    Raises:
        TuidlError: It cannot be deleted.
    """
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise TuidlError(f"{error.filename} cannot be deleted: {error.strerror}.") from error
