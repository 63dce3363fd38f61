"""A real worker keeps the fields of the last exchange, without any secret."""

from __future__ import annotations

from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Status
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import State
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.model.request import Request

SECRET = "geheim-4711"


def kept(control: SessionControl, download_id: int) -> RecordedExchange:
    exchange = control.session.inspect(download_id).exchange
    assert exchange is not None
    return exchange


def test_fields_are_kept_and_secrets_are_not(control: SessionControl, fault_server: FaultServer) -> None:
    fields = (("X-Request", SECRET), ("Set-Cookie", f"id={SECRET}"), ("X-Note", f"you sent {SECRET}"))
    url = fault_server.add("/a.iso", Resource(bytes(5000), fields=fields))
    address = url.replace("http://", f"http://me:{SECRET}@") + f"?token={SECRET}"
    request = Request(
        url=address,
        directory=control.downloads,
        fields=(("Cookie", f"login={SECRET}"), ("X-Api-Key", SECRET), ("Accept-Language", "de")),
    )
    (added,) = control.session.add([request])
    control.wait_for(added.download.id, State.COMPLETED)
    exchange = kept(control, added.download.id)
    assert exchange.request_line == "GET /a.iso?*** HTTP/1.1"
    assert exchange.status_line.startswith("HTTP/1.1 200")
    assert ("Accept-Language", "de") in exchange.request
    assert {"Authorization", "Cookie", "X-Api-Key"} <= {name for name, value in exchange.request if value == "***"}
    assert exchange.response_field("set-cookie") == "***"
    assert exchange.response_field("x-note") == "you sent ***"
    assert exchange.response_field("content-length") == "5000"
    with control.database() as connection:
        rows = connection.execute("SELECT download_id, exchange FROM exchanges").fetchall()
    assert [row[0] for row in rows] == [added.download.id]
    assert SECRET not in rows[0][1]


def test_a_refusal_is_kept_too_and_a_removal_forgets_it(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.iso", Resource(bytes(50)), faults=[Status(404, fields=(("X-Why", "gone"),))])
    (download_id,) = control.add(url)
    control.wait_for(download_id, State.FAILED)
    exchange = kept(control, download_id)
    assert exchange.status_line.startswith("HTTP/1.1 404")
    assert exchange.response_field("x-why") == "gone"
    control.session.remove([download_id])
    wait_until(lambda: control.session.inspect(download_id).exchange is None, what="the removal")
