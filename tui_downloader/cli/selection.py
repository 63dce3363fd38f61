"""Which downloads a verb is about: ids, `--all`, or a group of its own (`--failed`, `--completed`).

Owns the reading of ids and the rule that exactly one way is used. Must never act on a download.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tui_downloader.model.download import Download
    from tui_downloader.session.session import Session


class _Id(click.IntRange):
    """A download's number."""

    name = "download id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offers the session's downloads."""
        from tui_downloader.cli.completion import complete_ids  # late: only the shell asks

        return complete_ids(ctx, param, incomplete)


ID = _Id(min=1, max=2**63 - 1)
"""A download's number, as the state file can hold it."""

Group = Callable[["Download"], bool]
"""Tells whether a download belongs to a group."""


def choose(session: Session, ids: Sequence[int], groups: Sequence[tuple[bool, Group]]) -> list[int]:
    """Finds the ids a verb is about.

    Args:
        session: The session; read only if a group was asked for.
        ids: The ids as typed.
        groups: Each group's option, whether it was given, and who belongs to the group.

    Returns:
        Ids without repetition, in the order typed, or ascending for a group.

    Raises:
        click.UsageError: Not exactly one way of choosing was used.
    """
    asked = [group for given, group in groups if given]
    if len(asked) + bool(ids) != 1:
        raise click.UsageError(
            "Name the downloads by id, or take --all." if not asked else "Give ids or one group, not both.",
            click.get_current_context(),
        )
    if ids:
        return list(dict.fromkeys(ids))
    return [download.id for download in session.snapshots() if asked[0](download)]


def phrase(count: int) -> str:
    """Words a number of downloads: `1 download`, `12 downloads`."""
    return f"{count} download{'' if count == 1 else 's'}"
