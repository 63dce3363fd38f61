"""Thumbnails are made once, kept for their owner alone, and do not pile up."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tui_downloader.errors import PreviewError
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.thumbnails import Thumbnails


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as made:
        yield made


def png(path: Path, colour: tuple[int, int, int] = (200, 30, 30)) -> Path:
    out = io.BytesIO()
    Image.new("RGB", (300, 100), colour).save(out, "PNG")
    path.write_bytes(out.getvalue())
    return path


def get(store: Thumbnails, path: Path, decoder: Decoder) -> Picture:
    return store.get(path, decoder, width_pixels=60, height_pixels=40)


def test_a_thumbnail_is_decoded_once(tmp_path: Path, decoder: Decoder) -> None:
    store = Thumbnails(tmp_path / "state" / "thumbnails")
    path = png(tmp_path / "a.png")
    first = get(store, path, decoder)
    assert (first.width, first.height, first.natural_width, first.natural_height) == (60, 20, 300, 100)
    with Decoder() as closed:
        closed.close()
        again = get(store, path, closed)
    assert again.rgb == first.rgb
    (kept,) = store.directory.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert store.directory.stat().st_mode & 0o777 == 0o700


def test_a_changed_file_gets_another(tmp_path: Path, decoder: Decoder) -> None:
    store = Thumbnails(tmp_path / "thumbnails")
    path = png(tmp_path / "a.png")
    first = get(store, path, decoder)
    png(path, (10, 200, 10))
    os.utime(path, ns=(1, 1))
    assert get(store, path, decoder).rgb != first.rgb


@pytest.mark.parametrize(
    "content", [b"", b"TTN1", b"TTN1" + bytes(12), b"x" * 100, b"TTN1\xff\xff\xff\xff" + bytes(99)]
)
def test_a_damaged_one_is_made_anew(tmp_path: Path, decoder: Decoder, content: bytes) -> None:
    store = Thumbnails(tmp_path / "thumbnails")
    path = png(tmp_path / "a.png")
    first = get(store, path, decoder)
    (kept,) = store.directory.iterdir()
    kept.write_bytes(content)
    assert get(store, path, decoder).rgb == first.rgb


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path, decoder: Decoder) -> None:
    store = Thumbnails(tmp_path / "thumbnails", max_bytes=100)
    for number in range(6):
        path = png(tmp_path / f"{number}.png", (number, 0, 0))
        get(store, path, decoder)
    files = sorted(store.directory.iterdir())
    size = files[0].stat().st_size
    for age, each in enumerate(files):
        os.utime(each, (age, age))
    store.prune()
    assert sorted(store.directory.iterdir()) == files[-(100 // size) :]


def test_what_is_no_picture_is_told(tmp_path: Path, decoder: Decoder) -> None:
    store = Thumbnails(tmp_path / "thumbnails")
    with pytest.raises(PreviewError, match="gone"):
        get(store, tmp_path / "none.png", decoder)
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(PreviewError):
        get(store, tmp_path / "text.png", decoder)
    assert not store.directory.exists()


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, decoder: Decoder) -> None:
    (tmp_path / "thumbnails").write_text("in the way")
    assert get(Thumbnails(tmp_path / "thumbnails"), png(tmp_path / "a.png"), decoder).width == 60
