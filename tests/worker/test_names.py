"""Names that nobody has."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader.engine.partial_file import PartialFile, set_aside
from tui_downloader.protocol.filename import NAME_MAX_BYTES, choose_filename, numbered, safe_filename
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("README", "readme"),
        ("caf\u00e9", "cafe\u0301"),
        ("CAF\u00c9", "cafe\u0301"),
        # letters that folding takes apart, or whose capital has no composed form
        ("\u0390.txt", "\u03aa\u0301.txt"),
        ("\u01f0", "J\u030c"),
        ("\u1e9e", "ss"),
        ("\u0130x", "I\u0307X"),
        ("\u1f80", "\u1f00\u0345"),
        ("\u1fb3\u0327", "\u03b1\u0327\u0345"),
    ],
)
def test_twins_are_not_both_promised(tmp_path: Path, one: str, other: str) -> None:
    assert choose(tmp_path, one, taken=[other]) == numbered(one, 1)
    assert choose(tmp_path, other, taken=[one]) == numbered(other, 1)


@given(st.text(min_size=1).map(safe_filename), st.sampled_from(["NFC", "NFD"]))
@example("\u0390\u0345", "NFD")
@example("\u1f80", "NFD")
def test_any_spelling_of_a_promised_name_is_passed_over(name: str, form: Literal["NFC", "NFD"]) -> None:
    for spelling in (name, name.casefold(), name.upper(), name.lower()):
        # Upper case can be another letter's, too (U+0131): only what folds to the same is a twin.
        if spelling.casefold() == name.casefold():
            twin = unicodedata.normalize(form, spelling)
            assert choose(Path("/nonexistent"), name, taken=[twin]) == numbered(name, 1)


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


ANYTHING = st.text(st.characters() | st.sampled_from("./\\-\0 :~\u202e\ud800é🎉"), max_size=300)


@given(ANYTHING, st.none() | ANYTHING.map(lambda text: text.encode(errors="surrogatepass")), st.integers(0, 3))
@example("../../etc/passwd", None, 1)
@example("/" * 10 + "..", b"attachment; filename=..", 0)
@example("a/" + "\u0301" * 300 + ".tar.gz", None, 2)
def test_whatever_is_proposed_a_file_is_made_in_the_directory(
    requested: str, disposition: bytes | None, there: int
) -> None:
    with tempfile.TemporaryDirectory() as text:
        directory = Path(text) / "chosen"
        directory.mkdir()
        wanted = choose_filename(
            requested=None if disposition else requested,
            disposition=disposition,
            final_url=f"https://example.com/{requested}",
            original_url="https://example.com/",
            media_type=None,
        )
        for number in range(there):
            (directory / (numbered(wanted, number) if number else wanted)).touch()
        name = choose(directory, wanted, taken=[])
        part = PartialFile.create(choose_part(directory, name))
        part.close()
        assert set_aside(part.path) == 0
        (directory / name).touch(exist_ok=False)
        assert len(list(directory.iterdir())) == there + 2
        assert [each.name for each in Path(text).iterdir()] == ["chosen"]
