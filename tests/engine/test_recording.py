"""What is kept of a request and its response: text of any encoding, and no secret."""

from __future__ import annotations

import dataclasses

from tests.engine.values import reply
from tui_downloader.engine.address import Address
from tui_downloader.engine.recording import recorded


def test_fields_of_any_encoding_become_text() -> None:
    fields = [(b"X-Utf", "写".encode()), (b"X-Latin", "grüß".encode("latin-1")), (b"X-Hostile", b"a\x1b[31mb")]
    received = dataclasses.replace(reply(206, fields), version="HTTP/1.0", phrase=b"Partial Content")
    address = Address.of("http://example.com/写/a.iso?token=geheim")
    kept = recorded(address, [(b"Range", b"bytes=5-")], received, at=7.5)
    assert kept.at == 7.5
    assert kept.url == "http://example.com/%E5%86%99/a.iso?***"
    assert kept.request_line == "GET /%E5%86%99/a.iso?*** HTTP/1.1"
    assert kept.status_line == "HTTP/1.0 206 Partial Content"
    assert ("Range", "bytes=5-") in kept.request
    assert kept.response_field("x-utf") == "写"
    assert kept.response_field("x-latin") == "grüß"
    assert kept.response_field("x-hostile") == "a\ufffd[31mb"
