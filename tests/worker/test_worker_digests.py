"""Digests through a real worker: verified, recorded, and wrong bytes kept from the final name."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    DropAfter,
    Pace,
)
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason, State

SIZE = 3_000_000


def _repr_digest(content: bytes) -> tuple[str, str]:
    """Build the field of RFC 9530 for a content."""
    value = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return ("Repr-Digest", f"sha-256=:{value}:")


def test_the_servers_digest_is_verified(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(40, SIZE)
    url = fault_server.add(
        "/a.bin", Resource(content, fields=(_repr_digest(content),)), faults=[DropAfter(SIZE // 2, times=1)]
    )
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    value = hashlib.sha256(content).hexdigest()
    assert row.digest == Digest("sha-256", value, "server", verified=True)


def test_a_digest_is_recorded_of_every_file(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(41, SIZE)
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(content), faults=[Pace(6_000_000)]))
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.digest == Digest("sha-256", hashlib.sha256(content).hexdigest(), "computed", verified=False)


@pytest.mark.parametrize("algorithm", ["md5", "sha-1", "sha-256", "sha-512"])
def test_the_users_checksum_is_verified(
    control: SessionControl, fault_server: FaultServer, algorithm: str
) -> None:
    content = body(42, 50_000)
    value = hashlib.new(algorithm.replace("-", ""), content).hexdigest()
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(content)), checksum=(algorithm, value))
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.digest == Digest(algorithm, value, "user", verified=True)


def test_wrong_bytes_never_get_the_final_name(control: SessionControl, fault_server: FaultServer) -> None:
    right, wrong = body(43, 50_000), body(44, 50_000)
    fields = (_repr_digest(right),)
    url = fault_server.add("/a.bin", Resource(wrong, fields=fields))
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.CHECKSUM_MISMATCH
    assert [each.name for each in control.downloads.iterdir()] == ["a.bin.part"], "kept, but as a part"
    fault_server.replace("/a.bin", Resource(right, fields=fields))
    control.session.resume([download_id])
    done = control.wait_for(download_id, State.COMPLETED)
    assert done.path == control.downloads / "a.bin"
    assert done.path.read_bytes() == right
    assert fault_server.requests("/a.bin")[-1].asked_range is None, "nothing of the wrong bytes is trusted"
    assert [each.name for each in control.downloads.iterdir()] == ["a.bin"]
