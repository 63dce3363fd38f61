"""The demonstration's server process: `python -P -m tui_downloader.demo --directory DIR`.

Owns the life of the process: the lock, the signals, the port, the end. Must never need a terminal, and
must never answer on its port before the wallpaper is there.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tui_downloader.demo.activity import Activity
from tui_downloader.demo.gallery import Gallery
from tui_downloader.demo.pictures import WALLPAPER
from tui_downloader.demo.rendezvous import Record, read_record, take_lock, write_record
from tui_downloader.demo.server import PictureServer

_TURN_SECONDS = 0.1
"""How long the server waits for a connection before it asks itself whether it should end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the end and return the exit code: 0, also if a server is there already, or 1.

    Args:
        arguments: The command line without the program; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    try:
        # The lock is held until the process is gone: nothing closes the descriptor.
        if take_lock(options.directory) is None:
            sys.stderr.write("A demo server is there already.\n")
            return 0
        _serve(options, ended)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -P -m tui_downloader.demo", description="The demo's server.")
    parser.add_argument("--directory", type=Path, required=True, help="where pictures, lock and port are")
    parser.add_argument("--rate", type=_positive, default=150_000, help="bytes a second, each connection")
    parser.add_argument("--lifetime", type=float, default=900.0, help="seconds until an unused server ends")
    parser.add_argument("--quiet", type=float, default=60.0, help="seconds to the end after the last fetch")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        message = f"{text} is not at least 1"
        raise argparse.ArgumentTypeError(message)
    return number


def _serve(options: argparse.Namespace, ended: threading.Event) -> None:
    directory: Path = options.directory
    gallery = Gallery(directory)
    gallery.exhibit(WALLPAPER)
    activity = Activity(time.monotonic(), lifetime_seconds=options.lifetime, quiet_seconds=options.quiet)
    with _bound(directory, gallery, activity, options.rate) as server:
        write_record(directory, Record(server.server_port, os.getpid()))
        threading.Thread(target=_draw_the_others, args=(gallery,), daemon=True).start()
        server.timeout = _TURN_SECONDS
        while not ended.is_set() and not activity.is_over(time.monotonic()):
            server.handle_request()


def _bound(directory: Path, gallery: Gallery, activity: Activity, rate: int) -> PictureServer:
    before = read_record(directory)
    if before is not None:
        try:
            return PictureServer(before.port, gallery, activity, rate_bytes_per_second=rate)
        except OSError:
            pass  # somebody else has it now: any other port does
    return PictureServer(0, gallery, activity, rate_bytes_per_second=rate)


def _draw_the_others(gallery: Gallery) -> None:
    os.nice(10)  # nobody waits for them, and whoever looks at the screen needs the processor more
    try:
        gallery.draw_all()
    except OSError as error:
        sys.stderr.write(f"The other pictures cannot be drawn: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
