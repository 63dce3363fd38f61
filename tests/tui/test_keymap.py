"""The user's keys: what is refused, and that palette, help and footer show them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from textual.command import CommandList
from textual.widgets import Static

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader import tui
from tui_downloader.errors import SettingsError
from tui_downloader.settings import Settings
from tui_downloader.tui.keymap import bound_actions, check_keymap
from tui_downloader.tui.messages import SettingsRead
from tui_downloader.tui.screens.help import HelpScreen
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.views import Views


def refusal(directory: Path, text: str, **keymap: str) -> str:
    path = directory / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        check_keymap({name.replace("_", "-"): keys for name, keys in keymap.items()}, path)
    return str(caught.value)


def text_of_options(screen: ScreenControl) -> str:
    """Return what the palette offers."""
    options = screen.app.screen.query_one(CommandList).options
    return "\n".join(str(each.prompt) for each in options)


def test_an_unknown_action_is_named_with_its_line(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, '[keymap]\n\npuase = "b"\n', puase="b")
    assert sentence.endswith("line 3: there is no action “puase” to give a key to; did you mean pause?")


@pytest.mark.parametrize("keys", ["nokey", "ctrl+nokey", "b,hyperspace+b", "\x1b[A"])
def test_what_is_no_key_is_named(tmp_path: Path, keys: str) -> None:
    sentence = refusal(tmp_path, '[keymap]\npause = "…"\n', pause=keys)
    assert "line 2: “" in sentence
    assert "is no key" in sentence
    assert sentence.isprintable()


def test_a_key_that_is_taken_is_named(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, '[keymap]\npause = "b,x"\n', pause="b,x")
    assert sentence.endswith("line 2: x is taken by “Cancel” (cancel); give that another key, too")
    assert "q is taken by" in refusal(tmp_path, "", pause="q")


def test_keys_can_change_places(tmp_path: Path) -> None:
    check_keymap({"pause": "x", "cancel": "p", "quit": "ctrl+q,Q", "help": "f2"}, tmp_path / "settings.toml")


def test_the_readmes_keymap_is_possible(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    example = readme.partition("```toml\n[keymap]")[2].partition("```")[0]
    check_keymap(tomllib.loads(example), tmp_path / "settings.toml")
    assert "quit" in tomllib.loads(example)


def test_every_binding_has_an_id_a_description_and_a_tooltip() -> None:
    actions = bound_actions()
    assert {"quit", "pause", "cursor-down", "add-close", "help-close"} & {each.identifier for each in actions}
    twice = [
        name for name, count in Counter((each.identifier, each.scope) for each in actions).items() if count > 1
    ]
    assert twice == []


def test_the_users_keys_act_and_are_shown_everywhere(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        screen.app.apply_settings(Settings(keymap={"help": "f2", "quit": "ctrl+q", "remove": "b"}))
        screen.main.show(screen.main.snapshot)
        await screen.until(lambda: "F2 Help" in screen.line(Footer), what="the footer")
        assert "Ctrl+Q Quit" in screen.line(Footer)
        assert "b Remove" in screen.line(Footer)
        await screen.press("question_mark")
        assert screen.app.screen is screen.main, "the old key does nothing"
        await screen.press("f2")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen), what="the help")

        def shown() -> str:
            lines = screen.app.screen.query_one("#keys", Lines).lines
            return "\n".join("".join(text for text, _ in line) for line in lines)

        await screen.until(lambda: "F2" in shown(), what="its key in the help")
        assert "Ctrl+Q" in shown()
        assert "Ctrl+C" not in shown()
        await screen.press("escape", "colon", *"remove")
        await screen.until(lambda: "Remove  b" in text_of_options(screen), what="its key in the palette")

    play(control, scenario)


def test_running_text_names_the_users_keys(control: SessionControl) -> None:
    journal = Journal(control)
    journal.write(journal.add("a.iso")[0], state="failed", reason="not-found")
    keys = {"resume": "f5,r", "copy-url": "c", "add": "n", "view-failed": "f", "layout": "Z", "back": "ctrl+b"}

    async def scenario(screen: ScreenControl) -> None:
        assert "r try again" in screen.line(DownloadList)
        screen.app.post_message(SettingsRead(Settings(keymap=keys)))
        await screen.until(
            lambda: "failed · not found · F5 try again" in screen.line(DownloadList), what="the row"
        )
        await screen.until(lambda: "f Failed 1" in screen.line(Views), what="the views")
        assert "F5 Resume   c Copy URL" in screen.line(Footer)
        await screen.press("Z", "Z", "right_square_bracket")
        assert screen.remark == "The side pane is hidden: Z shows it"
        await screen.press("y")
        assert screen.remark.endswith("the file is not finished; c copies its URL")
        await screen.pilot.resize_terminal(90, 16)
        sentence = screen.main.query_one("#sentence", Static)
        await screen.until(lambda: "check the URL with c · F5 try again" in str(sentence.content), what="it")

    play(control, scenario)


def test_no_text_names_a_key_by_itself() -> None:
    """What is bound by this program is named by its binding; Enter and Tab of a field are the toolkit's."""
    written = [
        f"{path.name}: {text}"
        for path in (Path(tui.__file__).parent).rglob("*.py")
        for text in re.findall(r'"([^"\n]*)"', re.sub(r'""".*?"""|#.*', "", path.read_text(), flags=re.DOTALL))
        if re.search(r"\b(Esc|Ctrl\+[A-Z]|Enter|r try|u paste)\b", text)
    ]
    assert [each for each in written if not re.search(r"keys.py: |: Enter |Tab next", each)] == []
