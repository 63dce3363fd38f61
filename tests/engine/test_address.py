"""URLs taken apart: what is read without httpx is what httpx would have read."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.address import Address
from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

hosts = st.sampled_from(
    [
        "example.com",
        "a-b.example",
        "127.0.0.1",
        "256.0.0.1",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.4.",
        "1.2.3.4a",
        "[::1]",
        "Example.COM",
        "münchen.de",
        "xn--mnchen-3ya.de",
        "a.",
        "a_b",
        "",
    ]
)
ports = st.sampled_from(["", ":", ":80", ":443", ":8080", ":080", ":59999", ":65535", ":65536", ":x"])
paths = st.text("abzAZ09/.%2e%41%zz~!$&'()*+,;=:@|[]{}`^\"\\ é-_", max_size=12)
queries = st.text('ab=&?/%20%+:@ "<>é', max_size=8)
urls = st.builds(
    lambda scheme, login, host, port, path, query, fragment: (
        f"{scheme}://{login}{host}{port}{path and '/' + path}{query and '?' + query}{fragment}"
    ),
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["", "", "", "a:b%40c@", "a@"]),
    hosts,
    ports,
    paths,
    queries,
    st.sampled_from(["", "", "#f"]),
)


def read(text: str) -> httpx.URL:
    """Read a URL as httpx does, which has no limit for ports."""
    url = httpx.URL(text)
    if url.port is not None and url.port > 65_535:
        raise ValueError(text)
    return url


@given(urls)
def test_it_is_what_httpx_reads(text: str) -> None:
    try:
        url = read(text)
    except (httpx.InvalidURL, ValueError):
        with pytest.raises(TransferError) as caught:
            Address.of(text)
        assert caught.value.reason is Reason.UNSUPPORTED_URL
        return
    address = Address.of(text)
    assert (address.scheme, address.host, address.port) == (url.scheme, url.host, url.port)
    assert address.raw_host.encode() == url.raw_host
    assert address.target.encode() == url.raw_path
    assert address.netloc.encode() == url.netloc
    assert address.text == str(url)
    assert address.login == ((url.username, url.password) if url.userinfo else None)


@given(urls, st.one_of(urls, paths, st.sampled_from(["//other.example/x", "?q", "../x", "#f", "mailto:a"])))
def test_redirects_lead_where_httpx_says(text: str, reference: str) -> None:
    try:
        url = read(str(read(text).join(reference)))
    except (httpx.InvalidURL, ValueError):
        return
    assert Address.of(text).join(reference).text == str(url)


def test_no_secret_is_in_a_repr() -> None:
    assert "geheim" not in repr(Address.of("https://name:geheim@example.com/a?token=geheim#geheim"))
