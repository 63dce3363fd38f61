"""`tuidl doctor`: what is right and wrong here, each with what helps.

Must never change anything.
"""

from __future__ import annotations

import os
from dataclasses import asdict

import click

from tui_downloader.cli import output
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.doctor.check import Check, Level

_INDENT = " " * 7


@click.command(epilog=examples("tuidl doctor", "tuidl doctor --json"))
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@global_options
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """Say what downloads survive here, and what is wrong; exit code 1 if anything is."""
    from tui_downloader import paths
    from tui_downloader.doctor.collect import collect
    from tui_downloader.doctor.examine import examine
    from tui_downloader.tui.terminal_memory import recall, terminal_name

    state = invocation.chosen_state_directory
    answers = recall(state or paths.state_directory(), terminal_name(os.environ)) or {}
    topics = examine(collect(invocation.identifier, state, os.environ, answers=answers))
    checks = [(topic, each) for topic, found in topics.items() for each in found]
    bad = sum(each.level is Level.WRONG for _, each in checks)
    if as_json:
        rows = [{"topic": topic, **asdict(each)} for topic, each in checks]
        output.emit_json({"healthy": not bad, "checks": rows})
    else:
        output.emit(line for _, each in checks for line in lines(each))
        things = "Nothing is" if not bad else "1 thing is" if bad == 1 else f"{bad} things are"
        output.narrate(f"{things} wrong.")
    return ExitCode.FAILED if bad else ExitCode.DONE


def lines(check: Check) -> list[str]:
    """Lays out one answer: how it is meant, what was found, and below it what helps."""
    found = f"{check.level:<{len(_INDENT)}}{check.sentence}"
    return [found] if check.remedy is None else [found, f"{_INDENT}→ {check.remedy}"]
