"""Which hop may follow which."""

from __future__ import annotations

import pytest

from tui_downloader.engine.addresses import check_address, check_scheme, is_public
from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "2001:db8::1",
]
DISGUISED = [
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "fec0::1",
    "::127.0.0.1",
]
"""IPv4 inside IPv6 (NAT64, 6to4, the old compatible form) and site-local: a translator may lead them inward."""


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", DISGUISED)
def test_not_public_in_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_from_public_to_private_is_refused(address: str) -> None:
    with pytest.raises(TransferError, match="--allow-private") as caught:
        check_address(address, came_from_public=True, allow_private=False)
    assert caught.value.reason is Reason.REFUSED_REDIRECT
    check_address(address, came_from_public=True, allow_private=True)
    check_address(address, came_from_public=False, allow_private=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_always_follow(address: str) -> None:
    check_address(address, came_from_public=True, allow_private=False)


@pytest.mark.parametrize("before", [None, "http", "https"])
@pytest.mark.parametrize("after", ["ftp", "file", "data", "", "javascript"])
def test_other_schemes_are_never_followed(before: str | None, after: str) -> None:
    with pytest.raises(TransferError) as caught:
        check_scheme(before, after, allow_insecure=True)
    assert caught.value.reason is (Reason.UNSUPPORTED_URL if before is None else Reason.REFUSED_REDIRECT)


def test_https_leads_to_http_only_if_allowed() -> None:
    with pytest.raises(TransferError, match="--allow-insecure") as caught:
        check_scheme("https", "http", allow_insecure=False)
    assert caught.value.reason is Reason.REFUSED_REDIRECT
    check_scheme("https", "http", allow_insecure=True)
    for before, after in (
        (None, "http"),
        (None, "https"),
        ("http", "http"),
        ("http", "https"),
        ("https", "https"),
    ):
        check_scheme(before, after, allow_insecure=False)
