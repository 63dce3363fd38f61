"""Lines of the worker's log that the disk does not take."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.small_disk import fill, small_disk
from tui_downloader.worker.log import Lines

_WRITES = """
import sys
from pathlib import Path
from tui_downloader.worker.log import Log, logger

log, filler = Path(sys.argv[1]), Path(sys.argv[2])
opened = Log(log, foreground=False)
for number in range(1000):
    logger.info("line %d, which the disk does not take", number)
    opened.rotate_if_large()
filler.unlink()
logger.info("there is room again")
"""


def test_a_full_disk_takes_no_lines_and_the_worker_goes_on(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 1_000_000) as disk:
        filler = fill(disk, leave_bytes=0)
        done = subprocess.run([sys.executable, "-c", _WRITES, disk / "worker.log", filler], check=False)
        text = (disk / "worker.log").read_text()
    assert done.returncode == 0
    assert text.endswith("there is room again\n")
    assert "Logging error" not in text


def test_a_line_that_is_a_defect_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("worker", logging.INFO, __file__, 1, "%d", ("no number",), None)
    Lines(io.StringIO()).handle(record)
    assert "Logging error" in capsys.readouterr().err
