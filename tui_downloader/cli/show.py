"""`tuidl show`: everything about one download.

Must never change anything.
"""

from __future__ import annotations

import time

import click

from tui_downloader import units
from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download, download_as_json


@click.command(epilog=examples("tuidl show 3", "tuidl show 3 --json"))
@click.argument("download_id", type=selection.ID, metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@global_options
@click.pass_obj
def command(invocation: Invocation, download_id: int, as_json: bool) -> int:
    """Show one download in full; only reads."""
    session = invocation.session()
    download = session.download(download_id)
    if as_json:
        output.emit_json(download_as_json(download, session=session.identifier))
        return 0
    facts = [(label, text) for label, text in _facts(download, now=time.time()) if text]
    width = max(len(label) for label, _ in facts)
    output.emit(f"{label:<{width}}  {text}" for label, text in facts)
    return 0


def _facts(download: Download, *, now: float) -> list[tuple[str, str]]:
    """Returns labels and texts, safe to print; an empty text is left out."""
    why = _why(download, now=now)
    return [
        ("id", str(download.id)),
        ("name", download.shown_name),
        ("state", f"{download.state.value} · {why}" if why else download.state.value),
        ("url", download.shown_url),
        ("directory", safe(str(download.directory))),
        ("path", safe(str(download.path)) if download.path else ""),
        ("type", download.media_type or ""),
        ("received", _amount(download)),
        ("speed", units.format_rate(download.bytes_per_second) if download.bytes_per_second else ""),
        ("left", units.format_duration(download.seconds_left) if download.seconds_left is not None else ""),
        ("connections", str(download.connections or "")),
        ("resumable", download.resumable.value),
        ("attempt", str(download.attempt or "")),
        ("digest", _digest(download)),
        ("added", _moment(download.added_at, now=now)),
        ("started", _moment(download.started_at, now=now)),
        ("ended", _moment(download.finished_at, now=now)),
    ]


def _why(download: Download, *, now: float) -> str:
    """Words why it waits or failed, what was kept, what follows and which command helps; else empty."""
    if download.reason is None:
        return ""
    from tui_downloader.tui.explanation import explain, in_a_row  # late: most downloads need none

    explanation = explain(download, now=now)
    return "" if explanation is None else in_a_row(explanation, with_command=True)


def _amount(download: Download) -> str:
    """Words how much is here: `510 MB of 790 MB (64%)`."""
    received = units.format_bytes(download.bytes_received)
    if download.bytes_expected is None:
        return received
    return (
        f"{received} of {units.format_bytes(download.bytes_expected)} ({units.format_percent(download.fraction)})"
    )


def _digest(download: Download) -> str:
    """Words the digest: algorithm, value, who said so and whether it was compared."""
    digest = download.digest
    if digest is None:
        return ""
    verdict = "verified" if digest.verified else "not verified"
    return safe(f"{digest.algorithm}:{digest.value} ({digest.source}, {verdict})")


def _moment(at: float | None, *, now: float) -> str:
    """Words an instant for people."""
    return units.format_moment(at, now=now)
