"""Which limits hold: the session's word before the settings', and a settings file that changes."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from tui_downloader import settings
from tui_downloader.engine.throttle import TURN_SECONDS
from tui_downloader.worker.limits import Limits
from tui_downloader.worker.log import logger


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(logger, "propagate", True)
    caplog.set_level(logging.INFO, logger=logger.name)
    return caplog


def limits(file: Path) -> Limits:
    return Limits(settings.load(file), file)


def rate(of: Limits) -> float | None:
    """Return the limit that holds, in bytes a second."""
    piece = of.throttle.piece_bytes(connections=1)
    return None if piece is None else piece / TURN_SECONDS


def test_the_sessions_word_counts_before_the_settings(file: Path) -> None:
    file.write_text("bytes_per_second_max = 500000\n")
    made = limits(file)
    assert rate(made) == 500_000
    for asked, expected in ((2_000_000, 2_000_000), (0, None), (None, 500_000)):
        made.ask(asked)
        assert rate(made) == expected


def test_a_changed_file_holds_at_the_next_look(file: Path, log: pytest.LogCaptureFixture) -> None:
    made = limits(file)
    assert not made.look()
    file.write_text("bytes_per_second_max = 500000\ndownloads_at_once = 2\n")
    assert made.look()
    assert (made.settings.downloads_at_once, rate(made)) == (2, 500_000)
    assert not made.look()
    assert log.messages == [
        "settings changed: downloads_at_once = 2 (was 4), bytes_per_second_max = 500000 (was 0)",
        "limit of all downloads: 500 kB/s",
    ]
    file.unlink()
    assert made.look()
    assert made.settings == settings.DEFAULTS
    assert rate(made) is None


def test_what_changed_before_the_first_look_is_found(file: Path) -> None:
    chosen = settings.load(file)
    file.write_text("downloads_at_once = 9\n")
    made = Limits(chosen, file)
    assert made.look()
    assert made.settings.downloads_at_once == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# fine\ndownloads_at_once = 0\n", "line 2"),
        ("downloads_at_ones = 2\n", "did you mean downloads_at_once?"),
        ("= 5\n", "line 1"),
    ],
)
def test_a_wrong_file_changes_nothing_and_is_named_once(
    file: Path, log: pytest.LogCaptureFixture, text: str, said: str
) -> None:
    file.write_text("downloads_at_once = 2\n")
    made = limits(file)
    made.look()
    file.write_text(text)
    assert not made.look()
    assert not made.look()
    (message,) = log.messages
    assert str(file) in message
    assert said in message
    assert made.settings.downloads_at_once == 2
    file.write_text("downloads_at_once = 3\n")
    assert made.look()
    assert made.settings.downloads_at_once == 3


def test_the_same_text_written_again_changes_nothing(file: Path, log: pytest.LogCaptureFixture) -> None:
    file.write_text("downloads_at_once = 2\n")
    made = limits(file)
    assert not made.look()
    os.utime(file, ns=(1, 1))
    assert not made.look()
    assert log.messages == []


def test_a_pipe_is_not_read(file: Path) -> None:
    made = limits(file)
    os.mkfifo(file)
    assert not made.look()


def test_a_changed_setting_leaves_the_sessions_limit(file: Path) -> None:
    made = limits(file)
    made.ask(2_000_000)
    file.write_text("bytes_per_second_max = 500000\n")
    assert made.look()
    assert rate(made) == 2_000_000
