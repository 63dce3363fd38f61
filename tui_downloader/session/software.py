"""What is installed: this program, what it runs on and what it is made of, with their versions.

Owns the list. Must never load a package to learn its version, nor fail where one is missing.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from tui_downloader import __version__
from tui_downloader.state.database import SQLITE_VERSION

PACKAGES = ("textual", "h11", "httpcore", "httpx", "http-sf", "rich", "platformdirs", "pillow", "click")
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
        yield name, version_of_package(name) or "is missing"
    for name, extra in EXTRAS.items():
        yield name, version_of_package(name) or f"is not installed (pip install 'tuidl[{extra}]')"


def version_of_package(package: str) -> str | None:
    """Returns an installed package's version; `None` if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
