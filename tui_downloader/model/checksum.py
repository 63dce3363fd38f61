"""Digest algorithms: their usual names and lengths, and how a user writes one.

Owns the closed set that is checked. Must never compute a digest.
"""

from __future__ import annotations

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe

STRENGTH = ("sha-512", "sha-256", "sha-1", "md5")
"""Algorithms that are checked, strongest first."""

DIGEST_BYTES = {"sha-512": 64, "sha-256": 32, "sha-1": 20, "md5": 16}
"""How long each algorithm's digest is."""

_NAMES = {"sha": "sha-1", "sha1": "sha-1", "sha256": "sha-256", "sha512": "sha-512"}


def algorithm_name(text: str) -> str | None:
    """Returns the usual name of an algorithm that is checked: `SHA256` becomes `sha-256`; `None` for others."""
    name = text.strip().lower().replace("_", "-")
    name = _NAMES.get(name, name)
    return name if name in DIGEST_BYTES else None


def checked_checksum(text: str) -> tuple[str, str]:
    """Reads a checksum as typed: `sha-256:3f9a…`; without a name the length tells the algorithm.

    Args:
        text: What the user typed.

    Returns:
        Algorithm and lower-case hexadecimal value.

    Raises:
        InvalidInputError: It is none.
    """
    name, colon, value = text.strip().rpartition(":")
    value = value.strip().lower()
    try:
        length = len(bytes.fromhex(value)) if value.isalnum() else 0
    except ValueError:
        length = 0
    by_length = next((each for each, size in DIGEST_BYTES.items() if size == length), None)
    algorithm = algorithm_name(name) if colon else by_length
    if algorithm is None or DIGEST_BYTES[algorithm] != length:
        raise InvalidInputError(
            f"“{safe(text[:90])}” is not a checksum: write ALGORITHM:HEX with {', '.join(reversed(STRENGTH))}."
        )
    return algorithm, value
