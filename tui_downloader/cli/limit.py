"""`tuidl limit`: how fast all downloads together, or some of them, may be.

Owns the words for limits on the command line. Must never do more than change limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui_downloader import units
from tui_downloader.cli import output, selection
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import InvalidInputError, NoSuchDownloadError

if TYPE_CHECKING:
    from tui_downloader.model.download import Download
    from tui_downloader.session.session import Session

RATE_MIN = 1000
"""Least limit that can be typed, in bytes a second: less is a unit forgotten, or an id in the wrong place."""

_OFF, _DEFAULT = "off", "default"
_ALL = "all"


@click.command(epilog=examples("tuidl limit 2M", "tuidl limit 500k 3 5", "tuidl limit off"))
@click.argument("rate", required=False, metavar="[RATE|off|default]")
@click.argument("ids", nargs=-1, type=selection.ID, metavar="[ID]...")
@click.option("--json", "as_json", is_flag=True, help="Print the limits as a JSON object.")
@global_options
@click.pass_obj
def command(invocation: Invocation, rate: str | None, ids: tuple[int, ...], as_json: bool) -> int:
    """Limit the speed of all downloads together, or of each one named.

    RATE is bytes a second: 500k, 2M, 2Mi. off lifts the limit; default takes it from the settings again. Without
    arguments the present limits are shown.
    """
    session = invocation.session()
    code = ExitCode.DONE if rate is None else _set(session, rate, list(dict.fromkeys(ids)))
    if as_json:
        output.emit_json(_as_json(session, _unfinished(session)))
    elif rate is None:
        output.emit(_table(session, _unfinished(session)))
    return code


def _set(session: Session, text: str, ids: Sequence[int]) -> ExitCode:
    """Sets a limit and says so.

    Raises:
        InvalidInputError: The text is no limit.
    """
    limit = checked_limit(text)
    if not ids:
        session.limit_all(limit)
        words = "as in the settings" if limit is None else _words(limit)
        output.narrate(f"Limit of all downloads together: {words}.")
        return ExitCode.DONE
    try:
        session.limit(ids, limit)
    except NoSuchDownloadError as error:
        output.narrate(str(error))
        return ExitCode.NO_SUCH_ID
    output.narrate(f"Limit of {selection.phrase(len(ids))}: {_words(limit)}.")
    return ExitCode.DONE


def checked_limit(text: str) -> int | None:
    """Reads a limit as typed.

    Returns:
        Bytes a second; 0 for `off`, `None` for `default`.

    Raises:
        InvalidInputError: It is none, or so low that something else must have been meant.
    """
    word = text.strip().lower()
    if word in {_OFF, _DEFAULT}:
        return 0 if word == _OFF else None
    rate = units.parse_size(text)
    if 0 < rate < RATE_MIN:
        raise InvalidInputError(
            f"A limit of {units.format_rate(rate)} is too low; the least is 1k. To limit download {rate}: "
            f"tuidl limit RATE {rate}"
        )
    return rate


def _unfinished(session: Session) -> list[Download]:
    """Returns the downloads for which a limit may still count."""
    from tui_downloader.model.lifecycle import Intent, State

    return [
        each
        for each in session.snapshots()
        if each.state is not State.COMPLETED and each.intent is not Intent.REMOVE
    ]


def _of_all(session: Session) -> tuple[int | None, str]:
    """Returns the limit that holds for all together (`None` is none), and where it comes from.

    Raises:
        SettingsError: It is the settings', and they cannot be used.
    """
    chosen = session.limit_of_all()
    if chosen is not None:
        return chosen or None, "session"
    from tui_downloader import paths, settings

    return settings.load(paths.settings_file()).bytes_per_second_max or None, "settings"


def _table(session: Session, downloads: Sequence[Download]) -> list[str]:
    """Lays the limits out: the one of all, then each download's own; safe to print."""
    limit, source = _of_all(session)
    rows = [(_ALL, _words(limit), "" if source == "session" else "(settings)")]
    rows += [(str(each.id), _words(each.bytes_per_second_max), each.shown_name) for each in downloads]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return [f"{name:>{widths[0]}}  {words:>{widths[1]}}  {more}".rstrip() for name, words, more in rows]


def _as_json(session: Session, downloads: Sequence[Download]) -> dict[str, object]:
    """Returns the limits as a JSON object; null is no limit."""
    limit, source = _of_all(session)
    return {
        "session": session.identifier,
        "bytes_per_second_max": limit,
        "source": source,
        "downloads": [{"id": each.id, "bytes_per_second_max": each.bytes_per_second_max} for each in downloads],
    }


def _words(limit: int | None) -> str:
    """Words a limit: `2.0 MB/s`, `none`."""
    return units.format_rate(limit) if limit else "none"
