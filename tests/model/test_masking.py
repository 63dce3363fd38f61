"""Secrets of fields and URLs: what is kept has none of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.masking import (
    FIELDS_MAX,
    NAME_MAX,
    VALUE_MAX,
    masked_request,
    masked_response,
    masked_url,
    secrets_of,
)
from tui_downloader.model.recorded_exchange import RecordedExchange

SECRET = "geheim-4711"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://me:geheim@example.com/a.iso?token=x#part", "https://***@example.com/a.iso?***"),
        ("https://example.com/a.iso#access_token=x", "https://example.com/a.iso#***"),
        ("/a.iso?X-Amz-Signature=x", "/a.iso?***"),
        ("?x", "?***"),
        ("https://a@b@example.com/", "https://***@example.com/"),
        ("https://example.com/a.iso", "https://example.com/a.iso"),
        ("https://example.com/mail@home", "https://example.com/mail@home"),
    ],
)
def test_urls_lose_login_query_and_fragment(url: str, masked: str) -> None:
    assert masked_url(url) == masked


@pytest.mark.parametrize(
    "name",
    ["Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "PRIVATE-TOKEN", "X-Anything-New"],
)
def test_a_request_shows_values_that_are_known_to_be_harmless_only(name: str) -> None:
    assert masked_request([(name, SECRET), ("Range", "bytes=5-")]) == ((name, "***"), ("Range", "bytes=5-"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", f"id={SECRET}; Path=/"),
        ("x-auth-token", SECRET),
        ("X-Amz-Security-Token", SECRET),
        ("Location", f"https://me:{SECRET}@example.com/a"),
        ("Location", f"/a?sig={SECRET}"),
        ("Link", f'</next?cursor={SECRET}>; rel="next"'),
        ("Refresh", f"5; url=https://example.com/?{SECRET}"),
        ("X-Echo", f"Bearer {SECRET}"),
    ],
)
def test_a_response_keeps_no_secret(name: str, value: str) -> None:
    ((shown, kept),) = masked_response([(name, value)], secrets=[SECRET])
    assert shown == name
    assert SECRET not in kept
    assert "***" in kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ETag", '"v1"'),
        ("WWW-Authenticate", 'Basic realm="files"'),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Server", "Foo #1"),
        ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
    ],
)
def test_what_is_no_secret_stays(name: str, value: str) -> None:
    assert masked_response([(name, value)]) == ((name, value),)


def test_what_the_request_held_is_known() -> None:
    secrets = secrets_of(
        "https://me:pa%20ss@example.com/a?token=abc%2Fdef&plain",
        [("Authorization", "Bearer xyz"), ("Accept", "*/*")],
    )
    assert {"me", "pa%20ss", "pa ss", "abc%2Fdef", "abc/def", "plain", "Bearer xyz", "xyz"} <= secrets
    assert "*/*" not in secrets


@given(st.lists(st.tuples(TEXT, TEXT), max_size=130))
def test_whatever_a_server_sends_is_bounded_and_can_be_read_again(fields: list[tuple[str, str]]) -> None:
    exchange = RecordedExchange.of(
        at=1.5,
        url=f"https://me:{SECRET}@example.com/a?{SECRET}",
        target=f"/a?{SECRET}",
        version="HTTP/1.1",
        status="200 OK",
        request=[*fields, ("Cookie", SECRET)],
        response=[*fields, ("X-Back", SECRET), ("Set-Cookie", SECRET)],
    )
    assert RecordedExchange.parse(str(exchange)) == exchange
    assert SECRET not in str(exchange)
    assert len(exchange.response) <= FIELDS_MAX
    for name, value in (*exchange.request, *exchange.response):
        assert len(name) <= NAME_MAX
        assert len(value) <= VALUE_MAX
        assert not any(each in name + value for each in "\x1b\x9b\u202e\x00\n")


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2]", '[1,"u","r",5,"s",[]]'])
def test_what_is_no_exchange_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        RecordedExchange.parse(text)
