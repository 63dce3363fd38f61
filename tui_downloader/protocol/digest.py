"""Digests that a response carries: field text to (algorithm, hexadecimal value).

Owns the fields `Repr-Digest` and `Content-Digest` (RFC 9530), `Digest` (RFC 3230), `Content-MD5` (RFC 1864),
`x-goog-hash` and `x-amz-checksum-sha256`. Must never raise on a server's text: what cannot be read is left out.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator

from tui_downloader.model.checksum import DIGEST_BYTES, STRENGTH, algorithm_name

_OF_CONTENT = {"content-digest", "content-md5"}


def parse_digests(fields: Iterable[tuple[str, str]], *, whole: bool) -> tuple[tuple[str, str], ...]:
    """Returns the digests of the whole representation that a response names.

    Args:
        fields: The response's fields, names in lower case.
        whole: Whether the content is the whole representation, without a content coding: only then the fields
            about the content speak of it.

    Returns:
        Pairs of algorithm and lower-case hexadecimal value, strongest first.
    """
    found: dict[str, str] = {}
    for name, text in fields:
        if name in _OF_CONTENT and not whole:
            continue
        for algorithm, digest in _digests_of(name, text):
            if len(digest) == DIGEST_BYTES.get(algorithm):
                found.setdefault(algorithm, digest.hex())
    return tuple((algorithm, found[algorithm]) for algorithm in STRENGTH if algorithm in found)


def _digests_of(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    """Yields what one field names."""
    if name in {"repr-digest", "content-digest"}:
        yield from _structured(text)
    elif name in {"digest", "x-goog-hash"}:
        for part in text.split(","):
            algorithm, _, value = part.strip().partition("=")
            yield algorithm_name(algorithm) or "", _from_base64(value)
    elif name == "content-md5":
        yield "md5", _from_base64(text)
    elif name == "x-amz-checksum-sha256":
        yield "sha-256", _from_base64(text)


def _structured(text: str) -> Iterator[tuple[str, bytes]]:
    """Yields the members of a dictionary of byte sequences (RFC 9651)."""
    from tui_downloader.protocol.structured import (
        byte_sequences,
    )  # few responses have any: nobody is to wait for it

    for name, value in byte_sequences(text):
        yield algorithm_name(name) or "", value


def _from_base64(text: str) -> bytes:
    """Decodes base64; empty if it is none."""
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
