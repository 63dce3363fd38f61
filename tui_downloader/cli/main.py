"""The command line's door: the border where every error becomes one sentence and an exit code.

Owns how the process begins and ends. Must never show a traceback (`TUIDL_DEBUG=1` asks for it), nor load anything
before the border stands.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from tui_downloader.cli import output
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.errors import DamagedStateFileError, TuidlError

if TYPE_CHECKING:
    import click

    from tui_downloader.cli.invocation import Invocation


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command line and ends the process.

    Args:
        arguments: Without the program's name. `None` takes the process's own and ends the process at once, without
            the interpreter taking apart module by module what the system frees anyway.

    Raises:
        SystemExit: With the exit code, if arguments were given or threads still run.
    """
    gc.disable()  # loading modules makes no garbage, only work for the collector; what stays open enables it again
    output.prepare()
    code = exit_code(list(sys.argv[1:] if arguments is None else arguments))
    threading = sys.modules.get("threading")
    if arguments is None and (threading is None or threading.active_count() == 1):
        output.flush_all()
        os._exit(code)
    raise SystemExit(code)


def exit_code(arguments: list[str]) -> int:
    """Runs one command line.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code; no exception passes this border.
    """
    state_directory = None
    try:
        from tui_downloader.cli.invocation import Invocation

        invocation = Invocation()
        try:
            return _call_and_mend(arguments, invocation)
        finally:
            state_directory = invocation.chosen_state_directory
            for notice in invocation.close():
                output.narrate(notice)
    except TuidlError as error:
        _show_traceback_if_asked()
        output.narrate(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 -- the border of the command line; logged and shown
        _show_traceback_if_asked()
        from tui_downloader.cli.crash import report

        return report(error, state_directory=state_directory)


def _call_and_mend(arguments: list[str], invocation: Invocation) -> int:
    """Calls the verb; once more, on a new file, if it met a damaged one before it printed anything."""
    try:
        return _call(arguments, invocation)
    except DamagedStateFileError:
        if output.has_printed() or not invocation.mend():
            raise
    return _call(arguments, invocation)


def _call(arguments: list[str], invocation: Invocation) -> int:
    """Lets click read the command line and call the verb."""
    import click

    from tui_downloader.cli.verbs import tuidl

    try:
        code = tuidl.main(arguments, prog_name="tuidl", standalone_mode=False, obj=invocation)
        output.flush()
    except click.ClickException as error:
        return _usage(error)
    except click.Abort:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.DONE


def _usage(error: click.ClickException) -> int:
    """Says what is wrong with a command line and where its help is."""
    output.narrate(error.format_message())
    context: click.Context | None = getattr(error, "ctx", None)
    if context is not None:
        output.narrate(f"Help: {context.command_path} --help")
    return error.exit_code


def _show_traceback_if_asked() -> None:
    """Prints the traceback of the present error if `TUIDL_DEBUG` is 1."""
    if os.environ.get("TUIDL_DEBUG") == "1":
        import traceback

        for line in traceback.format_exc().splitlines():
            output.narrate(line)
