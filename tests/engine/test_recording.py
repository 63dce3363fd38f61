"""What is kept of a request and its response: text of any encoding, and no secret."""

from __future__ import annotations

import httpx

from tui_downloader.engine.recording import recorded


def test_fields_of_any_encoding_become_text() -> None:
    request = httpx.Request(
        "GET", "http://example.com/%E5%86%99/a.iso?token=geheim", headers={"Range": "bytes=5-"}
    )
    response = httpx.Response(
        206,
        headers=[(b"X-Utf", "写".encode()), (b"X-Latin", "grüß".encode("latin-1")), (b"X-Hostile", b"a\x1b[31mb")],
        request=request,
        extensions={"http_version": b"HTTP/1.0", "reason_phrase": b"Partial Content"},
    )
    kept = recorded(request, response, at=7.5)
    assert kept.at == 7.5
    assert kept.url == "http://example.com/%E5%86%99/a.iso?***"
    assert kept.request_line == "GET /%E5%86%99/a.iso?*** HTTP/1.1"
    assert kept.status_line == "HTTP/1.0 206 Partial Content"
    assert ("Range", "bytes=5-") in kept.request
    assert kept.response_field("x-utf") == "写"
    assert kept.response_field("x-latin") == "grüß"
    assert kept.response_field("x-hostile") == "a\ufffd[31mb"
