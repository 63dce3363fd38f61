"""How a user writes a checksum."""

from __future__ import annotations

import hashlib

import pytest

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.checksum import checked_checksum

SHA256 = hashlib.sha256(b"").hexdigest()
MD5 = hashlib.md5(b"").hexdigest()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"sha-256:{SHA256}", ("sha-256", SHA256)),
        (f"SHA256:{SHA256.upper()}", ("sha-256", SHA256)),
        (f" sha256: {SHA256} ", ("sha-256", SHA256)),
        (SHA256, ("sha-256", SHA256)),
        (MD5, ("md5", MD5)),
        (f"md5:{MD5}", ("md5", MD5)),
    ],
)
def test_checksums_are_read(text: str, expected: tuple[str, str]) -> None:
    assert checked_checksum(text) == expected


@pytest.mark.parametrize(
    "text", ["", "sha-256:", "sha-256:xyz", f"md5:{SHA256}", f"crc32:{MD5}", "\x1b[31m", MD5[:-1]]
)
def test_others_are_refused_in_a_safe_sentence(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked_checksum(text)
    assert str(caught.value).isprintable()
