"""`tuidl events`: the journal, what happened and in which order.

Owns acknowledging: a client's cursor moves only after what was printed was flushed, Ctrl+C never comes between.
Must never acknowledge what a broken pipe swallowed.
"""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from tui_downloader import units
from tui_downloader.cli import output
from tui_downloader.cli.examples import examples
from tui_downloader.cli.interrupts import held_back
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import event_as_json
from tui_downloader.model.events import Event, EventKind

if TYPE_CHECKING:
    from tui_downloader.session.session import Session


@click.command(
    epilog=examples(
        "tuidl events", "tuidl events --client backup --ack", "tuidl events --client backup --ack --follow --json"
    )
)
@click.option("--client", metavar="NAME", help="Only what this client has not acknowledged.")
@click.option("--ack", is_flag=True, help="Acknowledge what was printed (needs --client).")
@click.option("--reset", is_flag=True, help="Forget what the client acknowledged first (needs --client).")
@click.option("--follow", is_flag=True, help="Go on with what happens from now on, until Ctrl+C.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, which a pipe gets in any case.")
@global_options
@click.pass_obj
def command(
    invocation: Invocation, client: str | None, ack: bool, reset: bool, follow: bool, as_json: bool
) -> int:
    """Show what happened."""
    if not client and (ack or reset or client is not None):
        raise click.UsageError("--ack and --reset need --client NAME.", click.get_current_context())
    session = invocation.session()
    if client and reset and session.exists():
        session.forget_cursor(client)
    after = session.cursor(client) if client else 0

    def take(events: Sequence[Event]) -> None:
        with held_back():  # else what was just printed would be printed again
            _print(session, events, as_json=as_json)
            if client and ack:
                session.acknowledge(client, events[-1].sequence)

    if follow:
        _follow(session, after, take)
    events = session.events(after=after)
    if events:
        take(events)
    elif not as_json and output.on_terminal():
        output.narrate("Nothing happened yet." if not client else f"Nothing new for “{safe(client)}”.")
    return 0


def _follow(session: Session, after: int, take: Callable[[Sequence[Event]], object]) -> NoReturn:
    """Hands on what happened and what happens, until the reader goes away or Ctrl+C."""
    from tui_downloader.session.follow import follow  # late: most calls look once

    gc.enable()  # the start ran without; this may take days
    follow(session, after=after, take=take, look=output.end_without_reader, say=output.narrate)


def _print(session: Session, events: Sequence[Event], *, as_json: bool) -> None:
    """Prints events, at least one, and flushes them."""
    if as_json or not output.on_terminal():
        output.emit(output.json_text(event_as_json(each)) for each in events)
        return
    found = session.find(sorted({each.download_id for each in events if each.download_id is not None}))
    names = {download_id: each.shown_name for download_id, each in found.items()}
    output.emit(line(each, names) for each in events)


def line(event: Event, names: dict[int, str]) -> str:
    """Words an event for people: sequence number, local time, id, name, what happened.

    Args:
        event: The event.
        names: What to call each download that is still there.

    Returns:
        One line, safe to print.
    """
    moment = datetime.datetime.fromtimestamp(event.at).astimezone()
    about = (
        "" if event.download_id is None else f"{event.download_id} {names.get(event.download_id, '(removed)')}: "
    )
    return safe(f"{event.sequence:>6}  {moment:%Y-%m-%d %H:%M:%S}  {about}{_phrase(event)}")


def _phrase(event: Event) -> str:
    """Words what happened: the kind, and its own fields as the journal has them."""
    detail = _detail(event)
    return f"{event.kind.value.replace('-', ' ')}{detail and ', '}{detail}"


def _detail(event: Event) -> str:
    """Words the fields of an event's kind; empty where the kind says it all."""
    fields = event.fields
    text = str(fields.get("error", ""))
    match event.kind:
        case EventKind.RESPONSE_RECEIVED:
            text = f"status {fields.get('status')}, {_size(event, 'bytes_expected')}, {fields.get('filename')}"
        case EventKind.RESUMED:
            text = f"at {_size(event, 'offset')} ({fields.get('verdict')})"
        case EventKind.STARTED_OVER:
            text = str(fields.get("why"))
        case EventKind.RENAMED:
            text = f"from {fields.get('from')} to {fields.get('to')}"
        case EventKind.WAITING | EventKind.FAILED:
            text = f"{str(fields.get('reason')).replace('-', ' ')}: {fields.get('error')}"
        case EventKind.HOOK_FAILED:
            text = f"{fields.get('hook')} {fields.get('error')}"
        case EventKind.FINISHED:
            text = f"{_size(event, 'bytes')}, {fields.get('path')}"
        case EventKind.GAP:
            text = f"events before {fields.get('missed_before')} are no longer kept"
        case _ if "bytes_received" in fields:
            text = f"at {_size(event, 'bytes_received')}"
    return text


def _size(event: Event, name: str) -> str:
    """Words a field that counts bytes."""
    value = event.fields.get(name)
    return units.format_bytes(int(value) if isinstance(value, (int, float)) else None)
