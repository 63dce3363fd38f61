"""Headers read without ceremony: only such as h11 reads the same way."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.header_guard import FIELDS_MAX
from tui_downloader.engine.plain_head import PlainHead, plain_head

USUAL = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Type: application/octet-stream\r\n"
    b'Content-Length: 5\r\nConnection: keep-alive\r\nETag: "abc"\r\nX-Empty:\r\n\r\n'
)

lines = st.sampled_from(
    [
        b"Content-Length: 5",
        b"content-length:6",
        b"Content-Length: 5, 5",
        b"Content-Length: +5",
        b"Content-Length: 0x5",
        b"Content-Length: " + b"9" * 19,
        b"Transfer-Encoding: chunked",
        b"Connection: close",
        b"Connection: keep-alive, Upgrade",
        b"Connection: Keep-Alive",
        b"Upgrade: h2c",
        b'ETag:  "abc" \t',
        b"X-Latin: gr\xfc\xdf",
        b"X-Escape: \x1b[31m",
        b"X-Zero: a\0b",
        b"X-Blank : a",
        b" folded",
        b"no colon",
        b": no name",
        b"X-Empty:",
    ]
)
ends = st.sampled_from([b"\r\n", b"\n", b"\r", b"\r\r\n"])
starts = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 206 Partial Content",
        b"HTTP/1.1 404 ",
        b"HTTP/1.1 204 No Content",
        b"HTTP/1.1 304 Not Modified",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 200",
        b"HTTP/1.0 200 OK",
        b"HTTP/1.1 99 No",
        b"HTTP/1.1  200 OK",
        b"ICY 200 OK",
    ]
)


@st.composite
def headers(draw: st.DrawFn) -> bytes:
    """Make a header, mostly a good one."""
    end = b"\r\n" if draw(st.integers(0, 4)) else draw(ends)
    return (
        b"".join([each + end for each in [draw(starts), *draw(st.lists(lines, max_size=5))]])
        + draw(ends)
        + b"body"
    )


def test_the_usual_header() -> None:
    head = plain_head(USUAL + b"12345")
    assert head is not None
    assert (head.status, head.phrase, head.length, head.end, head.keeps_alive) == (200, b"OK", 5, len(USUAL), True)
    assert (b"ETag", b'"abc"') in head.fields
    assert head.fields[-1] == (b"X-Empty", b"")


@given(headers())
def test_what_it_reads_h11_reads_as_well(data: bytes) -> None:
    head = plain_head(data)
    if head is None:
        return
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=b"GET", target=b"/", headers=[(b"Host", b"a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data[: head.end])
    event = connection.next_event()
    assert isinstance(event, h11.Response)
    assert (head.status, head.phrase, head.fields) == (event.status_code, event.reason, event.headers.raw_items())
    assert dict(event.headers)[b"content-length"] == b"%d" % head.length
    assert connection.next_event() is h11.NEED_DATA if head.length else h11.EndOfMessage()
    assert not head.keeps_alive or connection.their_state is not h11.MUST_CLOSE


@given(st.integers(0, len(USUAL) - 1))
def test_a_part_of_a_header_is_none(count: int) -> None:
    assert plain_head(USUAL[:count]) is None


@pytest.mark.parametrize(
    "unusual",
    [
        USUAL.replace(b"\r\n", b"\n"),
        USUAL.replace(b"200", b"204"),
        USUAL.replace(b"HTTP/1.1", b"HTTP/1.0"),
        USUAL.replace(b"ETag", b"Transfer-Encoding"),
        USUAL.replace(b'ETag: "abc"', b"Content-Length: 5"),
        USUAL.replace(b"Length", b"Size"),
        USUAL.replace(b"X-Empty", b"X: a\r\n" * FIELDS_MAX + b"X-Empty"),
    ],
)
def test_what_is_not_so_is_left_to_others(unusual: bytes) -> None:
    assert plain_head(unusual) is None


def test_a_server_that_closes_is_believed() -> None:
    head = plain_head(USUAL.replace(b"keep-alive", b"close"))
    assert isinstance(head, PlainHead)
    assert not head.keeps_alive
