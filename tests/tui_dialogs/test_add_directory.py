"""Looking at the Add form's directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_downloader.tui.screens.add_directory import check_directory, create_directory, default_directory


def test_a_directory_has_free_space(tmp_path: Path) -> None:
    check = check_directory(f"  {tmp_path} ")
    assert check.directory == tmp_path
    assert check.problem is None
    assert check.free_bytes is not None
    assert check.free_bytes > 0


def test_home_can_be_written_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Downloads").mkdir()
    assert check_directory("~/Downloads").directory == tmp_path / "Downloads"


def test_a_missing_one_can_be_created(tmp_path: Path) -> None:
    typed = str(tmp_path / "new" / "deeper")
    check = check_directory(typed)
    assert (check.directory, check.can_create) == (None, True)
    assert check.problem == "No such directory. Create it? Ctrl+N"
    assert not (tmp_path / "new").exists()
    assert create_directory(typed).directory == tmp_path / "new" / "deeper"


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_one_is_asked_for(typed: str) -> None:
    assert check_directory(typed).problem == "Where to? Type a directory."


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    for typed in (str(path), str(path / "below")):
        check = check_directory(typed)
        assert check.problem is not None
        assert not check.can_create
        assert create_directory(typed).problem is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_forbidden_place_cannot_be_created_in(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert not check_directory(str(tmp_path / "new")).can_create


@pytest.mark.parametrize("typed", ["a\0b", "x" * 5000, "~nobody-of-this-name/x", "/dev/null/x"])
def test_strange_texts_are_answered_with_a_sentence(typed: str) -> None:
    for check in (check_directory(typed), create_directory(typed)):
        assert check.directory is None
        assert check.problem


def test_the_default_is_the_downloads_folder_or_the_current_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert default_directory() == "~/elsewhere"
    (tmp_path / "Downloads").mkdir()
    assert default_directory() == "~/Downloads"
