"""Head and overview of the side pane for each state."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.tui_dialogs.samples import HOSTILE, NOW, download, event, finished
from tui_downloader.model.download import Digest, Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Intent, Reason, Resumable, State
from tui_downloader.preview.facts import FileFacts
from tui_downloader.preview.picture import Picture
from tui_downloader.tui.detail.overview import compose_with_head
from tui_downloader.tui.detail.subject import Found, Room, Subject
from tui_downloader.tui.styled_line import Line, Role

NEBULA = Picture(
    width=2,
    height=1,
    rgb=bytes(6),
    natural_width=2560,
    natural_height=1024,
    format="JPEG",
    frames=1,
    media_type="image/jpeg",
)


def detail_lines(subject: Subject, *, width: int, now: float) -> list[Line]:
    """Returns head and overview."""
    return compose_with_head(subject, Room(width=width, height=30, now=now))


def texts(subject: Subject, width: int = 48) -> list[str]:
    """Returns the lines as plain text."""
    return ["".join(text for text, _ in line).rstrip() for line in detail_lines(subject, width=width, now=NOW)]


def test_a_finished_picture_tells_everything_about_it() -> None:
    nebula = finished(
        Path.home() / "Pictures/nebula-2560x1024.jpg",
        redirects=1,
        final_host="cdn.example.net",
        digest=Digest("sha-256", "3f9a71c2" + "0" * 50 + "9d0be4", "server", verified=True),
    )
    events = [event(EventKind.STARTED), event(EventKind.FINISHED, sequence=131)]
    found = Found(FileFacts(4_612_345, "image/jpeg", "JPEG"), NEBULA)
    assert texts(Subject(download=nebula, events=events, found=found), width=64) == [
        "nebula-2560x1024.jpg",
        "JPEG · 2560 × 1024 · 4.6 MB · finished 13:57",
        "~/Pictures/nebula-2560x1024.jpg",
        "",
        "From       pictures.example.org → cdn.example.net, 1 redirect",
        "Took       0:31 · 149 kB/s",
        "Resume     proven",
        "SHA-256    3f9a71c2…9d0be4, same as server’s",
        "Attempts   2",
        "Bytes      4,612,345",
        "Added      13:55, by tuidl add",
        "",
        "13:57:11   finished and checked",
        "13:55:01   started",
        "13:55:00   added",
    ]


def test_an_animation_tells_its_frames() -> None:
    wave = Picture(1, 1, bytes(3), 64, 64, "GIF", 48, "image/gif")
    found = Found(FileFacts(10, "image/gif", "GIF"), wave)
    assert "64 × 64 · 48 frames" in texts(Subject(download=finished(Path("/srv/wave.gif")), found=found))[1]


def test_a_running_download_shows_numbers_bar_and_verdict() -> None:
    running = download(
        State.TRANSFERRING,
        filename="debian-13.2.0-netinst.iso",
        bytes_received=510_123_456,
        bytes_expected=790_000_000,
        bytes_per_second=8.0e6,
        connections=3,
        attempt=1,
    )
    lines = texts(Subject(download=running), width=45)
    assert lines[:4] == [
        "debian-13.2.0-netinst.iso",
        "510 of 790 MB · 8.0 MB/s · 0:35 left",
        "3 connections · resume proven · attempt 1",
        "█" * 25 + "▊" + " " * 16 + "64%",
    ]
    assert "Bytes      510,123,456 of 790,000,000" in lines
    assert "Save in    /srv/files" in lines


def test_an_unknown_length_promises_nothing() -> None:
    endless = download(State.TRANSFERRING, bytes_expected=None, bytes_per_second=8.0e6)
    lines = texts(Subject(download=endless))
    assert lines[1] == "1.1 GB · 8.0 MB/s · length unknown"
    assert not any("%" in line or "█" in line for line in lines)


def test_a_verb_on_its_way_is_told() -> None:
    asked = download(State.TRANSFERRING, intent=Intent.PAUSE, intent_number=2, bytes_per_second=8.0e6)
    assert texts(Subject(download=asked))[1].endswith("pausing")


@pytest.mark.parametrize(
    ("failed", "sentences"),
    [
        (
            download(State.FAILED, reason=Reason.LINK_EXPIRED, http_status=403),
            ["✗ talk-recording.mkv", "The link has expired (403).", "1.1 of 1.9 GB kept."],
        ),
        (
            download(State.WAITING, reason=Reason.SERVER_BUSY, http_status=503, retry_at=NOW + 42),
            ["↻ talk-recording.mkv", "The server is busy (503).", "1.1 of 1.9 GB kept. Next try in 0:42."],
        ),
        (download(State.PAUSED), ["talk-recording.mkv", "Paused.", "1.1 of 1.9 GB kept."]),
        (download(State.CANCELLED, bytes_received=0), ["talk-recording.mkv", "Cancelled."]),
    ],
)
def test_what_stands_still_says_why_above_everything_else(failed: Download, sentences: list[str]) -> None:
    lines = texts(Subject(download=failed))
    assert lines[: len(sentences)] == sentences
    keys = lines[len(sentences) + 1]
    assert keys.startswith("u New link   r " if failed.reason is Reason.LINK_EXPIRED else "r ")
    assert lines[lines.index("", len(sentences) + 1) - 1].endswith("d Remove")


def test_its_own_limit_is_a_fact_until_it_is_finished() -> None:
    limited = download(State.PAUSED, bytes_per_second_max=2_000_000)
    assert "Limit      2 MB/s" in texts(Subject(download=limited))
    assert not any("Limit" in each for each in texts(Subject(download=download(State.PAUSED))))
    done = finished(Path("/srv/x.jpg"), bytes_per_second_max=2_000_000)
    assert not any("Limit" in each for each in texts(Subject(download=done)))


def test_a_queued_one_tells_its_place() -> None:
    queued = download(State.QUEUED)
    assert texts(Subject(download=queued, place=3))[1] == "Queued, 3rd in line"
    assert texts(Subject(download=queued, place=1))[1] == "Queued, starts as soon as another one is done"
    assert texts(Subject(download=queued))[1] == "Queued, starts as soon as another one is done"


def test_a_long_sentence_is_wrapped_not_cut() -> None:
    error = "the file cannot be written in /a/very/long/path: Permission denied"
    lines = texts(Subject(download=download(State.FAILED, reason=Reason.DESTINATION, error=error)), width=30)
    assert " ".join(lines[1:4]).startswith("The file cannot be written in /a/very/long/path: Permission denied.")


def test_a_file_that_is_gone_is_told_plainly() -> None:
    found = Found(FileFacts(None, None, "the file is gone"))
    lines = detail_lines(Subject(download=finished(Path("/srv/gone.jpg")), found=found), width=60, now=NOW)
    assert lines[1][0] == ("The file is gone. It was moved, deleted or locked since it", Role.WAIT)


def test_a_picture_that_cannot_be_shown_says_why() -> None:
    found = Found(FileFacts(10, "image/jpeg", "JPEG"), problem="the picture is damaged")
    assert "No preview: the picture is damaged." in texts(
        Subject(download=finished(Path("/srv/x.jpg")), found=found)
    )


def test_a_checksum_that_differs_is_no_success() -> None:
    wrong = download(
        State.FAILED,
        reason=Reason.CHECKSUM_MISMATCH,
        digest=Digest("sha-256", "ab" * 32, "user", verified=False),
    )
    assert "SHA-256    abababab…ababab, does not match" in texts(Subject(download=wrong))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_as_they_are(name: str) -> None:
    assert texts(Subject(download=download(State.COMPLETED, filename=name)))[0] == name


@pytest.mark.parametrize("width", [20, 33, 48, 120])
@pytest.mark.parametrize("state", list(State))
def test_no_line_is_wider_than_the_pane(state: State, width: int) -> None:
    subject = Subject(
        download=download(
            state, filename="写真集-2026-秋" * 6 + ".zip", reason=Reason.OFFLINE, resumable=Resumable.LIKELY
        ),
        events=[event(EventKind.RENAMED, {"to": "写" * 60})],
    )
    for line in detail_lines(subject, width=width, now=NOW):
        text = "".join(part for part, _ in line).rstrip()
        assert cell_len(text) <= width, text


def test_plain_fonts_get_plain_glyphs() -> None:
    running = download(State.TRANSFERRING, bytes_received=95, bytes_expected=190)
    bar = texts(Subject(download=running, plain=True), width=25)[3]
    assert bar == "=" * 10 + "-" * 10 + "  50%"
    assert texts(Subject(download=download(State.FAILED), plain=True))[0].startswith("x ")
