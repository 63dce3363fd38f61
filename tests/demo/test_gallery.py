"""The gallery: each file is drawn once, whole, and never touched again."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui_downloader.demo.gallery import Gallery
from tui_downloader.demo.pictures import Picture

NAME = "dot.png"


class Brush:
    """Draws the same bytes each time, and counts how often."""

    def __init__(self, content: bytes = b"a picture") -> None:
        self.content = content
        self.times = 0
        self._lock = threading.Lock()

    def __call__(self) -> bytes:
        with self._lock:
            self.times += 1
        return self.content


def gallery_of(directory: Path, brush: Brush) -> Gallery:
    return Gallery(directory, {NAME: Picture(NAME, brush, "image/png")})


def test_what_is_missing_is_drawn(tmp_path: Path) -> None:
    exhibit = gallery_of(tmp_path, Brush()).exhibit(NAME)
    assert exhibit.path.read_bytes() == b"a picture"
    assert exhibit.complete_length == 9
    assert exhibit.media_type == "image/png"
    assert exhibit.sha256 == hashlib.sha256(b"a picture").digest()
    assert exhibit.etag == f'"{hashlib.sha256(b"a picture").hexdigest()}"'
    assert exhibit.modified_at == int(exhibit.path.stat().st_mtime)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    before = gallery_of(tmp_path, Brush()).exhibit(NAME)
    brush = Brush(b"another picture")
    assert gallery_of(tmp_path, brush).exhibit(NAME) == before
    assert brush.times == 0


def test_many_who_want_it_at_once_get_one_drawing(tmp_path: Path) -> None:
    brush = Brush()
    gallery = gallery_of(tmp_path, brush)
    with ThreadPoolExecutor(8) as pool:
        exhibits = set(pool.map(gallery.exhibit, [NAME] * 32))
    assert len(exhibits) == 1
    assert brush.times == 1


def test_a_drawing_that_fails_leaves_no_file_and_can_be_tried_again(tmp_path: Path) -> None:
    directory = tmp_path / "not yet"
    brush = Brush()
    gallery = gallery_of(directory, brush)
    with pytest.raises(FileNotFoundError):
        gallery.exhibit(NAME)
    directory.mkdir()
    gallery.draw_all()
    assert (directory / NAME).read_bytes() == b"a picture"
    assert brush.times == 2


def test_an_unfinished_file_of_a_killed_process_is_replaced(tmp_path: Path) -> None:
    (tmp_path / f".{NAME}.unfinished").write_bytes(b"half a pict")
    gallery_of(tmp_path, Brush()).draw_all()
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_only_its_own_names_are_in_a_gallery(tmp_path: Path) -> None:
    gallery = gallery_of(tmp_path, Brush())
    assert NAME in gallery
    for name in ("", ".", "..", "server.json", f"../{NAME}", f"./{NAME}", NAME.upper()):
        assert name not in gallery
        with pytest.raises(KeyError):
            gallery.exhibit(name)
