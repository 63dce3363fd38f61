"""The settings file under an open screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.message import Message

from tests.support.session_control import SessionControl, wait_until
from tests.tui.screen_control import Journal, ScreenControl, play
from tests.tui_dialogs.driving import shows
from tui_downloader.errors import SettingsError
from tui_downloader.session.session import Session
from tui_downloader.settings import DEFAULTS, Settings, load
from tui_downloader.tui import messages
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.order import Order
from tui_downloader.tui.screen_settings import SettingsWatch, checked, create, editor, template
from tui_downloader.tui.snapshot import Snapshot, merged
from tui_downloader.tui.widgets.download_list import DownloadList


def uncommented(text: str) -> str:
    """Take the `# ` away from every line that sets something."""
    lines = (line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    return "\n".join(lines)


def test_the_first_file_changes_nothing_and_names_everything(tmp_path: Path) -> None:
    path = tmp_path / "tuidl" / "settings.toml"
    create(path)
    assert load(path) == DEFAULTS
    path.write_text(uncommented(template()))
    every = checked(load(path), path)
    assert every.keymap["pause"] == "p"
    assert Settings(**{**{each: getattr(every, each) for each in Settings.__slots__}, "keymap": {}}) == DEFAULTS
    create(path)
    assert load(path) == every, "a file that is there stays as it is"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "norde"', "line 1: there is no theme “norde”"),
        ('\nglyphs = "asci"', "line 2: glyphs = 'asci' cannot be used: it takes auto, unicode or ascii"),
        ("[keymap]\nquit = 3", "line 1: keymap ="),
        ("keymap = 3", "a name and a text in quotes"),
        ('[keymap]\nquit = "a"', "line 2: a is taken by"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        checked(load(path), path)
    assert words in str(caught.value)


def test_a_change_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    watch = SettingsWatch(path)
    assert watch.look() is None
    path.write_text('theme = "light"\n')
    told = watch.look()
    assert isinstance(told, messages.SettingsRead)
    assert told.settings.theme == "light"
    assert watch.look() is None
    path.write_text('theme = "lite"\n')
    refused = watch.look()
    assert isinstance(refused, messages.ActionFailed)
    assert refused.sentence.endswith("The old settings stay.")
    assert watch.look() is None
    path.unlink()
    assert watch.look() == messages.SettingsRead(DEFAULTS)


def test_the_feed_hands_changed_settings_over(control: SessionControl, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    session = Session(control.session.identifier, state_directory=control.root / "state")
    feed = Feed(
        session, merged(Snapshot(), session.changes()), directory=tmp_path, settings_watch=SettingsWatch(path)
    )
    received: list[object] = []
    feed.start(received.append)
    path.write_text('theme = "light"\n')
    wait_until(lambda: messages.SettingsRead(Settings(theme="light")) in received, what="the new settings")
    assert feed.stop() == []


def test_the_editor_is_the_users() -> None:
    assert editor({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor({"EDITOR": "vi"}) == ["vi"]
    assert editor({}) is None
    assert editor({"EDITOR": "it's"}) == ["it's"]


def test_without_an_editor_the_place_is_named(control: SessionControl, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("S")
        await screen.until(lambda: screen.remark, what="the remark")
        assert screen.remark.startswith("Set VISUAL or EDITOR")

    play(control, scenario)


def test_colours_and_signs_change_while_the_screen_is_open(
    control: SessionControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        screen.app.post_message(messages.SettingsRead(Settings(theme="light", glyphs="ascii")))
        await screen.until(lambda: screen.app.theme == "tuidl-light", what="the light theme")

        def everything() -> str:
            lines = [strip.text for strip in screen.main._compositor.render_strips()]
            return "".join(lines)

        await screen.until(lambda: everything().isascii(), what="a screen of ASCII")
        assert "> | a.iso" in everything()
        screen.app.post_message(messages.SettingsRead(Settings(theme="dark")))
        await screen.until(lambda: "▌ ‖ a.iso" in everything(), what="every sign again")
        assert "─" in everything()

    play(control, scenario)


def test_another_directory_is_saved_in_from_then_on(control: SessionControl, tmp_path: Path) -> None:
    path, received = tmp_path / "screen.toml", list[Message]()
    session = Session(control.session.identifier, state_directory=control.root / "state")
    feed = Feed(session, Snapshot(), directory=control.downloads, settings_watch=SettingsWatch(path))
    feed.start(received.append)
    path.write_text(f'directory = "{tmp_path}"\n')
    wait_until(lambda: messages.DirectoryChosen(tmp_path) in received, what="the directory")
    feed.stop()

    async def scenario(screen: ScreenControl) -> None:
        screen.main.post_message(messages.DirectoryChosen(Path("/elsewhere")))
        await screen.until(lambda: shows(screen.app, "Files are saved in /elsewhere."), what="the sentence")
        assert screen.main.directory == Path("/elsewhere")

    play(control, scenario, size=(240, 34))


def test_an_order_chosen_on_another_screen_is_taken_over(control: SessionControl) -> None:
    Journal(control).add("b.iso", "a.iso", "c.iso")

    async def scenario(screen: ScreenControl) -> None:
        assert screen.current.shown_name == "c.iso"
        control.session.set_preference("sort", "name")
        await screen.until(lambda: screen.main.arrangement.order is Order.NAME, what="the order")
        await screen.until(lambda: "a.iso" in screen.line(DownloadList), what="the list in that order")

    play(control, scenario)
