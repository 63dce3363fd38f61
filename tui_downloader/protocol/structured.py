"""Structured fields (RFC 9651), as far as anything here needs them.

Owns the library. Must never raise on a server's text: what cannot be read is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import http_sf


def byte_sequences(text: str) -> Iterator[tuple[str, bytes]]:
    """Yields the members of a dictionary that are byte sequences, parameters left out."""
    try:
        members = http_sf.parse(text.encode("latin-1", "replace"), tltype="dictionary")
    except http_sf.StructuredFieldError:
        return
    assert isinstance(members, dict)
    for name, member in members.items():
        value = member[0] if isinstance(member, tuple) else member
        if isinstance(value, bytes):
            yield name, value
