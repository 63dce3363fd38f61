"""`tuidl demo`: a wallpaper from a small slow server of the program's own, to see it at work without a link.

Owns which download is the demo's and how it is taken up again. Must never touch another download of the session.
"""

from __future__ import annotations

import gc
from collections.abc import Collection
from pathlib import Path

import click

from tui_downloader import paths, units
from tui_downloader.cli import output
from tui_downloader.cli.endings import ending
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import LIVE_STATES, Intent, State
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.tui.explanation import in_short

DEMO_SESSION = "demo"
"""Identifier of the session that is used when none was named."""

WALLPAPER = "nebula-2560x1024.jpg"
"""The picture that is downloaded."""

ADDED_BY = "demo"
"""Marks the demo's rows; no other row is touched."""

RATE_BYTES_PER_SECOND = 150_000
"""Pace of the server: about half a minute for the wallpaper."""


@click.command(epilog=examples("tuidl demo", "tuidl demo --remove"))
@click.option("--remove", is_flag=True, help="Take away all that the demo made.")
@global_options
@click.pass_obj
def command(invocation: Invocation, remove: bool) -> int:
    """Download a wallpaper from a slow server of its own: quit in the middle, come back."""
    if invocation.named_session is None:
        invocation.chosen_session = DEMO_SESSION
    session = invocation.session()
    if remove:
        from tui_downloader.cli.demo_removal import remove_demo

        return remove_demo(session, directory(), owns_session=session.identifier == DEMO_SESSION)
    from tui_downloader.demo.launch import ensure_server

    server = ensure_server(directory(), rate_bytes_per_second=RATE_BYTES_PER_SECOND)
    download_id = take_up(session, server.url(WALLPAPER), directory() / "files")
    named = "" if session.identifier == DEMO_SESSION else f" -s {session.identifier}"
    come_back = f"tuidl{named} demo"
    if not output.can_open_screen():
        return _show_lines(session, download_id, come_back=come_back)
    from tui_downloader.cli.screen import open_screen

    return open_screen(invocation, come_back=come_back)


def directory() -> Path:
    """Returns where the server keeps its pictures; below it, `files` takes what is downloaded."""
    return paths.cache_directory() / "demo"


def take_up(session: Session, url: str, files: Path) -> int:
    """Sees to it that the demo's download is there and goes on, wherever it was left.

    Args:
        session: The session.
        url: Where the wallpaper is now; the port may be another one than last time.
        files: Where it is saved; made if missing.

    Returns:
        The download's id.

    Raises:
        SessionUnusableError: The directory or the session cannot be used.
    """
    own = [each for each in session.snapshots() if each.added_by == ADDED_BY and each.intent is not Intent.REMOVE]
    last = own[-1] if own else None
    if last is None or _has_lost_its_file(last):
        paths.create_private_directory(files)
        # One connection: the server paces each one, and the point is to watch.
        wallpaper = Request(url=url, directory=files, added_by=ADDED_BY, connections_max=1)
        return session.add([wallpaper])[0].download.id
    if last.state is not State.COMPLETED:
        if last.url != url:
            session.resume([last.id], url=url)
        elif last.intent is not Intent.RUN or last.state not in LIVE_STATES:
            session.resume([last.id])
    return last.id


def _has_lost_its_file(download: Download) -> bool:
    """Tells whether a download is finished but its file was deleted since."""
    return download.state is State.COMPLETED and (download.path is None or not download.path.exists())


def _show_lines(session: Session, download_id: int, *, come_back: str) -> ExitCode:
    """Looks on where no screen can be drawn: lines on stderr, at the end the file's path on stdout."""
    from tui_downloader.session.watch import Watch

    gc.enable()  # the start ran without; this may take a while
    watch = Watch(session, [download_id], say=output.narrate)
    try:
        watch.follow(ProgressLines().show, deadline=float("inf"))
    except KeyboardInterrupt:
        output.narrate(f"The download goes on. Come back: {come_back}")
        return ExitCode.INTERRUPTED
    ended = watch.downloads
    for each in ended:
        output.narrate(ending(each))
        if each.state is State.COMPLETED and each.path is not None:
            output.emit_path(each.path)
            return ExitCode.DONE
    return ExitCode.FAILED


class ProgressLines:
    """Progress as plain lines on stderr: each 10 %, and whenever the state changes."""

    def __init__(self) -> None:
        """Has printed nothing yet."""
        self._printed: tuple[State, int, str] | None = None

    def show(self, downloads: Collection[Download]) -> None:
        """Prints what is new of a download on its way."""
        for each in downloads:
            tenth = int((each.fraction or 0.0) * 10)
            reason = in_short(each, now=each.retry_at or 0.0).partition(" · ")[0]
            if each.state in {State.COMPLETED, State.VERIFYING} or (each.state, tenth, reason) == self._printed:
                continue
            self._printed = (each.state, tenth, reason)
            if each.state is State.TRANSFERRING:
                expected = units.format_bytes(each.bytes_expected)
                output.narrate(f"{tenth * 10}%: {units.format_bytes(each.bytes_received)} of {expected}")
            else:
                output.narrate(f"{each.state.value}{reason and ' · '}{reason}")
