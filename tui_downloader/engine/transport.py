"""Connections to origins: TLS trust, straight or through a proxy.

Owns the connections of a worker. Must never follow a redirect or read a body.
"""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING

from tui_downloader.engine.address import Address
from tui_downloader.engine.credentials import Netrc
from tui_downloader.engine.direct import Direct
from tui_downloader.engine.proxies import Proxies

if TYPE_CHECKING:
    from tui_downloader.engine.pool import Pool


def tls_context() -> ssl.SSLContext:
    """Builds the context that trusts what the system trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` included).

    Where Python finds no system certificates (python.org builds on macOS), certifi's are used.
    """
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and not _has_certificate_directory():
        import certifi

        context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def _has_certificate_directory() -> bool:
    """Tells whether OpenSSL looks into a directory of certificates, which it reads only when asked for one."""
    return ssl.get_default_verify_paths().capath is not None


class Transports:
    """Connections straight to origins, and a pool for each proxy; thread-safe."""

    def __init__(self) -> None:
        """Reads the environment's proxies once; connects to nothing."""
        self._lock = threading.Lock()
        self._made: ssl.SSLContext | None = None
        self._proxies = Proxies()
        self._direct = Direct(self._context)
        self._pools: dict[str, Pool] = {}
        self.netrc = Netrc()
        """Logins for servers that the user's netrc file names."""

    def proxy_for(self, address: Address) -> str | None:
        """Returns the URL of the proxy that the environment names for a URL; `None` goes directly.

        Raises:
            TransferError: There is one, but it cannot be used.
        """
        return self._proxies.proxy_for(address)

    def way(self, proxy: str | None) -> Direct | Pool:
        """Returns the connections through a proxy, or those without."""
        if proxy is None:
            return self._direct
        from tui_downloader.engine.pool import Pool  # httpcore takes its time

        context = self._context()
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = Pool(context, proxy)
            return self._pools[proxy]

    def close(self) -> None:
        """Closes all connections that nobody uses."""
        self._direct.close()
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def _context(self) -> ssl.SSLContext:
        """Returns whom to trust; reading that takes a while, and plain http needs none of it."""
        with self._lock:
            if self._made is None:
                self._made = tls_context()
            return self._made
