"""Words about files of every kind, strange ones included."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.preview.pictures import four_corners
from tui_downloader.preview.facts import FileFacts, describe_file


def test_a_picture(tmp_path: Path) -> None:
    four_corners().save(tmp_path / "a.iso", "PNG")
    status = (tmp_path / "a.iso").stat()
    assert describe_file(tmp_path / "a.iso") == FileFacts(status.st_size, "image/png", "PNG", status.st_mtime)


def test_a_disk_image(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(32768) + b"\x01CD001\x01" + bytes(5000))
    facts = describe_file(tmp_path / "a")
    assert (facts.size, facts.media_type, facts.words) == (37775, "application/x-iso9660-image", "disk image")


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty file"), (b"\x00\x01\x02\x03", "data"), (b"words", "text")]
)
def test_contents(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a").write_bytes(content)
    facts = describe_file(tmp_path / "a")
    assert (facts.size, facts.words) == (len(content), words)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "lost").symlink_to("nowhere")
    (tmp_path / "file").write_text("x")
    words = {
        tmp_path / "absent": "the file is gone",
        tmp_path / "lost": "the file is gone",
        tmp_path / "file" / "below": "the file is gone",
        Path("a\x00b"): "the file is gone",
        tmp_path / "circle": "the file cannot be read",
        tmp_path / ("x" * 5000): "the file cannot be read",
        tmp_path / "pipe": "this is a named pipe",
        tmp_path: "this is a folder",
        Path(os.devnull): "this is a device",
    }
    assert {path: describe_file(path) for path in words} == {
        path: FileFacts(None, None, sentence) for path, sentence in words.items()
    }


def test_a_growing_file_is_what_its_beginning_says(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(b"words only" + bytes(1000))
    assert describe_file(tmp_path / "a.part").words == "data"
    assert describe_file(tmp_path / "a.part", prefix_bytes=10).words == "text"
