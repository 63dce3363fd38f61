"""Memory that bytes are read into goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, re, sys
from pathlib import Path
from tui_downloader.engine import buffers

SIZE = 1024 * 1024

def is_on_heap():
    piece = buffers.new_buffer(SIZE) if "new" in sys.argv else bytearray(SIZE)
    at = ctypes.addressof(ctypes.c_char.from_buffer(piece))
    begin, end = re.search(r"^(\\w+)-(\\w+) .*\\[heap\\]", Path("/proc/self/maps").read_text(), re.M).groups()
    return int(begin, 16) <= at < int(end, 16)

if "map" in sys.argv:
    buffers.map_large_pieces()
print([is_on_heap() for _ in range(2)])
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
@pytest.mark.parametrize(
    ("word", "where"), [("leave", "[False, True]"), ("map", "[False, False]"), ("new", "[False, False]")]
)
def test_large_pieces_are_mapped_though_one_was_given_back(word: str, where: str) -> None:
    command = [sys.executable, "-P", "-c", PROGRAM, word]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == where
