"""The settings file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.errors import SettingsError
from tui_downloader.settings import DEFAULTS, Settings, load

FIELDS = {each.name: each for each in dataclasses.fields(Settings)}
NUMBERS = sorted(name for name, each in FIELDS.items() if "low" in each.metadata)


def written(directory: Path, text: str | bytes) -> Path:
    path = directory / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(directory: Path, text: str | bytes) -> str:
    with pytest.raises(SettingsError) as caught:
        load(written(directory, text))
    return str(caught.value)


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == DEFAULTS == load(written(tmp_path, "")) == Settings()


def test_every_setting_says_what_it_is() -> None:
    for name, each in FIELDS.items():
        assert each.metadata["unit"], name
        assert each.metadata["meaning"], name
    for name in NUMBERS:
        assert FIELDS[name].metadata["low"] <= FIELDS[name].default <= FIELDS[name].metadata["high"], name


@pytest.mark.parametrize("name", NUMBERS)
def test_bounds_are_kept(tmp_path: Path, name: str) -> None:
    metadata = FIELDS[name].metadata
    for good in (metadata["low"], metadata["high"]):
        assert getattr(load(written(tmp_path, f"{name} = {good}")), name) == good
    for bad in (metadata["low"] - 1, metadata["high"] + 1):
        sentence = refusal(tmp_path, f"# first\n{name} = {bad}")
        assert "line 2" in sentence
        assert str(metadata["low"]) in sentence
        assert str(metadata["high"]) in sentence


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["true", '"4"', "nan", "inf", "-inf", "[4]", "{ a = 1 }", "2020-01-01"])
def test_what_is_no_number_is_refused(tmp_path: Path, name: str, value: str) -> None:
    assert name in refusal(tmp_path, f"{name} = {value}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("allow_insecure = 1", "true or false"),
        ("downloads_at_once = 2.0", "a whole number"),
        ("directory = 3", "a text in quotes"),
        ('on_failed = "rm -rf x"', 'it takes the program and its arguments as a list: ["'),
        ("on_completed = [3]", "a list"),
        ('on_completed = [""]', "a list"),
        ('on_completed = ["a\\u0000"]', "a list"),
        ('notifications = "on"', "auto, desktop, terminal or off"),
        ("downloads_at_one = 2", "did you mean downloads_at_once?"),
        ("\n\n[worker]\nidle = 3", "line 3"),
        ("nonsense = 1", "there is no setting “nonsense”"),
        ("downloads_at_once = ", "is not TOML"),
        ("a = 1\na = 2", "is not TOML"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_wrong_files_are_explained(tmp_path: Path, text: str | bytes, words: str) -> None:
    sentence = refusal(tmp_path, text)
    assert words in sentence
    assert str(tmp_path / "settings.toml") in sentence


def test_a_directory_in_its_place_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


def test_several_settings(tmp_path: Path) -> None:
    text = 'on_completed = ["a", "b c"]\n'
    text += 'downloads_at_once = 8\nallow_insecure = true\nretry_first_seconds = 2\ndirectory = "/d"\n'
    chosen = load(written(tmp_path, text))
    expected = dataclasses.replace(
        DEFAULTS,
        on_completed=("a", "b c"),
        downloads_at_once=8,
        allow_insecure=True,
        retry_first_seconds=2.0,
        directory="/d",
    )
    assert chosen == expected


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_file_is_read_or_refused_in_one_printable_line(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    directory = tmp_path_factory.mktemp("settings")
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    sentence = ""
    try:
        load(written(directory, data))
    except SettingsError as error:
        sentence = str(error)
    assert sentence.isprintable()


def test_a_hostile_key_is_made_harmless(tmp_path: Path) -> None:
    assert "\x1b" not in refusal(tmp_path, '"\\u001b[2J" = 1')


def test_the_readme_lists_every_setting_with_its_default_and_bounds() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    rows = {
        line.split("`")[1]: line for line in readme.splitlines() if line.startswith("| `") and line.count("|") == 6
    }
    for each in dataclasses.fields(Settings):
        assert each.metadata["meaning"] in rows[each.name]
        assert each.metadata["unit"] in rows[each.name]
        if "high" in each.metadata:
            assert (
                f"{each.metadata['high']:g}" in rows[each.name]
                or f"{int(each.metadata['high'])}" in rows[each.name]
            )
