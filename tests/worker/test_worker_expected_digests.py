"""Digests from elsewhere than the first response: a list of them beside the file, a response under way."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import ForcedGzip, HeaderBomb, Redirect, StallAfter, Status
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Digest, Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.protocol.checksum_list import LIST_BYTES_MAX

CONTENT = body(70, 200_000)
VALUE = hashlib.sha256(CONTENT).hexdigest()
OTHERS = "".join(f"{number:064x}  other-{number}.iso\n" for number in range(100))


def _list(server: FaultServer, text: str, *, path: str = "/SHA256SUMS") -> str:
    return server.add(path, Resource(text.encode(), etag=None, media_type="text/plain"))


def _completed(control: SessionControl, download_id: int) -> Download:
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == CONTENT
    assert row.digest == Digest("sha-256", VALUE, "user", verified=True)
    return row


def test_the_files_line_is_verified(control: SessionControl, fault_server: FaultServer) -> None:
    listed = _list(fault_server, f"{OTHERS}{VALUE} *a.iso\n")
    (download_id,) = control.add(fault_server.add("/pub/a.iso", Resource(CONTENT)), checksum_url=listed)
    _completed(control, download_id)
    assert [each.path for each in fault_server.requests()] == ["/SHA256SUMS", "/pub/a.iso"]


@pytest.mark.parametrize(
    ("name", "filename"), [("server.iso", None), ("mine.iso", "mine.iso"), ("get", None), ("pub/get", None)]
)
def test_a_list_may_call_the_file_what_anybody_does(
    control: SessionControl, fault_server: FaultServer, name: str, filename: str | None
) -> None:
    listed = _list(fault_server, f"{OTHERS}{VALUE}  {name}\n")
    resource = Resource(CONTENT, disposition='attachment; filename="server.iso"')
    (download_id,) = control.add(fault_server.add("/pub/get", resource), checksum_url=listed, filename=filename)
    _completed(control, download_id)


def test_wrong_bytes_fail_and_a_new_list_is_brought(control: SessionControl, fault_server: FaultServer) -> None:
    listed = _list(fault_server, f"{'0' * 64}  a.iso\n")
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.CHECKSUM_MISMATCH
    assert not (control.downloads / "a.iso").exists()
    _list(fault_server, f"{VALUE}  a.iso\n")
    control.session.resume([download_id])
    _completed(control, download_id)


def test_a_file_without_a_line_is_not_brought(control: SessionControl, fault_server: FaultServer) -> None:
    listed = _list(fault_server, OTHERS)
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.BAD_RESPONSE
    assert row.error == "the list of digests at 127.0.0.1 has no line for a.iso"
    assert list(control.downloads.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.BAD_RESPONSE),
        (401, Reason.NEEDS_CREDENTIALS),
        (403, Reason.REFUSED),
        (204, Reason.BAD_RESPONSE),
    ],
)
def test_a_list_that_is_not_there_needs_the_user(
    control: SessionControl, fault_server: FaultServer, status: int, reason: Reason
) -> None:
    listed = fault_server.add("/SHA256SUMS", Resource(b""), faults=[Status(status, body=b"")])
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is reason
    assert row.error is not None
    assert row.error.startswith("the list of digests at 127.0.0.1: ")
    assert str(status) in row.error
    assert fault_server.requests("/a.iso") == []


def test_a_list_that_cannot_be_had_now_is_tried_again(control: SessionControl, fault_server: FaultServer) -> None:
    text = f"{VALUE}  a.iso\n".encode()
    listed = fault_server.add("/SHA256SUMS", Resource(text), faults=[Status(503, times=2)])
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    _completed(control, download_id)
    waits = [each.fields["reason"] for each in control.session.events() if each.kind is EventKind.WAITING]
    assert waits == ["server-busy"] * 2
    assert len(fault_server.requests("/a.iso")) == 1


def test_a_list_follows_redirects_and_may_be_compressed(
    control: SessionControl, fault_server: FaultServer
) -> None:
    text = f"{OTHERS}{VALUE}  a.iso\n".encode()
    assert len(gzip.compress(text)) < len(text)
    fault_server.add("/there", Resource(text), faults=[ForcedGzip()])
    listed = fault_server.add("/SHA256SUMS", Resource(b""), faults=[Redirect("/there")])
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    _completed(control, download_id)


@pytest.mark.parametrize("packed", [False, True])
def test_a_list_without_end_is_not_read(
    control: SessionControl, fault_server: FaultServer, *, packed: bool
) -> None:
    endless = Resource(b"#" * (4 * LIST_BYTES_MAX))
    listed = fault_server.add("/SHA256SUMS", endless, faults=[ForcedGzip()] if packed else [])
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.BAD_RESPONSE
    assert row.error == "the list of digests at 127.0.0.1: more than 4 MiB"


def test_a_list_is_asked_for_without_the_files_secrets(control: SessionControl, fault_server: FaultServer) -> None:
    with FaultServer() as elsewhere:
        listed = _list(elsewhere, f"{VALUE}  a.iso\n")
        url = fault_server.add("/a.iso", Resource(CONTENT))
        secret = url.replace("http://", "http://user:hunter2@")
        (download_id,) = control.add(secret, checksum_url=listed, fields=(("Cookie", "id=hidden"),))
        _completed(control, download_id)
        (asked,) = elsewhere.requests()
    assert (asked.field("authorization"), asked.field("cookie")) == (None, None)


def test_a_resumed_file_keeps_its_line(control: SessionControl, fault_server: FaultServer) -> None:
    listed = _list(fault_server, f"{VALUE}  a.iso\n")
    url = fault_server.add("/a.iso", Resource(CONTENT), faults=[StallAfter(100_000, times=1)])
    (download_id,) = control.add(url, checksum_url=listed)
    control.wait_for_bytes(download_id, 100_000)
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    control.session.resume([download_id])
    _completed(control, download_id)
    assert [each.path for each in fault_server.requests()] == ["/SHA256SUMS", "/a.iso", "/a.iso"]


def test_a_monstrous_header_of_a_list_needs_the_user(control: SessionControl, fault_server: FaultServer) -> None:
    listed = fault_server.add("/SHA256SUMS", Resource(b"x"), faults=[HeaderBomb(2_000_000)])
    (download_id,) = control.add(fault_server.add("/a.iso", Resource(CONTENT)), checksum_url=listed)
    row = control.wait_for(download_id, State.FAILED)
    assert row.error is not None
    assert row.error.startswith("the list of digests at 127.0.0.1: ")


# ---------------------------------------------------------------------------------------------------- under way


def _repr_digest(content: bytes) -> tuple[str, str]:
    return ("Repr-Digest", f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:")


@pytest.mark.parametrize("right", [True, False])
def test_a_digest_that_only_the_rest_came_with_is_verified(
    control: SessionControl, fault_server: FaultServer, *, right: bool
) -> None:
    url = fault_server.add("/a.iso", Resource(CONTENT), faults=[StallAfter(100_000, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 100_000)
    control.session.pause([download_id])
    assert control.wait_for(download_id, State.PAUSED).digest is None
    named = _repr_digest(CONTENT if right else b"something else")
    fault_server.add("/a.iso", Resource(CONTENT, fields=(named,)), faults=[StallAfter(1000, times=1)])
    control.session.resume([download_id])
    row = control.wait_for_bytes(download_id, 101_000)
    assert row.digest is not None
    assert (row.digest.source, row.digest.verified) == ("server", False), "kept for the attempts to come"
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED if right else State.FAILED)
    assert fault_server.requests("/a.iso")[-1].asked_range is not None
    if right:
        assert row.digest == Digest("sha-256", VALUE, "server", verified=True)
    else:
        assert row.reason is Reason.CHECKSUM_MISMATCH
