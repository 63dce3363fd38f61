"""The dialog for a new link: what it tells, what it takes, what it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from tests.tui_dialogs.driving import drive, rows, shows, until
from tests.tui_dialogs.samples import HOSTILE, download
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.tui.screens.new_link import NewLinkScreen
from tui_downloader.tui.widgets.field import Field

NEW = "https://pictures.example.org/talks/talk-recording.mkv?token=neu"

Script = Callable[[Pilot[None]], Awaitable[None]]


def expired(**changes: Any) -> Download:
    """Makes a download whose link has expired."""
    return download(State.FAILED, reason=Reason.LINK_EXPIRED, http_status=403, **changes)


def ask(script: Script, row: Download | None = None, *, size: tuple[int, int] = (80, 24)) -> list[str | None]:
    """Opens the dialog, runs the script and returns what the dialog ended with, if it did."""
    app: App[None] = App()
    answers: list[str | None] = []

    async def run(pilot: Pilot[None]) -> None:
        app.push_screen(NewLinkScreen(row or expired()), answers.append)
        await until(pilot, lambda: shows(app, "New link"), "the dialog")
        await script(pilot)
        await pilot.pause()

    drive(app, run, size=size)
    return answers


def test_it_looks_like_its_picture() -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert [row.strip() for row in rows(pilot.app) if row.strip()] == [
            "╭─ New link ───────────────────────────────────────────────────────────────╮",
            "│                                                                          │",
            "│ talk-recording.mkv                                                       │",
            "│ The link has expired (403). 1.1 of 1.9 GB kept.                          │",
            "│ Old link  https://pictures.example.org/talks/talk-recording.mkv?token=** │",
            "│           *                                                              │",
            "│                                                                          │",
            "│ New link  paste or type a URL of the same file                           │",
            "│           What is on disk is kept if it proves to be the same file;      │",
            "│           otherwise it starts over.                                      │",
            "│                                                                          │",
            "│ [ Go on ]   [ Cancel ]                                                   │",
            "│                                                                          │",
            "╰─ Enter go on · Esc close ────────────────────────────────────────────────╯",
        ]

    assert ask(script) == []


def test_a_pasted_link_is_taken_with_enter() -> None:
    async def script(pilot: Pilot[None]) -> None:
        pilot.app.post_message(Paste(f"\n  {NEW}\n"))
        await until(pilot, lambda: pilot.app.screen.query_one(Field).value == NEW, "the paste")
        await pilot.press("enter")

    assert ask(script) == [NEW]


def test_a_paste_on_a_button_goes_to_the_field() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("tab", "tab")
        pilot.app.post_message(Paste(NEW))
        await until(pilot, lambda: pilot.app.screen.query_one(Field).value == NEW, "the paste")
        await pilot.click("#act")

    assert ask(script) == [NEW]


def test_the_end_of_a_long_paste_can_be_seen() -> None:
    async def script(pilot: Pilot[None]) -> None:
        pilot.app.post_message(Paste(f"https://example.org/{'x' * 300}/the-end.mkv"))
        await until(pilot, lambda: shows(pilot.app, "xxx/the-end.mkv"), "the end")

    ask(script)


def test_a_typed_link_needs_no_scheme() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*"example.org/a.mkv", "enter")

    assert ask(script) == ["https://example.org/a.mkv"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "An empty text is not a URL."),
        ("ftp://host/x", "“ftp://host/x” cannot be downloaded: only http and https."),
        ("a.org b.org", "“a.org b.org” is not a URL: it contains blanks, line ends or"),
    ],
)
def test_a_wrong_link_says_why_and_stays(text: str, sentence: str) -> None:
    async def script(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one(Field).paste(text)
        await pilot.press("enter")
        await until(pilot, lambda: shows(pilot.app, sentence), "why not")
        assert isinstance(pilot.app.screen, NewLinkScreen)
        await pilot.press("x")
        await until(pilot, lambda: shows(pilot.app, "What is on disk is kept"), "the hint again")

    assert ask(script) == []


@pytest.mark.parametrize("keys", [("escape",), ("x", "escape"), ("tab", "tab", "enter")])
def test_closing_it_changes_nothing(keys: tuple[str, ...]) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

    assert ask(script) == [None]


def test_the_old_links_secrets_are_not_shown() -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert shows(pilot.app, "https://***@pictures.example.org/x?sig=***")
        assert "geheim" not in "".join(rows(pilot.app))

    ask(script, expired(url="https://me:geheim@pictures.example.org/x?sig=geheim", filename="x"))


def test_nothing_on_disk_promises_nothing() -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert not shows(pilot.app, "What is on disk")
        assert shows(pilot.app, "Connecting to pictures.example.org.")

    ask(script, download(State.CONNECTING, bytes_received=0))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_literal(name: str) -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert shows(pilot.app, f"│ {name} ")

    ask(script, expired(filename=name))


@pytest.mark.parametrize("size", [(60, 16), (40, 10)])
def test_a_small_terminal_keeps_field_and_buttons_in_sight(size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*"ftp://x", "enter")
        await until(pilot, lambda: shows(pilot.app, "cannot be downloaded"), "why not")
        assert shows(pilot.app, "New link  ftp://x")
        assert shows(pilot.app, "[ Go on ]   [ Cancel ]")

    assert ask(script, expired(url="https://example.org/" + "x" * 3000), size=size) == []
