"""A response's header as values: lengths and codings that servers get wrong."""

from __future__ import annotations

import pytest

from tests.engine.values import reply
from tui_downloader.engine.address import Address
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.response import ResponseHead, read_head
from tui_downloader.model.lifecycle import Reason


def head_of(*fields: tuple[str, str], status: int = 200) -> ResponseHead:
    return read_head(reply(status, fields), address=Address.of("http://example.com/a"), redirects=0, now=0.0)


@pytest.mark.parametrize(
    ("coding", "known_as"),
    [
        ("", ""),
        ("identity", ""),
        ("Identity ", ""),
        ("none", ""),
        ("binary", ""),
        ("UTF-8", ""),
        ("aws-chunked", ""),
        ("GZip", "gzip"),
        ("gzip, gzip", "gzip, gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
    ],
)
def test_codings(coding: str, known_as: str) -> None:
    digest = ("Repr-Digest", "sha-256=:" + "A" * 43 + "=:")
    head = head_of(("Content-Encoding", coding), ("Content-Length", "5"), digest)
    assert head.content_coding == known_as
    assert bool(head.digests) is (not known_as), "a digest of coded bytes is not the file's"


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([("Content-Length", "5")], 5),
        ([("Content-Length", "0" * 30 + "5")], 5),
        ([("Content-Length", "9" * 18)], 10**18 - 1),
        ([("Content-Length", "5"), ("Transfer-Encoding", "chunked")], None),
        ([("Content-Length", "+5")], None),
        ([("Content-Length", "5, 5")], None),
        ([], None),
    ],
)
def test_lengths(fields: list[tuple[str, str]], length: int | None) -> None:
    assert head_of(*fields).content_length == length


@pytest.mark.parametrize("length", ["1" + "0" * 18, "9" * 5000])
def test_a_length_that_no_file_has(length: str) -> None:
    with pytest.raises(TransferError) as caught:
        head_of(("Content-Length", length))
    assert caught.value.reason is Reason.BAD_RESPONSE


def test_a_tag_is_read_byte_for_byte_whatever_stands_in_other_fields() -> None:
    """Else two responses with one tag would differ, and the bytes on disk be thrown away."""
    tag = '"é\x9b"'.encode()
    for other in (b"plain", "ü".encode(), b"\xfc", b"\x9b"):
        answer = reply(200, [(b"ETag", tag), (b"Server", other)])
        head = read_head(answer, address=Address.of("http://example.com/a"), redirects=0, now=0.0)
        assert head.validator.if_range is not None
        assert head.validator.if_range.encode("latin-1") == tag
