"""Digests in response fields, as servers really send them."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.digest import parse_digests

CONTENT = b"a file"
SHA256, MD5 = hashlib.sha256(CONTENT), hashlib.md5(CONTENT)


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


B256, B5 = encoded(SHA256.digest()), encoded(MD5.digest())
IN_256, IN_5 = ("sha-256", SHA256.hexdigest()), ("md5", MD5.hexdigest())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("repr-digest", f"sha-256=:{B256}:", (IN_256,)),
        ("repr-digest", f"unixsum=:AAA=:, sha-256=:{B256}:;p=1", (IN_256,)),
        ("content-digest", f"sha-256=:{B256}:", (IN_256,)),
        ("digest", f"SHA-256={B256},MD5={B5}", (IN_256, IN_5)),
        ("digest", f"sha256={B256}", (IN_256,)),
        ("content-md5", B5, (IN_5,)),
        ("x-goog-hash", f"crc32c=n03x6A==,md5={B5}", (IN_5,)),
        ("x-amz-checksum-sha256", B256, (IN_256,)),
        ("x-amz-checksum-sha256", f"{B256}-3", ()),
        ("repr-digest", "sha-256=:AAAA:", ()),
        ("repr-digest", "not a dictionary ((", ()),
        ("content-md5", "%%%", ()),
        ("etag", B256, ()),
    ],
)
def test_fields_of_a_whole_response(name: str, text: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert parse_digests([(name, text)], whole=True) == expected


def test_a_part_says_nothing_of_the_whole_but_by_repr_digest() -> None:
    fields = [("content-md5", B5), ("content-digest", f"md5=:{B5}:"), ("repr-digest", f"sha-256=:{B256}:")]
    assert parse_digests(fields, whole=False) == (IN_256,)


@given(st.sampled_from(["repr-digest", "digest", "content-md5", "x-goog-hash"]), st.text())
def test_no_text_raises(name: str, text: str) -> None:
    parse_digests([(name, text)], whole=True)
