"""`tuidl list`: what is there, one line a download.

Owns the plain table, also shown where no screen can be drawn. Must stay fast: no rich, nothing that is not needed
to read rows.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from tui_downloader import units
from tui_downloader.cli import output
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.download import Download, download_as_json
from tui_downloader.model.lifecycle import State

_HEADINGS = ("id", "state", "done", "size", "speed", "left", "name")
_LEFT_ALIGNED = {1, 6}
_GAP = "  "


@click.command(epilog=examples("tuidl list", "tuidl list --state failed --json"))
@click.option(
    "--state", type=click.Choice([each.value for each in State]), metavar="STATE", help="Only those in this state."
)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@global_options
@click.pass_obj
def command(invocation: Invocation, state: str | None, as_json: bool) -> int:
    """Show the downloads; only reads."""
    session = invocation.session()
    downloads = [each for each in session.snapshots() if state in {None, each.state.value}]
    if as_json:
        output.emit_json_array([download_as_json(each, session=session.identifier) for each in downloads])
    elif downloads:
        output.emit(table(downloads, now=time.time()))
    else:
        output.narrate("Nothing here." if state else "Nothing here yet. To add a download: tuidl add URL")
    return 0


def table(downloads: Sequence[Download], *, now: float) -> list[str]:
    """Lays downloads out in aligned columns under a heading.

    Args:
        downloads: At least one.
        now: The present, Unix seconds.

    Returns:
        Lines safe to print.
    """
    rows = [_HEADINGS, *(_cells(each, now=now) for each in downloads)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return [
        _GAP.join(
            cell.ljust(widths[column]) if column in _LEFT_ALIGNED else cell.rjust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def _cells(download: Download, *, now: float) -> tuple[str, ...]:
    """Returns the texts of one row; the name is last, since how wide it is only the terminal knows."""
    moves = download.state is State.TRANSFERRING
    unknown_length = download.bytes_expected is None
    reason = ""
    if download.reason is not None:
        from tui_downloader.tui.explanation import in_short  # late: most rows have nothing to explain

        reason = in_short(download, now=now)
    if download.state is State.COMPLETED:
        last = units.format_moment(download.finished_at, now=now)
    else:
        last = units.format_duration(download.seconds_left) if moves else ""
    return (
        str(download.id),
        download.state.value,
        units.format_percent(download.fraction),
        units.format_bytes(download.bytes_received if unknown_length else download.bytes_expected),
        units.format_rate(download.bytes_per_second) if moves else "",
        last,
        f"{download.shown_name} · {reason}" if reason else download.shown_name,
    )
