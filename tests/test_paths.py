"""Places on disk, and names of sessions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader import paths
from tui_downloader.errors import InvalidSessionNameError


def test_the_environment_chooses(own_environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert paths.state_directory() == own_environment / "state"
    assert paths.settings_file() == own_environment / "settings.toml"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUIDL_STATE_DIR", "below")
    monkeypatch.setenv("TUIDL_CONFIG", "~/mine.toml")
    assert paths.state_directory() == tmp_path / "below"
    assert paths.settings_file() == own_environment / "mine.toml"


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="XDG variables")
def test_the_systems_places(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for empty in ("TUIDL_STATE_DIR", "TUIDL_CONFIG"):
        monkeypatch.setenv(empty, "")
    assert paths.state_directory() == own_environment / ".local/state/tuidl"
    assert paths.settings_file() == own_environment / ".config/tuidl/settings.toml"
    assert paths.cache_directory() == own_environment / ".cache/tuidl"


def test_a_downloads_folder_is_there_or_it_is_none(own_environment: Path) -> None:
    assert paths.downloads_directory() is None
    (own_environment / "Downloads").mkdir()
    assert paths.downloads_directory() == own_environment / "Downloads"


def test_asking_creates_nothing(own_environment: Path) -> None:
    paths.state_directory()
    paths.settings_file()
    paths.cache_directory()
    paths.session_directory(paths.state_directory(), "default")
    assert list(own_environment.iterdir()) == []


@pytest.mark.parametrize("name", ["default", "a", "0", "a.b-c_d", "A" * 64, "a..b"])
def test_session_names(name: str) -> None:
    assert paths.checked_identifier(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "-a", "_a", ".a", "a.", "a/b", "a b", "ä", "a\n", "a" * 65, "٣"])
def test_what_is_no_session_name(name: str) -> None:
    with pytest.raises(InvalidSessionNameError):
        paths.checked_identifier(name)


@given(st.text(max_size=70))
def test_a_session_never_leaves_its_place(name: str) -> None:
    state = Path("/nonexistent/state")
    directory, sentence = None, ""
    try:
        directory = paths.session_directory(state, name)
    except InvalidSessionNameError as error:
        sentence = str(error)
    assert sentence.isprintable()
    if directory is None:
        return
    assert directory.parent == state / "sessions"
    assert os.path.normpath(directory) == str(directory)


def test_names_that_differ_in_case_are_one_session(tmp_path: Path) -> None:
    paths.session_directory(tmp_path, "work").mkdir(parents=True)
    assert paths.session_directory(tmp_path, "work") == tmp_path / "sessions" / "work"
    if (tmp_path / "sessions" / "WORK").exists():
        pytest.skip("this file system takes them for one already")
    with pytest.raises(InvalidSessionNameError, match="tuidl -s work"):
        paths.session_directory(tmp_path, "Work")
