"""Names that nobody has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.partial_file import PartialFile, set_aside
from tui_downloader.protocol.filename import NAME_MAX_BYTES, numbered, safe_filename
from tui_downloader.worker.names import PART_SUFFIX, choose, choose_part


def test_a_free_name_is_taken_as_it_is(tmp_path: Path) -> None:
    assert choose(tmp_path, "a.iso", taken=[]) == "a.iso"
    assert list(tmp_path.iterdir()) == []


def test_what_is_on_disk_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.iso").touch()
    (tmp_path / "a (1).iso").mkdir()
    (tmp_path / "a (2).iso").symlink_to("nowhere")
    assert choose(tmp_path, "a.iso", taken=[]) == "a (3).iso"


def test_what_is_promised_is_passed_over_without_case_and_form(tmp_path: Path) -> None:
    promised = iter(["A.ISO", "a (1).iso"])
    assert choose(tmp_path, "a.iso", taken=promised) == "a (2).iso"
    assert choose(tmp_path, "é.iso", taken=["e\u0301.iso"]) == "é (1).iso"
    assert choose(tmp_path, "straße", taken=["STRASSE"]) == "straße (1)"


@given(st.integers(0, 6))
def test_each_alternative_comes_in_turn(number: int) -> None:
    names = ["a.tar.gz", *(f"a ({each}).tar.gz" for each in range(1, 7))]
    assert choose(Path("/nonexistent"), "a.tar.gz", taken=names[:number]) == names[number]


def test_part_files(tmp_path: Path) -> None:
    assert choose_part(tmp_path, "a.iso") == tmp_path / "a.iso.part"
    assert choose_part(tmp_path, "a.iso", skip=2) == tmp_path / "a.iso.part2"
    (tmp_path / "a.iso.part").touch()
    (tmp_path / "a.iso.part1").symlink_to("nowhere")
    assert choose_part(tmp_path, "a.iso") == tmp_path / "a.iso.part2"
    assert choose_part(tmp_path, "a.iso", skip=1) == tmp_path / "a.iso.part3"


LONG = safe_filename("é" * 400 + ".tar.gz")


@pytest.mark.parametrize("name", [LONG, numbered(LONG, 1), numbered(LONG, 9999), numbered(LONG, 12345)])
def test_the_longest_names_can_be_created_and_set_aside(tmp_path: Path, name: str) -> None:
    path = choose_part(tmp_path, name)
    assert len(os.fsencode(path.name)) <= NAME_MAX_BYTES
    assert path.name.endswith(PART_SUFFIX)
    PartialFile.create(path).close()
    second = choose_part(tmp_path, name)
    PartialFile.create(second).close()
    assert set_aside(path) == set_aside(second) == 0
