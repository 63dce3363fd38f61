"""Notifications by the terminal: who gets which sequence, and that no text can end or bend it."""

from __future__ import annotations

import base64

import pytest

from tui_downloader.notify.terminal import TEXT_CHARACTERS_MAX, TerminalWay, sequence, terminal_way

HOSTILE = ("Finished: a\x1b\\\x07\x9c\x1b]0;x;b\u202e.iso, 1 B",)


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-kitty"}, TerminalWay.OSC_99),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, TerminalWay.OSC_9),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, TerminalWay.OSC_9),
        ({"TERM": "xterm-ghostty"}, TerminalWay.OSC_9),
        ({"TERM": "foot-extra"}, TerminalWay.OSC_777),
        ({"TERM": "rxvt-unicode-256color"}, TerminalWay.OSC_777),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/tmp/x"}, TerminalWay.BELL),
        ({"TERM": "xterm-kitty", "STY": "1.tty"}, TerminalWay.BELL),
        ({"TERM": "xterm-256color"}, TerminalWay.NONE),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, TerminalWay.NONE),
        ({"TERM": "linux"}, TerminalWay.NONE),
        ({}, TerminalWay.NONE),
    ],
)
def test_only_known_terminals_are_told(environment: dict[str, str], way: TerminalWay) -> None:
    assert terminal_way(environment) is way


def test_the_sequences() -> None:
    told = ("Finished: a; b.iso, 1 B", "Failed: 2 files")
    assert sequence(TerminalWay.OSC_9, told) == "\x1b]9;tuidl: Finished: a; b.iso, 1 B · Failed: 2 files\x1b\\"
    assert sequence(TerminalWay.OSC_777, told) == (
        "\x1b]777;notify;tuidl;Finished: a, b.iso, 1 B · Failed: 2 files\x1b\\"
    )
    title, body = sequence(TerminalWay.OSC_99, told).split("\x1b\\")[:2]
    assert title == "\x1b]99;i=tuidl:d=0:e=1;" + base64.b64encode(b"tuidl").decode()
    assert base64.b64decode(body.rpartition(";")[2]).decode() == "Finished: a; b.iso, 1 B · Failed: 2 files"
    assert sequence(TerminalWay.BELL, told) == "\a"
    assert sequence(TerminalWay.NONE, told) == ""


@pytest.mark.parametrize("way", [TerminalWay.OSC_9, TerminalWay.OSC_99, TerminalWay.OSC_777])
def test_no_text_ends_a_sequence(way: TerminalWay) -> None:
    written = sequence(way, HOSTILE)
    inside = written.removeprefix("\x1b]").removesuffix("\x1b\\").replace("\x1b\\\x1b]", "")
    assert inside.isprintable()
    assert len(sequence(way, ("x" * 10_000,))) < TEXT_CHARACTERS_MAX * 2
