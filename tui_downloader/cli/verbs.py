"""The verbs by name.

Owns the list of verbs and the top of the help. Must never import a verb before it is called.
"""

from __future__ import annotations

import importlib

import click

from tui_downloader import __version__
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.preview.ways import CHOICES, VARIABLE

VERBS = {
    "add": "add",
    "list": "listing",
    "show": "show",
    "path": "path",
    "wait": "wait",
    "pause": "pause",
    "resume": "resume",
    "cancel": "cancel",
    "remove": "remove",
    "limit": "limit",
    "move": "move",
    "verify": "verify",
    "events": "events",
    "preview": "preview",
    "sessions": "sessions",
    "worker": "worker",
    "stop": "stop",
    "demo": "demo",
}
"""Each verb and the module of this package that holds it as `command`, in the order of the help."""


class VerbGroup(click.Group):
    """A group that imports a verb's module when the verb is called, and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Returns the verbs in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- the same
        """Imports one verb; `None` if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"tui_downloader.cli.{VERBS[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the verb of a command line.

        Raises:
            click.UsageError: There is no such verb; the sentence names a near one, or how a URL is added.
        """
        if args[0] not in VERBS:
            raise click.UsageError(_no_such_verb(args[0]), ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=VerbGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a verb the screen opens. Example: tuidl add https://example.com/a.iso",
)
@global_options
@click.option(
    "--images",
    type=click.Choice(CHOICES),
    help=f"How the screen draws pictures ({VARIABLE}); auto: the best the terminal can.",
)
@click.version_option(__version__, message="tuidl %(version)s")
@click.pass_context
def tuidl(context: click.Context, images: str | None) -> int:
    """Start a download, quit, come back: file, picture and what happened are there."""
    if context.invoked_subcommand is not None:
        return 0
    from tui_downloader.cli.screen import open_screen

    return open_screen(context.ensure_object(Invocation), images=images)


def _no_such_verb(word: str) -> str:
    """Words the answer to an unknown verb."""
    if "/" in word:
        return "A URL is not a verb; to download it: tuidl add URL"
    import difflib

    near = difflib.get_close_matches(word, VERBS, n=1)
    return f"There is no verb “{word}”" + (f"; did you mean {near[0]}?" if near else ".")
