"""The Add form: keys, wrong lines, directories, pastes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui_dialogs.driving import drive, rows, shows, until
from tui_downloader.tui.adding.result import AddResult
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.widgets.directory_field import DirectoryField
from tui_downloader.tui.widgets.url_area import UrlArea

Script = Callable[[Pilot[None], AddScreen], Awaitable[None]]


class AddApp(App[None]):
    """Opens the form and keeps its results; a paste that the form lets through is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[AddResult | None] = []
        self.escaped: list[str] = []

    def on_paste(self, event: Paste) -> None:
        self.escaped.append(event.text)


def fill(
    script: Script, *, text: str = "", directory: Path | None = None, size: tuple[int, int] = (120, 34)
) -> AddResult | None:
    """Opens the form, runs the script and returns what the form ended with; `None` if closed or still open."""
    app = AddApp()

    async def run(pilot: Pilot[None]) -> None:
        screen = AddScreen(text, directory)
        app.push_screen(screen, app.results.append)
        await until(pilot, lambda: app.screen is screen and shows(app, "[ Add"), "the form")
        await script(pilot, screen)
        await pilot.pause()

    drive(app, run, size=size)
    assert app.escaped == []
    return app.results[0] if app.results else None


def ended(pilot: Pilot[None]) -> Callable[[], bool]:
    """Returns the condition that the form is gone."""
    return lambda: not isinstance(pilot.app.screen, AddScreen)


def test_typed_urls_are_added_with_enter(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press(*"example.com/a.iso", "ctrl+j", *"http://b.org/x")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, directory=tmp_path)
    assert result is not None
    assert result.directory == tmp_path
    assert [(each.url, each.directory, each.added_by) for each in result.requests] == [
        ("https://example.com/a.iso", tmp_path, "screen"),
        ("http://b.org/x", tmp_path, "screen"),
    ]
    assert AddScreen.kept_text == ""


def test_it_looks_like_its_picture(tmp_path: Path) -> None:
    text = "https://pictures.example.org/nebula.jpg https://mirror.example.net/debian.iso"

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: shows(pilot.app, "[ Add 2 ]   [ Cancel ]"), "the button")
        assert shows(pilot.app, "╭─ Add downloads ─")
        assert shows(pilot.app, "2 downloads │")
        assert shows(pilot.app, " free │")
        assert shows(pilot.app, "│ Save in   /")
        assert any("✓ nebula.jpg" in row and "pictures.example.org │" in row for row in rows(pilot.app))
        assert shows(pilot.app, "╰─ Enter add · Ctrl+J new line · Tab next field · Esc close, text is kept ─")

    fill(script, text=text, directory=tmp_path)


def test_a_wrong_line_says_why_and_the_others_are_added(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: shows(pilot.app, "[ Add 1 of 2 ]"), "the button")
        assert shows(pilot.app, "✗ “ftp://host/x” cannot be downloaded: only http and https.")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, text="ftp://host/x https://example.org/y", directory=tmp_path)
    assert result is not None
    assert [each.url for each in result.requests] == ["https://example.org/y"]
    assert AddScreen.kept_text == "ftp://host/x"


@pytest.mark.parametrize("text", ["", "ftp://host/x"])
def test_nothing_to_add_keeps_the_form_open(text: str, tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press("enter")
        await until(
            pilot, lambda: shows(pilot.app, "nothing to add yet" if not text else "0 of 1"), "why nothing happens"
        )
        assert pilot.app.screen is screen

    assert fill(script, text=text, directory=tmp_path) is None


def test_escape_closes_and_the_text_is_kept(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press(*"example.com/a", "escape")
        await until(pilot, ended(pilot), "the end")

    async def again(pilot: Pilot[None], screen: AddScreen) -> None:
        assert screen.query_one(UrlArea).text == "example.com/a"

    assert fill(script, directory=tmp_path) is None
    fill(again, directory=tmp_path)


def test_tab_goes_through_the_fields_and_buttons_act(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        visited = []
        for _ in range(4):
            assert screen.focused is not None
            visited.append(screen.focused.id)
            await pilot.press("tab")
        assert visited == ["urls", "directory", "add", "cancel"]
        await pilot.press("tab", "tab", "enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, text="https://example.org/x", directory=tmp_path)
    assert result is not None


def test_cancel_closes(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.click("#cancel")
        await until(pilot, ended(pilot), "the end")

    assert fill(script, text="https://example.org/x", directory=tmp_path) is None
    assert AddScreen.kept_text.strip() == "https://example.org/x"


def test_a_missing_directory_is_offered_and_created(tmp_path: Path) -> None:
    missing = tmp_path / "new" / "deeper"

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: shows(pilot.app, "No such directory. Create it? Ctrl+N"), "the offer")
        await pilot.press("enter")
        await until(pilot, lambda: screen.focused is screen.query_one(Input), "the focus on the field")
        assert not missing.exists()
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not shows(pilot.app, "No such directory"), "the created directory")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, text="https://example.org/x", directory=missing)
    assert result is not None
    assert result.directory == missing
    assert missing.is_dir()


def test_ctrl_n_creates_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: shows(pilot.app, "is not a directory"), "the problem")
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert file.is_file()

    fill(script, directory=file)


def test_another_directory_can_be_typed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press("tab", "end", *"/other", "enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, text="https://example.org/x", directory=tmp_path)
    assert result is not None
    assert result.directory == tmp_path / "other"
    assert result.requests[0].directory == tmp_path / "other"


def test_without_a_directory_the_usual_one_is_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    (tmp_path / "Downloads").mkdir()

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: screen.query_one(Input).value == "~/Downloads", "the directory")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, text="https://example.org/x")
    assert result is not None
    assert result.directory == tmp_path / "Downloads"


def test_enter_waits_for_what_is_not_known_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = AddApp()

    async def script(pilot: Pilot[None]) -> None:
        await app.push_screen(AddScreen("https://example.org/x"), app.results.append)
        await pilot.press("enter")
        await until(pilot, lambda: app.results, "the result")

    drive(app, script)
    assert app.results[0] is not None


def test_a_paste_becomes_one_line_for_each_url(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press(*"a.org/1")
        area = screen.query_one(UrlArea)
        area.post_message(Paste("https://b.org/2  https://c.org/\x1b[31m3\r\nhttps://d.org/4\n"))
        await until(pilot, lambda: shows(pilot.app, "✗ “https://c.org/\ufffd[31m3” contains"), "the reason")
        assert area.text.splitlines() == [
            "a.org/1",
            "https://b.org/2",
            "https://c.org/\ufffd[31m3",
            "https://d.org/4",
        ]

    fill(script, directory=tmp_path)


def test_a_paste_beside_the_fields_goes_to_the_urls(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        screen.query_one("#add").focus()
        screen.query_one("#add").post_message(Paste("https://b.org/2"))
        await until(pilot, lambda: shows(pilot.app, "[ Add 1 ]"), "the pasted URL")

    fill(script, directory=tmp_path)


def test_ten_thousand_urls_are_read_and_added(tmp_path: Path) -> None:
    text = "\n".join(f"https://host{number}.example.org/file-{number}.bin" for number in range(10_000))

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        screen.query_one(UrlArea).paste(text)
        await until(pilot, lambda: shows(pilot.app, "[ Add 10,000 ]"), "the button")
        assert shows(pilot.app, "and 9,994 more (all fine)")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, directory=tmp_path)
    assert result is not None
    assert len(result.requests) == 10_000


def test_an_earlier_reading_never_replaces_a_later_one(tmp_path: Path) -> None:
    text = "\n".join(f"https://host{number}.example.org/x" for number in range(10_000))

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        area = screen.query_one(UrlArea)
        area.text = text
        screen._check()
        area.text = "https://example.org/only"
        screen._check()
        await until(pilot, lambda: shows(pilot.app, "[ Add 1 ]"), "the later text")
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "both readings")
        await pilot.pause()
        assert shows(pilot.app, "[ Add 1 ]")

    fill(script, directory=tmp_path)


@pytest.mark.parametrize("word", ["https://e.com/x[/]y", "https://e.com/[@click=app.bell]z", "[red]", "[/]"])
def test_hostile_words_are_shown_as_they_are(word: str, tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(
            pilot, lambda: shows(pilot.app, "[ Add 1" if "://" in word else "[ Add 0 of 1 ]"), "the button"
        )
        assert sum(word.rpartition("/")[2] in row for row in rows(pilot.app)) >= 2

    fill(script, text=word, directory=tmp_path)


@pytest.mark.parametrize("size", [(120, 34), (80, 24), (60, 16), (40, 12)])
def test_the_buttons_stay_in_sight(size: tuple[int, int], tmp_path: Path) -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(50))

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await until(pilot, lambda: shows(pilot.app, "[ Add 50 ]   [ Cancel ]"), "the buttons")
        assert shows(pilot.app, "✓ 0")

    fill(script, text=text, directory=tmp_path / "missing", size=size)


def test_a_wrong_option_opens_its_field(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press("ctrl+o", "tab", *"xyz")
        await until(pilot, lambda: shows(pilot.app, "“xyz” is not a checksum"), "what is wrong")
        await pilot.press("ctrl+o", "enter")
        await until(pilot, lambda: screen.focused is screen.query_one("#option-checksum"), "the field")
        assert pilot.app.screen is screen

    fill(script, text="https://example.org/x", directory=tmp_path)


def test_a_directory_is_completed_with_tab(own_environment: Path) -> None:
    (own_environment / "pictures").mkdir()

    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        await pilot.press("tab", "end", *"/pic")
        field = screen.query_one(DirectoryField)
        await until(pilot, lambda: shows(pilot.app, "~/pictures"), "the suggestion")
        await pilot.press("tab")
        assert (field.value, field.has_focus) == ("~/pictures", True)
        await pilot.press("tab")
        assert not field.has_focus

    fill(script, text="https://example.org/x", directory=own_environment)


def test_places_used_before_come_with_the_arrows(tmp_path: Path) -> None:
    app = AddApp()
    places = [tmp_path / "one", tmp_path / "two"]

    async def script(pilot: Pilot[None]) -> None:
        screen = AddScreen("https://example.org/x", tmp_path, places=places)
        app.push_screen(screen, app.results.append)
        await until(pilot, lambda: app.screen is screen and shows(app, "[ Add 1"), "the form")
        field = screen.query_one(DirectoryField)
        await pilot.press("tab")
        values = []
        for key in ("up", "up", "up", "down"):
            await pilot.press(key)
            values.append(field.value)
        assert values == [str(places[0]), str(places[1]), str(places[1]), str(places[0])]

    drive(app, script)


def test_a_text_read_without_its_meaning_is_read_again(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        area = screen.query_one(UrlArea)
        area.text = "https://example.org/x"
        await until(pilot, lambda: shows(pilot.app, "[ Add 1 ]"), "the URL alone")
        area.text = ""
        area.paste("curl https://example.org/x -H 'X-One: 1'")
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    result = fill(script, directory=tmp_path)
    assert result is not None
    assert [each.fields for each in result.requests] == [(("X-One", "1"),)]


def test_what_stood_behind_a_line_is_kept_with_the_text(tmp_path: Path) -> None:
    async def script(pilot: Pilot[None], screen: AddScreen) -> None:
        screen.query_one(UrlArea).paste(
            "curl https://example.org/x -H 'Cookie: a=geheim'\ncurl -X POST https://y.org"
        )
        await until(pilot, lambda: shows(pilot.app, "1 field sent along"), "the fields")
        await until(pilot, lambda: shows(pilot.app, "✗ This curl command asks with POST"), "the reason")
        await pilot.press("escape")
        await until(pilot, ended(pilot), "the end")

    async def again(pilot: Pilot[None], screen: AddScreen) -> None:
        assert screen.query_one(UrlArea).text == "https://example.org/x\ncurl -X POST"
        await pilot.press("enter")
        await until(pilot, ended(pilot), "the end")

    assert fill(script, directory=tmp_path) is None
    result = fill(again, directory=tmp_path)
    assert result is not None
    assert [each.fields for each in result.requests] == [(("Cookie", "a=geheim"),)]
    assert (AddScreen.kept_text, set(AddScreen.kept_meanings)) == ("curl -X POST", {"curl -X POST"})
