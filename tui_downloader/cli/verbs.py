"""The verbs by name.

Owns the list of verbs and the top of the help. Must never import a verb before it is called.
"""

from __future__ import annotations

import importlib

import click

from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.preview.ways import CHOICES, VARIABLE

VERBS = {
    "add": "add",
    "list": "listing",
    "show": "show",
    "path": "path",
    "open": "open",
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
    "settings": "settings",
    "doctor": "doctor",
    "service": "service",
    "worker": "worker",
    "stop": "stop",
    "demo": "demo",
}
"""Each verb and the module of this package that holds it as `command`, in the order of the help."""


def _print_versions(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    """Prints what is installed, and ends."""
    if not asked or context.resilient_parsing:
        return
    from tui_downloader.cli import output
    from tui_downloader.session.software import software

    output.emit(f"{name} {version}" for name, version in software())
    context.exit()


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
            click.UsageError: There is no such verb; the sentence names a near one.
        """
        if args[0] not in VERBS:
            from tui_downloader.cli import short_form  # late: verbs are the rule

            if short_form.is_url(args[0]):
                return "add", short_form.command, args
            raise click.UsageError(_no_such_verb(args[0]), ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=VerbGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "tuidl                                  open the screen",
        "tuidl https://example.com/disk.iso     add it and open the screen",
        "tuidl add example.com/a.jpg && tuidl wait",
        "tuidl list",
    ),
)
@global_options
@click.option(
    "--images",
    type=click.Choice(CHOICES),
    help=f"How the screen draws pictures ({VARIABLE}); auto: the best the terminal can.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_versions,
    help="What is installed.",
)
@click.pass_context
def tuidl(context: click.Context, images: str | None) -> int:
    """Start a download, quit, come back: file, picture and what happened are there.

    Without a verb the screen opens; with a URL it is added first.
    """
    if context.invoked_subcommand is not None:
        return 0
    from tui_downloader.cli.screen import open_screen

    return open_screen(context.ensure_object(Invocation), images=images)


def _no_such_verb(word: str) -> str:
    """Words the answer to an unknown verb."""
    import difflib

    near = difflib.get_close_matches(word, VERBS, n=1)
    return f"There is no verb “{word}”" + (f"; did you mean {near[0]}?" if near else ".")
