"""`tuidl URL…`: adds as `tuidl add` does, then opens the screen where there is a terminal for it.

Owns what counts as a URL in the place of a verb. Must never take a mistyped verb for one.
"""

from __future__ import annotations

from typing import Any

import click

from tui_downloader.cli import add, output
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation


def is_url(word: str) -> bool:
    """Tells whether a word in the place of a verb is meant as a URL: it has a dot, a slash or a port."""
    return any(sign in word for sign in "./:")


@click.pass_obj
def _add_and_open(invocation: Invocation, /, **options: Any) -> int:  # as `add.command`
    asked = add.Options(**options)
    if asked.as_json or not output.can_open_screen():
        return add.add(invocation, asked)
    code = add.add(invocation, asked, quietly=True)
    from tui_downloader.cli.screen import open_screen

    opened = open_screen(invocation)
    return opened if code == ExitCode.DONE else code


command = click.Command("URL", params=add.command.params, callback=_add_and_open, help=add.command.help)
"""The options are those of `add`."""
