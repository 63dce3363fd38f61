"""Whole transfers through a real worker: what ends on disk, in the row, in the journal and on the wire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    ChangeEveryRequest,
    Chunked,
    DropAfter,
    ForcedGzip,
    GarbageReply,
    IgnoreRange,
    NoLength,
    Pace,
    PartialIn200,
    Redirect,
    RedirectLoop,
    ResetAfter,
    ShiftedRange,
    SlowHeaders,
    StallAfter,
    Status,
    WholeBodyIn206,
    WrongTotal,
    is_ranged,
)
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, Resumable, State

SIZE = 3_000_000


def test_finishes_with_name_size_and_events(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    url = fault_server.add(
        "/get?id=7", Resource(content, media_type="image/jpeg", disposition="attachment; filename=photo.jpg")
    )
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path == control.downloads / "photo.jpg"
    assert row.path.read_bytes() == content
    assert (row.bytes_received, row.bytes_expected, row.media_type) == (SIZE, SIZE, "image/jpeg")
    assert [each.kind for each in control.session.events()] == [
        EventKind.STARTED,
        EventKind.RESPONSE_RECEIVED,
        EventKind.FINISHED,
    ]
    assert [each.name for each in control.downloads.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize("fault", [DropAfter(SIZE // 2, times=1), ResetAfter(SIZE // 2, times=1)])
def test_goes_on_where_the_connection_broke(
    control: SessionControl, fault_server: FaultServer, fault: DropAfter | ResetAfter
) -> None:
    content = body(2, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[fault])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.resumable is Resumable.PROVEN
    first, second = fault_server.requests("/a.iso")
    assert first.asked_range is None
    assert second.asked_range is not None
    assert 0 < second.asked_range[0] <= SIZE // 2
    assert second.field("if-range") == '"v1"'


def test_changed_object_starts_over_and_says_why(control: SessionControl, fault_server: FaultServer) -> None:
    old, new = body(3, SIZE), body(4, SIZE)
    url = fault_server.add("/a.iso", Resource(old), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1)
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    fault_server.replace("/a.iso", Resource(new, etag='"v2"'))
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == new
    (restart,) = [each for each in control.session.events() if each.kind is EventKind.STARTED_OVER]
    assert restart.fields["why"] == "the file changed on the server"
    assert isinstance(restart.fields["kept_bytes"], int)
    assert restart.fields["kept_bytes"] > 0
    assert [each.name for each in control.downloads.iterdir()] == ["a.iso"], "the stale part goes with completion"


@pytest.mark.parametrize(
    "fault",
    [IgnoreRange(), ShiftedRange(1000), WrongTotal(), WholeBodyIn206(), PartialIn200()],
    ids=lambda fault: type(fault).__name__,
)
def test_wrong_answers_to_a_range_never_make_a_wrong_file(
    control: SessionControl, fault_server: FaultServer, fault: IgnoreRange
) -> None:
    content = body(5, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[DropAfter(SIZE // 2, times=1), fault])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.restarts == 1


def test_an_object_that_changes_on_every_request_ends(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.iso", Resource(body(6, SIZE)), faults=[ChangeEveryRequest(), DropAfter(SIZE // 2)])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.GAVE_UP
    assert not (control.downloads / "a.iso").exists()
    assert len(fault_server.requests("/a.iso")) < 40


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.NOT_FOUND),
        (410, Reason.NOT_FOUND),
        (401, Reason.NEEDS_CREDENTIALS),
        (403, Reason.REFUSED),
        (451, Reason.REFUSED),
        (204, Reason.BAD_RESPONSE),
    ],
)
def test_statuses_that_need_the_user(
    control: SessionControl, fault_server: FaultServer, status: int, reason: Reason
) -> None:
    url = fault_server.add("/a.iso", Resource(b"x"), faults=[Status(status, body=b"")])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is reason
    assert row.error is not None
    assert str(status) in row.error
    assert list(control.downloads.iterdir()) == []


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_busy_servers_are_tried_again(control: SessionControl, fault_server: FaultServer, status: int) -> None:
    content = body(7, 1000)
    url = fault_server.add("/a.iso", Resource(content), faults=[Status(status, times=2)])
    (download_id,) = control.add(url)
    control.wait_for(download_id, State.COMPLETED)
    kinds = [each.kind for each in control.session.events()]
    assert kinds.count(EventKind.WAITING) == 2
    assert len(fault_server.requests("/a.iso")) == 3


def test_retry_after_is_honoured_and_resume_tries_now(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add(
        "/a.iso", Resource(b"abc"), faults=[Status(503, fields=(("Retry-After", "3600"),), times=1)]
    )
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.WAITING)
    assert row.reason is Reason.SERVER_BUSY
    assert row.retry_at is not None
    (waiting,) = [each for each in control.session.events() if each.kind is EventKind.WAITING]
    assert waiting.fields["retry_seconds"] == 3600
    control.session.resume([download_id])
    control.wait_for(download_id, State.COMPLETED)


def test_refusal_under_way_means_the_link_expired(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(8, SIZE)
    faults = [DropAfter(SIZE // 2, times=1), Status(403, when=is_ranged, times=1)]
    url = fault_server.add("/signed", Resource(content), faults=faults)
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.LINK_EXPIRED
    assert row.bytes_received > 0, "what is there is kept"
    fresh = fault_server.add("/signed?again", Resource(content))
    control.session.resume([download_id], url=fresh)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    (last,) = fault_server.requests("/signed?again")
    assert last.asked_range is not None, "the kept bytes were not fetched again"


def test_redirects_are_followed_and_counted(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(9, 5000)
    fault_server.add("/real/name.bin", Resource(content))
    fault_server.add("/hop", Resource(b""), faults=[Redirect("real/name.bin", status=307)])
    url = fault_server.add("/start", Resource(b""), faults=[Redirect("/hop")])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path == control.downloads / "name.bin"
    assert row.path.read_bytes() == content
    assert row.redirects == 2


def test_a_redirect_loop_ends(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/loop", Resource(b""), faults=[RedirectLoop()])
    (download_id,) = control.add(url)
    assert control.wait_for(download_id, State.FAILED).reason is Reason.TOO_MANY_REDIRECTS


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,hi"])
def test_redirects_to_other_schemes_are_refused(
    control: SessionControl, fault_server: FaultServer, location: str
) -> None:
    url = fault_server.add("/start", Resource(b""), faults=[Redirect(location)])
    (download_id,) = control.add(url)
    assert control.wait_for(download_id, State.FAILED).reason is Reason.REFUSED_REDIRECT


def test_credentials_and_own_fields_stay_with_their_origin(
    control: SessionControl, fault_server: FaultServer
) -> None:
    with FaultServer() as other:
        other.add("/x.bin", Resource(b"abc"))
        url = fault_server.add("/start", Resource(b""), faults=[Redirect(other.url("/x.bin"))])
        secret = url.replace("http://", "http://user:hunter2@")
        own = (("Cookie", "id=secret"), ("X-Key", "a"), ("Accept-Language", "de"))
        (download_id,) = control.add(secret, fields=own)
        row = control.wait_for(download_id, State.COMPLETED)
        (here,) = fault_server.requests("/start")
        (there,) = other.requests("/x.bin")
    assert here.field("authorization") is not None
    assert here.field("cookie") == "id=secret"
    assert there.field("authorization") is None
    assert there.field("cookie") is None
    assert (here.field("x-key"), there.field("x-key")) == ("a", None), "any field may hold a key"
    assert there.field("accept-language") == "de"
    log = (control.session.directory / "worker.log").read_text()
    assert "hunter2" not in log + repr(row) + row.shown_url
    assert "secret" not in log


def test_unknown_length_is_complete_at_the_end(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(10, 200_000)
    chunked = fault_server.add("/c.bin", Resource(content), faults=[Chunked()])
    bare = fault_server.add("/b.bin", Resource(content), faults=[NoLength()])
    for download_id in control.add(chunked, bare):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
        assert row.bytes_expected == len(content)


def test_a_cut_chunked_body_is_never_complete(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(11, 200_000)
    url = fault_server.add("/c.bin", Resource(content), faults=[Chunked(cut_after=90_000, times=1)])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_gzip_forced_on_us_is_decoded(control: SessionControl, fault_server: FaultServer) -> None:
    content = b"plain text, again and again\n" * 5000
    url = fault_server.add("/notes.txt", Resource(content), faults=[ForcedGzip()])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_garbage_needs_the_user(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/g", Resource(b""), faults=[GarbageReply(b"\x00\x01 not http at all\r\n\r\n")])
    (download_id,) = control.add(url)
    assert control.wait_for(download_id, State.FAILED).reason is Reason.BAD_RESPONSE


def test_headers_and_bodies_that_stall_end_by_our_own_limits(
    control: SessionControl, fault_server: FaultServer, write_settings: Path
) -> None:
    write_settings.write_text("header_seconds = 0.3\nminimum_speed_seconds = 0.6\nretry_first_seconds = 0.05\n")
    content = body(12, 400_000)
    slow = fault_server.add("/slow", Resource(content), faults=[SlowHeaders(times=1)])
    stalled = fault_server.add("/stalled", Resource(content), faults=[StallAfter(100_000, times=1)])
    for download_id in control.add(slow, stalled):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
    reasons = {each.fields["reason"] for each in control.session.events() if each.kind is EventKind.WAITING}
    assert reasons == {"timeout"}


def test_a_refused_connection_waits(control: SessionControl, fault_server: FaultServer) -> None:
    with FaultServer() as gone:
        url = gone.url("/x")
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.WAITING)
    assert row.reason is Reason.CONNECTION_LOST
    assert row.error == "the server refused the connection"


def _stalled(fault_server: FaultServer, *, size: int) -> list[str]:
    """Serve seven files whose bodies stall; return their URLs."""
    return [
        fault_server.add(f"/{number}.bin", Resource(body(number, size)), faults=[StallAfter(1000)])
        for number in range(7)
    ]


def _transferring(control: SessionControl) -> int:
    return sum(each.state is State.TRANSFERRING for each in control.session.snapshots())


def test_several_run_at_once_but_no_more_than_the_setting(
    control: SessionControl, fault_server: FaultServer
) -> None:
    ids = control.add(*_stalled(fault_server, size=1_500_000))
    wait_until(lambda: _transferring(control) == 4, what="four transfers")
    assert [control.row(each).state for each in ids[4:]] == [State.QUEUED] * 3
    fault_server.release()
    for each in ids:
        control.wait_for(each, State.COMPLETED)


def test_small_files_are_in_nobodys_way(control: SessionControl, fault_server: FaultServer) -> None:
    control.add(*_stalled(fault_server, size=100_000))
    wait_until(lambda: _transferring(control) == 7, what="all transfers")


def test_two_downloads_of_one_name_and_a_users_file(control: SessionControl, fault_server: FaultServer) -> None:
    (control.downloads / "a.bin").write_bytes(b"mine")
    contents = [body(number, 300_000) for number in range(3)]
    urls = [
        fault_server.add(f"/{number}/a.bin", Resource(content), faults=[Pace(1_000_000)])
        for number, content in enumerate(contents)
    ]
    paths = [control.wait_for(each, State.COMPLETED).path for each in control.add(*urls)]
    assert (control.downloads / "a.bin").read_bytes() == b"mine"
    assert sorted(path.name for path in paths if path) == ["a (1).bin", "a (2).bin", "a (3).bin"]
    assert [path.read_bytes() for path in paths if path] == contents


def test_the_final_name_is_never_overwritten(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(20, 300_000)
    url = fault_server.add("/a.bin", Resource(content), faults=[StallAfter(1000)])
    (download_id,) = control.add(url)
    control.wait_for(download_id, State.TRANSFERRING)
    (control.downloads / "a.bin").write_bytes(b"came later")
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED)
    assert (control.downloads / "a.bin").read_bytes() == b"came later"
    assert row.path == control.downloads / "a (1).bin"
    assert row.path.read_bytes() == content
    assert EventKind.RENAMED in [each.kind for each in control.session.events()]


def test_a_directory_that_vanished_fails_with_the_reason(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.bin", Resource(body(21, 1000)))
    gone = control.downloads / "gone"
    request = control.request(url)
    (added,) = control.session.add([replace(request, directory=gone)])
    row = control.wait_for(added.download.id, State.FAILED)
    assert row.reason is Reason.DESTINATION


def test_a_deleted_part_file_is_noticed(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(22, SIZE)
    url = fault_server.add("/a.bin", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    row = control.wait_for_bytes(download_id, 1)
    assert row.part_path is not None
    row.part_path.unlink()
    fault_server.release()
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.DESTINATION
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_hostile_names_stay_in_the_directory(control: SessionControl, fault_server: FaultServer) -> None:
    names = ["../../evil.sh", "x[/]y", "a\x1b[31mb.txt", "/etc/passwd", "exe.\u202egpj.txt", ".bashrc", "-rf"]
    for number, name in enumerate(names):
        disposition = f'attachment; filename="{name}"'.encode()
        url = fault_server.add(f"/{number}", Resource(b"abc", disposition=disposition.decode("latin-1")))
        (download_id,) = control.add(url)
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.parent == control.downloads
        assert row.path.exists()
        assert row.shown_name.isprintable()
        assert not row.path.name.startswith((".", "-"))
