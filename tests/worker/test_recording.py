"""Digests that come after their files, in a real worker."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from tests.support.session_control import SessionControl, wait_until
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.unhashed import Unhashed
from tui_downloader.model.download import Digest
from tui_downloader.worker.recording import Recording

BYTES = os.urandom(3_000_000)
DIGEST = Digest("sha-256", hashlib.sha256(BYTES).hexdigest(), "computed", verified=False)


def finished(directory: Path) -> Path:
    path = directory / "file.bin"
    path.write_bytes(BYTES)
    return path


def recorded(what: Path | Unhashed) -> list[tuple[int, Digest | None]]:
    answers: list[tuple[int, Digest | None]] = []
    recording = Recording(lambda download_id, digest: answers.append((download_id, digest)))
    recording.take(7, what)
    assert recording.busy or answers
    wait_until(lambda: not recording.busy, what="the digest")
    return answers


def test_a_file_is_hashed_from_where_the_transfer_left_it(tmp_path: Path) -> None:
    part = PartialFile.open_finished(finished(tmp_path))
    hasher = Hasher({"sha-256"})
    hasher.feed(memoryview(BYTES)[:500_000], 0)
    assert hasher.behind(len(BYTES)) == 2_500_000
    assert recorded(Unhashed(part, hasher, len(BYTES))) == [(7, DIGEST)]


def test_a_file_that_an_earlier_worker_left_is_hashed_whole(tmp_path: Path) -> None:
    assert recorded(finished(tmp_path)) == [(7, DIGEST)]


def test_a_file_that_is_gone_has_no_digest(tmp_path: Path) -> None:
    assert recorded(tmp_path / "gone") == [(7, None)]
    os.mkfifo(tmp_path / "fifo")
    assert recorded(tmp_path / "fifo") == [(7, None)]


def test_what_a_leaving_worker_did_not_get_to_stays_owed(tmp_path: Path) -> None:
    answers: list[object] = []
    recording = Recording(lambda *answer: answers.append(answer))
    recording.close()
    recording.take(7, finished(tmp_path))
    wait_until(lambda: not recording.busy, what="the end")
    assert not answers


def test_the_next_worker_pays_what_is_owed(control: SessionControl) -> None:
    path = finished(control.downloads)
    control.session.add([control.request("http://127.0.0.1:1/other", paused=True)])
    with control.database() as database:
        database.execute(
            "UPDATE downloads SET state = 'completed', filename = ?, digest_algorithm = 'sha-256'",
            (path.name,),
        )
        database.commit()
    control.session.add([control.request("http://127.0.0.1:1/another")])  # starts a worker
    wait_until(lambda: control.row(1).digest is not None, what="the digest")
    assert control.row(1).digest == DIGEST


def test_nothing_is_lost_with_many_files(tmp_path: Path) -> None:
    lock, answers = threading.Lock(), []

    def note(download_id: int, digest: Digest | None) -> None:
        with lock:
            answers.append((download_id, digest))

    recording, path = Recording(note), finished(tmp_path)
    for number in range(20):
        recording.take(number, path)
    wait_until(lambda: not recording.busy, what="all digests")
    assert answers == [(number, DIGEST) for number in range(20)]
