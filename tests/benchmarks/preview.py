"""What showing a picture must cost: time to the first picture, memory of the decode child, bytes for the terminal.

Owns these measures. All in one process and a warm child: the file is selected, decoded and drawn as cells.
"""

from __future__ import annotations

import time
from pathlib import Path

from PIL import Image

from tests.benchmarks.engine import Ground
from tests.benchmarks.process import cpu_seconds, peak_memory
from tests.benchmarks.table import Row
from tui_downloader.preview import cells
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.facts import describe_file
from tui_downloader.preview.printed import Window, box, colours, printed
from tui_downloader.preview.ways import Way

ROUNDS = 15
_PANE = (60, 18)
"""Columns and rows of the picture in a usual side pane."""

_WINDOW = Window(60, 18, cell_width=8, cell_height=17)
_SIZES = {"2560×1024 JPEG": ((2560, 1024), "≤ 80"), "50 MP JPEG": ((8660, 5774), "≤ 200")}


def preview(ground: Ground) -> list[Row]:
    """Time to the first picture after selecting, the child's memory, and bytes per picture and protocol."""
    scratch = ground.scratch()
    files = {name: _photograph(scratch / f"{at}.jpg", size) for at, (name, (size, _)) in enumerate(_SIZES.items())}
    rows = []
    with Decoder() as decoder:
        _draw(decoder, files["2560×1024 JPEG"])  # the child starts with the first picture
        for name, (_, aim) in _SIZES.items():
            row = Row(f"first picture after selecting, {name}", f"{aim} ms", unit="ms")
            before = _cpu(decoder)
            for _ in range(ROUNDS):
                started = time.perf_counter()
                _draw(decoder, files[name])
                row.ours.append((time.perf_counter() - started) * 1000)
            spent = (_cpu(decoder) - before) / ROUNDS * 1000
            rows += [row, Row(f"CPU of it, {name}", "", ours=[spent], unit="ms")]
        assert decoder.child_pid is not None
        memory = Row("decode child, peak memory", "≤ 300 MB", unit="MB")
        memory.ours.append(peak_memory(decoder.child_pid) / 1_000_000)
        return [*rows, memory, *_bytes(decoder, files["2560×1024 JPEG"])]


def _bytes(decoder: Decoder, path: Path) -> list[Row]:
    """How many bytes a picture is for each protocol, and how long they take to make."""
    rows = []
    for way in Way:
        if way is Way.OFF:
            continue
        width, height = box(_WINDOW, way)
        picture = decoder.decode(path, width_pixels=width, height_pixels=height, colours=colours(way))
        started = time.process_time()
        size = len(printed(picture, _WINDOW, way))
        spent = time.process_time() - started
        rows.append(Row(f"bytes of a picture of 60 × 18, {way}", "", ours=[size / 1000], unit="kB"))
        rows.append(Row(f"CPU to encode it, {way}", "", ours=[spent * 1000], unit="ms"))
    return rows


def _cpu(decoder: Decoder) -> float:
    """CPU seconds of this process and the child, which a loaded machine does not change."""
    assert decoder.child_pid is not None
    return time.process_time() + cpu_seconds(decoder.child_pid)


def _draw(decoder: Decoder, path: Path) -> None:
    """What the side pane does between the selection and the picture."""
    describe_file(path)
    width, height = cells.raster_size(*_PANE)
    picture = decoder.decode(path, width_pixels=width, height_pixels=height, deadline_seconds=60.0)
    cells.symbols(picture, *cells.fit(picture.natural_width, picture.natural_height, *_PANE))


def _photograph(path: Path, size: tuple[int, int]) -> Path:
    """A JPEG with as much detail as a photograph: a ramp with fine noise."""
    ramp = Image.linear_gradient("L").resize(size)
    noise = Image.effect_noise((1024, 1024), 24).resize(size)
    Image.merge("RGB", (ramp, noise, ramp.transpose(Image.Transpose.ROTATE_180))).save(path, "JPEG", quality=88)
    return path
