"""Both directions of the pipes, and what a child that was taken over might send."""

from __future__ import annotations

import dataclasses
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview.excerpt import Excerpt

_REQUEST = wire.Request(b"/a/\xff.png", 40, 30, None, 2000, 0)
_RASTER = wire.Raster(
    natural_width=400, natural_height=300, width=4, height=3, frames=2, format="PNG", mode="I;16", rgb=bytes(36)
)


def answered(
    sent: bytes, request: wire.Request | wire.ExcerptRequest = _REQUEST
) -> wire.Raster | wire.Refusal | Excerpt:
    head, body = sent[: wire.REPLY_HEAD_BYTES], sent[wire.REPLY_HEAD_BYTES :]
    assert wire.body_length(head, request) == len(body)
    return wire.unpack_reply(head, body, request)


@settings(deadline=None)
@given(
    path=st.binary(max_size=200),
    width=st.integers(1, wire.MAX_SIDE_PIXELS),
    height=st.integers(1, wire.MAX_SIDE_PIXELS),
    prefix=st.none() | st.integers(0, 2**60),
)
def test_requests_arrive(path: bytes, width: int, height: int, prefix: int | None) -> None:
    request = wire.Request(path, width, height, prefix, width, height % 257)
    sent = wire.pack_request(request)
    head = sent[: wire.REQUEST_HEAD_BYTES]
    assert wire.path_length(head) == len(path)
    assert wire.unpack_request(head, sent[wire.REQUEST_HEAD_BYTES :]) == request


@pytest.mark.parametrize(
    "reply", [_RASTER, dataclasses.replace(_RASTER, frames=None), wire.Refusal("it is 3 × 4")]
)
def test_replies_arrive(reply: wire.Raster | wire.Refusal) -> None:
    assert answered(wire.pack_reply(reply)) == reply


_ASKED = wire.ExcerptRequest(b"/a.txt", 8, 3, 900, 2000)
_EXCERPT = Excerpt("UTF-8", ("one", "", "drüü"), is_whole=False)


def test_excerpts_are_asked_for_and_arrive() -> None:
    sent = wire.pack_request(_ASKED)
    assert wire.unpack_request(sent[: wire.REQUEST_HEAD_BYTES], sent[wire.REQUEST_HEAD_BYTES :]) == _ASKED
    assert answered(wire.pack_reply(_EXCERPT), _ASKED) == _EXCERPT
    assert answered(wire.pack_reply(Excerpt("empty", (), is_whole=True)), _ASKED) == Excerpt("empty", (), True)


@pytest.mark.parametrize("line", ["123456789", "a\x1b[2J", "a\u202eb", "a\nb\nc", "\x9b"])
def test_lines_that_cannot_be_shown_are_refused(line: str) -> None:
    with pytest.raises(wire.ProtocolError):
        answered(wire.pack_reply(dataclasses.replace(_EXCERPT, lines=("one", line, "three"))), _ASKED)


def test_only_what_was_asked_for_is_taken() -> None:
    with pytest.raises(wire.ProtocolError):
        answered(wire.pack_reply(_EXCERPT))
    with pytest.raises(wire.ProtocolError):
        answered(wire.pack_reply(dataclasses.replace(_RASTER, width=1, height=1, rgb=bytes(3))), _ASKED)


def test_a_path_longer_than_any_is_refused() -> None:
    sent = wire.pack_request(dataclasses.replace(_REQUEST, path=bytes(wire.MAX_PATH_BYTES + 1)))
    with pytest.raises(wire.ProtocolError):
        wire.path_length(sent[: wire.REQUEST_HEAD_BYTES])


@pytest.mark.parametrize(
    "raster",
    [
        dataclasses.replace(_RASTER, width=41),
        dataclasses.replace(_RASTER, height=31),
        dataclasses.replace(_RASTER, width=0, rgb=b""),
        dataclasses.replace(_RASTER, natural_width=0),
        dataclasses.replace(_RASTER, rgb=bytes(35)),
        dataclasses.replace(_RASTER, format=""),
        dataclasses.replace(_RASTER, mode="\x1b[2J"),
    ],
)
def test_impossible_pictures_are_refused(raster: wire.Raster) -> None:
    with pytest.raises(wire.ProtocolError):
        answered(wire.pack_reply(raster))


@pytest.mark.parametrize("sentence", ["", "two\nlines", "\x1b]0;x\x07", "\u202e"])
def test_sentences_that_cannot_be_shown_are_refused(sentence: str) -> None:
    with pytest.raises(wire.ProtocolError):
        answered(wire.pack_reply(wire.Refusal(sentence)))


def test_a_reply_longer_than_the_request_allows_is_refused() -> None:
    with pytest.raises(wire.ProtocolError):
        wire.body_length(struct.pack(">BI", 1, 2**31), _REQUEST)


@settings(deadline=None)
@given(kind=st.integers(0, 4), body=st.binary(max_size=80), request=st.sampled_from([_REQUEST, _ASKED]))
def test_any_bytes_are_a_reply_or_refused(
    kind: int, body: bytes, request: wire.Request | wire.ExcerptRequest
) -> None:
    head = struct.pack(">BI", kind, len(body))
    try:
        reply = wire.unpack_reply(head, body, request)
    except wire.ProtocolError:
        return
    wanted = wire.Raster if isinstance(request, wire.Request) else Excerpt
    assert isinstance(reply, wanted | wire.Refusal)
