"""`tuidl settings`: what holds and where it comes from, and the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine, Json
from tui_downloader.settings import DEFAULTS


def by_key(tuidl: CommandLine, *keys: str) -> dict[object, Json]:
    """The settings as JSON, by key."""
    shown = tuidl.ok("settings", *keys, "--json").object()["settings"]
    assert isinstance(shown, list)
    return {each["key"]: each for each in shown}


def test_each_value_says_where_it_comes_from(tuidl: CommandLine) -> None:
    file = tuidl.directory / "settings.toml"
    file.write_text('# mine\ndownloads_at_once = 8\nimages = "half"\n[keymap]\nquit = "Q"\n')
    tuidl.environment["TUIDL_IMAGES"] = "off"

    shown = by_key(tuidl)

    assert (shown["downloads_at_once"]["value"], shown["downloads_at_once"]["source"]) == (8, "file")
    assert shown["downloads_at_once"]["line"] == 2
    assert (shown["images"]["value"], shown["images"]["source"], shown["images"]["line"]) == (
        "off",
        "environment",
        None,
    )
    assert (shown["keymap"]["value"], shown["keymap"]["line"]) == ({"quit": "Q"}, 4)
    assert (shown["connect_seconds"]["value"], shown["connect_seconds"]["source"]) == (20.0, "default")
    assert shown["connect_seconds"]["default"] == DEFAULTS.connect_seconds

    text = tuidl.ok("settings")
    assert any(line.split()[:5] == ["downloads_at_once", "=", "8", "downloads", "line"] for line in text.lines)
    assert str(file) in text.err


def test_some_keys_and_unknown_ones(tuidl: CommandLine) -> None:
    assert list(by_key(tuidl, "theme", "glyphs")) == ["theme", "glyphs"]

    result = tuidl("settings", "downloads_at_onc", "theme")

    assert result.code == 2
    assert [line.split()[0] for line in result.lines] == ["theme"]
    assert "did you mean downloads_at_once?" in result.err


def test_typo_in_the_file_is_named_with_its_line(tuidl: CommandLine) -> None:
    (tuidl.directory / "settings.toml").write_text("\ndownloads_at_onse = 8\n")

    for words in (["settings"], ["add", "https://tuidl.invalid/a"]):
        result = tuidl(*words)
        assert "settings.toml, line 2: there is no setting" in result.err
        assert "did you mean downloads_at_once?" in result.err
        assert result.err.count("\n") == 1


def editor(directory: Path, script: str) -> str:
    """Make an editor that runs a shell script on the file, whose name is `$1`."""
    program = directory / "my editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"'{program}'"


def test_editor_gets_a_file_with_every_default(tuidl: CommandLine) -> None:
    tuidl.environment |= {
        "VISUAL": editor(tuidl.directory, 'echo "downloads_at_once = 9" >"$1.new"; grep -c = "$1"')
    }
    tuidl.environment["EDITOR"] = "false"

    result = tuidl.ok("settings", "--edit")

    assert int(result.out) > 20
    assert (tuidl.directory / "settings.toml.new").exists()
    assert by_key(tuidl, "theme")["theme"]["source"] == "default"


@pytest.mark.parametrize(
    ("command", "code", "answer"),
    [
        ("", 2, "Set VISUAL or EDITOR"),
        ("/nowhere/editor", 2, "cannot be started: No such file or directory"),
        ("false", 1, "ended with code 1"),
        ("sed -i s/^.*/theme=1/", 2, "line 1: theme = 1 cannot be used"),
    ],
)
def test_editor_that_does_not_do(tuidl: CommandLine, command: str, code: int, answer: str) -> None:
    (tuidl.directory / "settings.toml").write_text("# mine\n")
    tuidl.environment |= {"VISUAL": command, "EDITOR": ""}

    result = tuidl("settings", "--edit")

    assert result.code == code
    assert answer in result.err
    assert result.err.count("\n") == 1
