"""What the shell offers behind a half-typed word: downloads, sessions, settings, files.

Owns the looking up; loads nothing before a shell asks. Must never create a session, start a worker, or print what
is wrong: where nothing can be read nothing is offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

OFFERED_MAX = 100
"""Most downloads that are offered, the newest."""


def complete_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offers the numbers of downloads, the newest first, with their states and names."""
    from click.shell_completion import CompletionItem

    from tui_downloader.cli.invocation import Invocation
    from tui_downloader.errors import TuidlError

    try:
        downloads = context.ensure_object(Invocation).session().snapshots()
    except TuidlError:
        return []
    given = {str(each) for value in context.params.values() if isinstance(value, tuple) for each in value}
    fitting = [each for each in reversed(downloads) if str(each.id).startswith(incomplete)]
    return [
        CompletionItem(str(each.id), help=f"{each.state.value} · {each.shown_name}")
        for each in [one for one in fitting if str(one.id) not in given][:OFFERED_MAX]
    ]


def complete_subjects(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offers downloads where a number may stand, else leaves it to the shell to offer files."""
    offered = [] if incomplete and not incomplete.isdecimal() else complete_ids(context, parameter, incomplete)
    return offered or complete_files(context, parameter, incomplete)


def complete_sessions(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offers the sessions that were ever used."""
    from click.shell_completion import CompletionItem

    from tui_downloader.cli.invocation import Invocation
    from tui_downloader.errors import TuidlError
    from tui_downloader.session.opening import session_names

    try:
        names = session_names(context.ensure_object(Invocation).chosen_state_directory)
    except TuidlError:
        return []
    return [CompletionItem(each) for each in names if each.startswith(incomplete)]


def complete_settings(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offers the keys of the settings with their meanings."""
    import dataclasses

    from click.shell_completion import CompletionItem

    from tui_downloader.settings import Settings

    return [
        CompletionItem(each.name, help=each.metadata["meaning"])
        for each in dataclasses.fields(Settings)
        if each.name.startswith(incomplete)
    ]


def complete_directories(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Leaves it to the shell to offer directories."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def complete_files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leaves it to the shell to offer files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
