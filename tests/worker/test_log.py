"""Lines of the worker's log that the disk does not take."""

from __future__ import annotations

import io
import logging

import pytest

from tui_downloader.worker.log import Lines


class _FullDisk(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


def _record(words: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("worker", logging.INFO, __file__, 1, words, arguments, None)


def test_a_line_that_the_disk_does_not_take_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    Lines(_FullDisk()).handle(_record("all is well"))
    assert capsys.readouterr().err == ""


def test_a_line_that_is_a_defect_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Lines(io.StringIO()).handle(_record("%d", "no number"))
    assert "Logging error" in capsys.readouterr().err
