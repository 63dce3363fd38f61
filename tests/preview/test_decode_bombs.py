"""Hostile files cost two seconds and 300 MB at most, one sentence, and at worst a child."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.preview.bombs import endless_scans, flat_png, inflating_png, many_frames, many_pages
from tests.preview.pictures import four_corners
from tui_downloader.errors import PreviewError
from tui_downloader.preview.decode import DEADLINE_SECONDS, Decoder

_MEMORY_BYTES = 300_000_000
_PATIENCE_SECONDS = 20.0
"""For a loaded machine, on top of the deadline."""

BOMBS = {
    "pixels": lambda: flat_png(50_000, 50_000),
    "fewer pixels": lambda: flat_png(12_000, 12_000),
    "colour profile": lambda: inflating_png(b"iCCP"),
    "text": lambda: inflating_png(b"zTXt"),
    "frames": lambda: many_frames(10_000),
    "scans": lambda: endless_scans(4000, 10_000),
    "pages": lambda: many_pages(200_000),
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit on address space")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_harms_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "bomb").write_bytes(BOMBS[name]())
    four_corners().save(tmp_path / "good.png")
    with Decoder() as decoder:
        decoder.decode(tmp_path / "good.png", width_pixels=48, height_pixels=48)
        child = decoder.child_pid
        started = time.monotonic()
        sentence = outcome(decoder, tmp_path / "bomb")
        assert sentence in {
            "a picture",
            "the picture is too large to show (50000 × 50000)",
            "the picture is too large to show (12000 × 12000)",
            "the picture is damaged",
            "decoding took longer than 2 s",
        }
        assert time.monotonic() - started < DEADLINE_SECONDS + _PATIENCE_SECONDS
        if decoder.child_pid == child:
            assert peak_memory(child) <= _MEMORY_BYTES
        assert decoder.decode(tmp_path / "good.png", width_pixels=48, height_pixels=48).width == 48


def outcome(decoder: Decoder, path: Path) -> str:
    try:
        decoder.decode(path, width_pixels=160, height_pixels=80)
    except PreviewError as error:
        return str(error)
    return "a picture"


def peak_memory(pid: int | None) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def test_scans_without_end_meet_the_deadline(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(endless_scans(4000, 10_000))
    with Decoder() as decoder:
        decoder.decode(Path(__file__).parents[2] / "screenshots" / "empty.png", width_pixels=9, height_pixels=9)
        assert decoder.child_pid is not None
        used = children_seconds()
        with pytest.raises(PreviewError, match=r"longer than 0\.5 s"):
            decoder.decode(tmp_path / "bomb", width_pixels=160, height_pixels=80, deadline_seconds=0.5)
        assert children_seconds() - used < 2.0, "it was ended by its own processor time"


def children_seconds() -> float:
    """Processor time of the children that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_frames_are_counted_even_if_there_are_many(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(many_frames(10_000))
    picture = decoder.decode(tmp_path / "a.gif", width_pixels=9, height_pixels=9, deadline_seconds=60.0)
    assert picture.frames == 10_000


@pytest.mark.parametrize(("format_name", "size"), [("JPEG", (12_000, 9_000)), ("WEBP", (3_000, 2_000))])
def test_what_cameras_make_fits(decoder: Decoder, tmp_path: Path, format_name: str, size: tuple[int, int]) -> None:
    Image.new("RGB", size, (200, 40, 40)).save(tmp_path / "a", format_name)
    picture = decoder.decode(tmp_path / "a", width_pixels=160, height_pixels=80, deadline_seconds=60.0)
    assert (picture.natural_width, picture.natural_height) == size


def test_a_webp_that_needs_too_much_memory_names_its_size(decoder: Decoder, tmp_path: Path) -> None:
    Image.new("RGB", (8_000, 6_000)).save(tmp_path / "a", "WEBP", method=0)
    with pytest.raises(PreviewError, match=r"too large to show \(8000 × 6000\)"):
        decoder.decode(tmp_path / "a", width_pixels=160, height_pixels=80, deadline_seconds=60.0)
