"""Looks at servers by a real worker: what they find, and that nothing of them stays."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    Chunked,
    IgnoreRange,
    NoLength,
    Redirect,
    SlowHeaders,
    StallAfter,
    Status,
    Unsatisfiable,
    is_ranged,
)
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import Reason, Resumable, State
from tui_downloader.model.probe import PROBE_SECONDS, Evidence, NamedBy, ProbeAnswer
from tui_downloader.model.request import Request

CONTENT = body(7, 3_000_000)


def look(control: SessionControl, *requests: Request) -> list[ProbeAnswer]:
    """Look at each request; wait for all answers."""
    ids = control.session.probe(requests)
    answers: dict[int, ProbeAnswer] = {}

    def all_there() -> bool:
        answers.update(control.session.probe_answers(ids))
        return len(answers) == len(ids)

    wait_until(all_there, what="the answers")
    return [answers[each] for each in ids]


def look_at(control: SessionControl, url: str, **more: object) -> ProbeAnswer:
    (answer,) = look(control, control.request(url, **more))
    return answer


def assert_nothing_is_left(control: SessionControl) -> None:
    with control.database() as database:
        for table in ("downloads", "events", "probes"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)], table
    assert not list(control.downloads.iterdir())


def test_a_file_with_a_strong_tag(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a%20b.iso", Resource(CONTENT, media_type="application/x-iso9660-image"))
    answer = look_at(control, url)
    assert answer == ProbeAnswer(
        filename="a b.iso",
        named_by=NamedBy.URL,
        bytes_expected=len(CONTENT),
        media_type="application/x-iso9660-image",
        resumable=Resumable.PROVEN,
        evidence=Evidence.ENTITY_TAG,
        final_host="127.0.0.1",
    )
    (entry,) = fault_server.requests()
    assert (entry.method, entry.asked_range) == ("GET", (0, 1))
    assert_nothing_is_left(control)


def test_the_name_from_a_field_behind_redirects(control: SessionControl, fault_server: FaultServer) -> None:
    disposition = (("Content-Disposition", 'attachment; filename="nebula.jpg"'),)
    fault_server.add("/object", Resource(CONTENT, media_type="image/jpeg", fields=disposition))
    fault_server.add("/second", Resource(b""), faults=[Redirect("/object")])
    url = fault_server.add("/first?id=7", Resource(b""), faults=[Redirect("/second")])
    answer = look_at(control, url)
    assert (answer.filename, answer.named_by, answer.redirects) == ("nebula.jpg", NamedBy.DISPOSITION, 2)
    assert answer.bytes_expected == len(CONTENT)


def test_a_web_page_is_told_from_a_file(control: SessionControl, fault_server: FaultServer) -> None:
    page = fault_server.add("/page", Resource(b"<p>", media_type="text/html; charset=utf-8"))
    saved = (("Content-Disposition", "attachment"),)
    file = fault_server.add("/report.html", Resource(b"<p>", media_type="text/html", fields=saved))
    one, other = look(control, control.request(page), control.request(file))
    assert (one.is_page, one.filename) == (True, "page")
    assert (other.is_page, other.filename) == (False, "report.html")


@pytest.mark.parametrize("fault", [NoLength(), Chunked()])
def test_a_file_without_length(
    control: SessionControl, fault_server: FaultServer, fault: NoLength | Chunked
) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT), faults=[IgnoreRange(), fault])
    answer = look_at(control, url)
    assert (answer.filename, answer.bytes_expected, answer.resumable) == ("a.bin", None, Resumable.NO)


def test_a_server_that_refuses_ranges_is_asked_for_the_whole(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT), faults=[Status(400, when=is_ranged)])
    assert look_at(control, url).bytes_expected == len(CONTENT)
    url = fault_server.add("/empty.bin", Resource(b""), faults=[Unsatisfiable(when=is_ranged)])
    assert look_at(control, url).bytes_expected == 0
    assert_nothing_is_left(control)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, Reason.NOT_FOUND), (401, Reason.NEEDS_CREDENTIALS), (403, Reason.REFUSED), (503, Reason.SERVER_BUSY)],
)
def test_a_refusal_is_an_answer(
    control: SessionControl, fault_server: FaultServer, status: int, reason: Reason
) -> None:
    url = fault_server.add("/a.bin", Resource(b"x"), faults=[Status(status)])
    answer = look_at(control, url)
    assert (answer.reason, answer.http_status, answer.filename) == (reason, status, None)
    assert f"({status})" in (answer.error or "")
    assert_nothing_is_left(control)


def test_nobody_listens(control: SessionControl) -> None:
    with FaultServer() as server:
        url = server.url("/a.bin")
    assert look_at(control, url).reason is Reason.CONNECTION_LOST


def test_a_hanging_server_is_given_up_in_time(control: SessionControl, fault_server: FaultServer) -> None:
    hanging = fault_server.add("/hangs", Resource(CONTENT), faults=[SlowHeaders()])
    stalls = fault_server.add("/stalls", Resource(b"x"), faults=[StallAfter(0)])
    fine = fault_server.add("/fine", Resource(CONTENT))
    began = time.monotonic()
    first, second, third = look(control, *(control.request(each) for each in (hanging, stalls, fine)))
    assert time.monotonic() - began >= PROBE_SECONDS
    assert (first.reason, second.reason, third.reason) == (Reason.TIMEOUT, Reason.TIMEOUT, None)
    assert_nothing_is_left(control)


def test_more_than_a_few_wait_for_their_turn(control: SessionControl, fault_server: FaultServer) -> None:
    urls = [fault_server.add(f"/{number}.bin", Resource(CONTENT)) for number in range(40)]
    answers = look(control, *(control.request(url) for url in urls))
    assert [each.filename for each in answers] == [f"{number}.bin" for number in range(40)]
    assert max(each.in_flight for each in fault_server.requests()) <= 6


def test_a_withdrawn_look_ends_and_the_worker_leaves(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/hangs?token=geheim", Resource(CONTENT), faults=[SlowHeaders()])
    ids = control.session.probe([control.request(url, fields=(("Cookie", "c=geheim"),))])
    fault_server.wait_for(lambda log: len(log) == 1)
    control.session.withdraw_probes(ids)
    wait_until(lambda: not control.session.worker_status().running, what="the worker's end")
    assert_nothing_is_left(control)
    assert "geheim" not in (control.session.directory / "worker.log").read_text()


def test_what_a_killed_screen_left_is_pruned(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT))
    control.session.set_preference("any", "thing")
    with control.database() as database:
        database.execute(
            "INSERT INTO probes (url, directory, fields, allow_insecure, allow_private, asked_at) "
            "VALUES (?, ?, '[]', 0, 0, 1.0)",
            (url, str(control.downloads)),
        )
        database.commit()
    control.session.ensure_worker()
    assert not control.session.worker_status().running
    (download_id,) = control.add(url)
    control.wait_for(download_id, State.COMPLETED)
    with control.database() as database:
        assert database.execute("SELECT count(*) FROM probes").fetchall() == [(0,)]


def test_a_held_session_does_not_look(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT))
    control.session.set_preference("any", "thing")
    control.session.stop()
    control.session.probe([control.request(url)])
    assert not control.session.worker_status().running
    assert not fault_server.requests()


def test_a_taken_name_is_told(control: SessionControl, fault_server: FaultServer, tmp_path: Path) -> None:
    (control.downloads / "a.bin").touch()
    url = fault_server.add("/a.bin", Resource(CONTENT))
    answer = look_at(control, url)
    assert (answer.filename, answer.becomes) == ("a.bin", "a (1).bin")


def test_harmless_fields_go_along_and_others_stay_with_their_origin(control: SessionControl) -> None:
    with FaultServer() as first, FaultServer(address="127.0.0.2") as second:
        there = second.add("/there.bin", Resource(CONTENT))
        url = first.add("/here.bin", Resource(b""), faults=[Redirect(there)])
        fields = (("Authorization", "Basic Z2VoZWlt"), ("X-One", "1"), ("Accept-Language", "eo"))
        answer = look_at(control, url, fields=fields)
        assert (answer.final_host, answer.redirects) == ("127.0.0.2", 1)
        (one,), (other,) = first.requests(), second.requests()
        assert one.field("authorization") == "Basic Z2VoZWlt"
        assert one.field("x-one") == "1"
        kept = [other.field(each) for each in ("authorization", "x-one", "accept-language")]
        assert kept == [None, None, "eo"]


def test_a_redirect_that_must_not_be_followed(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(b""), faults=[Redirect("ftp://example.org/a.bin")])
    assert look_at(control, url).reason is Reason.REFUSED_REDIRECT


def test_no_secret_stays_in_any_file(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin?token=geheim", Resource(CONTENT))
    fields = (("Cookie", "session=geheim" + "x" * 9000),)
    assert look_at(control, url, fields=fields).filename == "a.bin"
    wait_until(lambda: not control.session.worker_status().running, what="the worker's end")
    control.session.close()
    for path in control.session.directory.iterdir():
        with contextlib.suppress(FileNotFoundError):  # the worker is just closing its log of the state file
            assert b"geheim" not in path.read_bytes(), path.name
