"""The border, network and versions: proxies, certificates, packages.

Owns reading them. Must never let a proxy's login out, nor connect to anything.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import ssl
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tui_downloader import __version__
from tui_downloader.doctor.facts import NetworkFacts, ProxyFacts, VersionFacts
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import display_url
from tui_downloader.session.software import EXTRAS, PACKAGES, version_of_package
from tui_downloader.state.database import sqlite_version


def network(environment: Mapping[str, str]) -> NetworkFacts:
    """Looks at proxies and certificates."""
    return NetworkFacts(
        proxies=_proxies(),
        has_socks=importlib.util.find_spec("socksio") is not None,
        certificate_places={
            name: _certificate_problem(Path(environment[name]), is_file=name.endswith("FILE"))
            for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")
            if environment.get(name)
        },
        authorities=_authorities(),
    )


def versions() -> VersionFacts:
    """Returns what runs here."""
    found = {name: version_of_package(name) for name in (*PACKAGES, *EXTRAS)}
    return VersionFacts(
        program=__version__,
        python=platform.python_version(),
        sqlite=sqlite_version(),
        packages={name: version for name, version in found.items() if version is not None},
        open_files_max=_open_files_max(),
    )


def _proxies() -> tuple[ProxyFacts, ...]:
    """Returns the environment's proxies, as the worker takes them."""
    found = []
    for name, url in sorted(urllib.request.getproxies().items()):
        text = url.strip()
        if name == "no" or not text:
            continue
        whole = text if "://" in text else f"http://{text}"
        try:
            scheme = urlsplit(whole).scheme.lower()
        except ValueError:
            scheme = ""
        found.append(ProxyFacts(safe(f"{name}_proxy"), display_url(whole), safe(scheme)))
    return tuple(found)


def _certificate_problem(path: Path, *, is_file: bool) -> str | None:
    """Says what is wrong with a place of certificates; `None` if nothing is."""
    shown = safe(str(path))
    if is_file and not path.is_file():
        return f"names {shown}, which is no file"
    if not is_file and not path.is_dir():
        return f"names {shown}, which is no directory"
    if not os.access(path, os.R_OK):
        return f"names {shown}, which cannot be read"
    if is_file:
        try:
            ssl.create_default_context(cafile=path)
        except (ssl.SSLError, OSError):
            return f"names {shown}, which holds no certificates"
    return None


def _authorities() -> int:
    """Counts whom https trusts: the system's, else those of the package `certifi`."""
    try:
        count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    except (ssl.SSLError, OSError):
        return 0
    if not count and (ssl.get_default_verify_paths().capath or importlib.util.find_spec("certifi")):
        return 1
    return count


def _open_files_max() -> int | None:
    """Returns how many files a process may have open."""
    try:
        import resource
    except ImportError:  # pragma: no cover -- Windows
        return None
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
