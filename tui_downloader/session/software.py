"""What is installed: this program, what it runs on and what it is made of, with their versions.

Owns the list. Must never load a package to learn its version, nor fail where one is missing.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from tui_downloader import __version__
from tui_downloader.state.database import SQLITE_VERSION

PACKAGES = ("textual", "rich", "httpx", "httpcore", "http-sf", "pillow", "click", "platformdirs")
"""What it is made of, in the order of `pyproject.toml`."""

EXTRAS = {"socksio": "socks", "jeepney": "notify"}
"""What else it can use, and the extra that brings it."""


def software() -> Iterator[tuple[str, str]]:
    """Yields names and versions; a package that is missing says so, and how to get it if it is an extra."""
    import ssl  # late: nothing else of a session needs it

    yield "tuidl", __version__
    yield "Python", platform.python_version()
    yield "SQLite", SQLITE_VERSION
    yield "OpenSSL", ssl.OPENSSL_VERSION.partition(" ")[2]
    for name in PACKAGES:
        yield name, _version(name) or "is missing"
    for name, extra in EXTRAS.items():
        yield name, _version(name) or f"is not installed (pip install 'tuidl[{extra}]')"


def _version(package: str) -> str | None:
    """Returns an installed package's version; `None` if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
