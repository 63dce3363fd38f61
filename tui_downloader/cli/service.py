"""`tuidl service`: has the system's service manager start the session's worker at login or boot.

Must never change anything beyond that without being asked: lingering is a question, or an option.
"""

from __future__ import annotations

from dataclasses import asdict

import click

from tui_downloader.cli import output
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.display_text import safe
from tui_downloader.service.plan import ServicePlan
from tui_downloader.service.status import ServiceStatus

_LINGER = "To go on at boot, without a login: tuidl service install --linger"


@click.group(invoke_without_command=True, epilog=examples("tuidl -s nightly service install --linger"))
@global_options
@click.pass_context
def command(context: click.Context) -> int:
    """Let downloads go on by themselves after a reboot (systemd, launchd)."""
    if context.invoked_subcommand is not None:
        return 0
    return _status(context.ensure_object(Invocation), as_json=False)


@command.command(epilog=examples("tuidl service install"))
@click.option("--linger/--no-linger", default=None, help="At boot, and on after logging out (loginctl).")
@global_options
@click.pass_obj
def install(invocation: Invocation, linger: bool | None) -> int:
    """Have the session's downloads go on at your next login, or at boot."""
    from tui_downloader.service.manager import needed_manager

    manager, plan = needed_manager(), _plan(invocation)
    manager.install(plan)
    status = manager.status(plan)
    asks = output.can_open_screen()  # somebody sits there
    if linger is None and not status.starts_at_boot and asks:
        linger = click.confirm("Go on at boot and after logging out, too (loginctl enable-linger)?", err=True)
    if linger and not status.starts_at_boot:
        manager.enable_lingering()
        status = manager.status(plan)
    output.narrate(_sentence(plan, status))
    if not status.starts_at_boot:
        output.narrate(_LINGER)
    return 0


@command.command(epilog=examples("tuidl service remove"))
@global_options
@click.pass_obj
def remove(invocation: Invocation) -> int:
    """Take the session's service away; a worker that runs goes on."""
    from tui_downloader.service.manager import needed_manager

    plan = _plan(invocation)
    was_there = needed_manager().remove(plan)
    gone = "is removed" if was_there else "was not installed"
    output.narrate(f"The service of session “{plan.identifier}” {gone}. Downloads go on at your next tuidl.")
    return 0


@command.command(name="status", epilog=examples("tuidl service status --json"))
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@global_options
@click.pass_obj
def show_status(invocation: Invocation, as_json: bool) -> int:
    """Show whether the session's downloads go on by themselves after a reboot; only looks."""
    return _status(invocation, as_json=as_json)


def _status(invocation: Invocation, *, as_json: bool) -> int:
    """Prints how it stands."""
    from tui_downloader.service.manager import needed_manager

    plan = _plan(invocation)
    status = needed_manager().status(plan)
    if as_json:
        file = str(status.file) if status.file else None
        output.emit_json({"session": plan.identifier, **asdict(status), "file": file})
    else:
        output.emit([_sentence(plan, status)])
    return 0


def _plan(invocation: Invocation) -> ServicePlan:
    """Makes the plan of what the command line means."""
    from tui_downloader.service.manager import plan_for

    return plan_for(invocation.identifier, invocation.chosen_state_directory)


def _sentence(plan: ServicePlan, status: ServiceStatus) -> str:
    """Words how it stands."""
    if not status.enabled:
        return (
            f"Session “{plan.identifier}” has no service: after a reboot downloads go on at your next tuidl. "
            "To change that: tuidl service install"
        )
    when = "at boot, without a login" if status.starts_at_boot else "when you log in"
    runs = " It runs now." if status.active else ""
    file = safe(str(status.file))
    return f"Session “{plan.identifier}” goes on by itself after a reboot, {when}.{runs} Its file: {file}"
