"""The command line as scripts know it: each verb's exit code, what stdout holds, and the types of every JSON key.

Owns the contract; a verb that is not in here has none.
"""

from __future__ import annotations

import itertools
import json
import shlex
from pathlib import Path
from types import NoneType

import click
import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Status
from tui_downloader.cli.invocation import Invocation
from tui_downloader.cli.short_form import is_url
from tui_downloader.cli.verbs import VERBS
from tui_downloader.cli.verbs import tuidl as top

NUMBER = (int, float)
MAYBE_TEXT, MAYBE_NUMBER = (str, NoneType), (int, float, NoneType)
Schema = dict[str, type | tuple[type, ...]]

DOWNLOAD: Schema = {
    "id": int,
    "session": str,
    "url": str,
    "intent": str,
    "state": str,
    "reason": MAYBE_TEXT,
    "error": MAYBE_TEXT,
    "retry_at": MAYBE_NUMBER,
    "directory": str,
    "filename": MAYBE_TEXT,
    "path": MAYBE_TEXT,
    "media_type": MAYBE_TEXT,
    "bytes_received": int,
    "bytes_expected": (int, NoneType),
    "bytes_per_second": int,
    "connections": int,
    "resumable": str,
    "attempt": int,
    "digest": (dict, NoneType),
    "added_at": NUMBER,
    "started_at": MAYBE_NUMBER,
    "finished_at": MAYBE_NUMBER,
}
EVENT: Schema = {"sequence": int, "download_id": (int, NoneType), "kind": str, "at": NUMBER}
SESSION: Schema = {
    "session": str,
    "downloads": int,
    "unfinished": int,
    "running": int,
    "unread": int,
    "worker_running": bool,
    "worker_pid": (int, NoneType),
    "held": bool,
    "error": MAYBE_TEXT,
}
SETTINGS: Schema = {"file": str, "exists": bool, "settings": list}
SETTING: Schema = {
    "key": str,
    "value": (str, int, float, bool, dict, list),
    "default": (str, int, float, bool, dict, list),
    "source": str,
    "line": (int, NoneType),
    "unit": str,
    "low": MAYBE_NUMBER,
    "high": MAYBE_NUMBER,
    "values": (list, NoneType),
    "meaning": str,
}
LIMITS: Schema = {"session": str, "bytes_per_second_max": (int, NoneType), "source": str, "downloads": list}
VERIFIED: Schema = {
    "id": (int, NoneType),
    "path": MAYBE_TEXT,
    "verdict": str,
    "algorithm": MAYBE_TEXT,
    "recorded": MAYBE_TEXT,
    "computed": MAYBE_TEXT,
    "error": MAYBE_TEXT,
}

CALLS: dict[str, list[tuple[str, int, str, Schema | None]]] = {
    "looking": [
        ("list --json", 0, "array", DOWNLOAD),
        ("list --state failed --json", 0, "array", DOWNLOAD),
        ("list", 0, "text", None),
        ("show 1 --json", 0, "object", DOWNLOAD),
        ("show 2", 0, "text", None),
        ("show 9", 4, "nothing", None),
        ("path 1", 0, "text", None),
        ("path 3", 1, "nothing", None),
        ("path 9", 4, "nothing", None),
        ("preview 1", 0, "text", None),
        ("preview 9", 4, "nothing", None),
        ("list --nonsense", 2, "nothing", None),
    ],
    "waiting": [
        ("open 1", 1, "nothing", None),
        ("open 9", 4, "nothing", None),
        ("wait 1 --json", 0, "array", DOWNLOAD),
        ("wait 1 2 --json", 1, "array", DOWNLOAD),
        ("wait 3 --timeout 0 --json", 3, "array", DOWNLOAD),
        ("wait 1 9 --json", 4, "array", DOWNLOAD),
        ("events", 0, "lines", EVENT),
        ("events --client c --ack --json", 0, "lines", EVENT),
        ("events --client c", 0, "nothing", None),
        ("verify 1 --json", 0, "array", VERIFIED),
        ("verify 1 9 --json", 4, "array", VERIFIED),
    ],
    "session": [
        ("limit --json", 0, "object", LIMITS),
        ("limit 2M 9", 4, "nothing", None),
        ("move first 3", 0, "nothing", None),
        ("move first 9", 4, "nothing", None),
        ("sessions --json", 0, "array", SESSION),
        ("sessions remove nobody", 4, "nothing", None),
        ("settings --json", 0, "object", SETTINGS),
        ("settings nonsense", 2, "nothing", None),
        ("stop", 0, "nothing", None),
        ("stop --all-sessions", 0, "nothing", None),
        ("worker", 0, "nothing", None),
        ("demo --remove", 0, "nothing", None),
    ],
    "changing": [
        ("add --paused https://tuidl.invalid/b --json", 0, "array", DOWNLOAD),
        ("add ftp://tuidl.invalid/b --json", 2, "array", DOWNLOAD),
        ("tuidl.invalid/c --paused --json", 0, "array", DOWNLOAD),
        ("pause 4 9", 4, "nothing", None),
        ("resume 9", 4, "nothing", None),
        ("cancel 4 9", 4, "nothing", None),
        ("remove 4 9", 4, "nothing", None),
        ("nonsense", 2, "nothing", None),
        ("-s no/name list", 2, "nothing", None),
        ("--version", 0, "text", None),
    ],
}
"""By what they do: command line, exit code, what stdout holds, and the keys of the JSON in it."""

ELSEWHERE = {"doctor", "service"}
"""Verbs with a contract of their own."""


def conforms(value: object, schema: Schema, *, more: bool) -> None:
    """Check that an object has the keys, in this order, with values of these types."""
    assert isinstance(value, dict)
    keys = list(value)[: len(schema)] if more else list(value)
    assert keys == list(schema)
    for key, types in schema.items():
        assert isinstance(value[key], types), (key, value[key])


def parsed(text: str, form: str) -> list[object]:
    """Return the objects that stdout holds."""
    if form == "object":
        return [json.loads(text)]
    return list(json.loads(text)) if form == "array" else [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("group", CALLS)
def test_each_verb_keeps_its_contract(tuidl: CommandLine, fault_server: FaultServer, group: str) -> None:
    tuidl.ok("add", fault_server.add("/a.txt", Resource(b"words\n", media_type="text/plain")))
    tuidl.ok("add", fault_server.add("/gone.txt", Resource(b""), faults=[Status(404)]))
    tuidl.ok("add", "--paused", "https://tuidl.invalid/paused")
    assert tuidl("wait").code == 1
    tuidl.environment |= {"DISPLAY": "", "WAYLAND_DISPLAY": ""}

    for words, code, form, schema in CALLS[group]:
        result = tuidl(*shlex.split(words))
        assert result.code == code, (words, result)
        if form == "nothing":
            assert result.out == "", (words, result)
        elif form == "text":
            assert result.out.strip(), (words, result)
        else:
            for value in parsed(result.out, form):
                assert schema is not None
                conforms(value, schema, more=schema is EVENT)
        assert code == 0 or result.err.strip(), f"{words} fails without a word"


def test_each_setting_is_told_alike(tuidl: CommandLine) -> None:
    shown = tuidl.ok("settings", "--json").object()["settings"]
    assert isinstance(shown, list)
    for each in shown:
        conforms(each, SETTING, more=False)


def test_every_verb_is_in_the_contract() -> None:
    called = {word for calls in CALLS.values() for words, *_ in calls for word in shlex.split(words)}
    assert VERBS.keys() - ELSEWHERE <= called


def every_example() -> list[str]:
    """Return the command lines that the help shows, of every verb."""
    commands = [top, *(top.get_command(click.Context(top), name) for name in VERBS)]
    lines = [line for each in commands if each for line in (each.epilog or "").splitlines()]
    return [line.strip() for line in lines if "tuidl" in line]


@pytest.mark.parametrize("line", every_example())
def test_examples_of_the_help_are_right(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads each example as the command line does, up to the moment when the verb would begin."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.partition("     ")[0].replace('"$(', "").replace(')"', ""))
    calls = [list(group) for is_end, group in itertools.groupby(words, {"&&", "|"}.__contains__) if not is_end]
    for call in calls:
        if "tuidl" not in call:
            continue
        arguments = call[call.index("tuidl") + 1 :]
        context = top.make_context("tuidl", arguments, obj=Invocation())
        rest = [*context._protected_args, *context.args]
        if rest:
            name, command, arguments = top.resolve_command(context, rest)
            assert command is not None
            command.make_context(name, arguments, parent=context)


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("https://host.example/a", True),
        ("host.example", True),
        ("localhost:8080", True),
        ("lst", False),
        ("resume-all", False),
    ],
)
def test_what_counts_as_a_url(word: str, answer: bool) -> None:
    assert is_url(word) is answer
