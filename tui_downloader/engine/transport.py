"""Connections to origins: TLS trust, proxies, pools.

Owns the pools of a worker. Must never follow a redirect or read a body.
"""

from __future__ import annotations

import ssl
import threading

import httpx

from tui_downloader.engine.credentials import Netrc
from tui_downloader.engine.pool import Pool
from tui_downloader.engine.proxies import Proxies

_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=32, keepalive_expiry=4.0)
"""Idle connections are kept for the next small file, a little shorter than common servers keep them (5 s)."""


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
    """One pool for direct connections and one for each proxy; thread-safe."""

    def __init__(self) -> None:
        """Reads the environment's proxies once; connects to nothing."""
        self._context = tls_context()
        self._proxies = Proxies()
        self._lock = threading.Lock()
        self._pools: dict[str | None, Pool] = {}
        self.netrc = Netrc()
        """Logins for servers that the user's netrc file names."""

    def proxy_for(self, url: httpx.URL) -> str | None:
        """Returns the URL of the proxy that the environment names for a URL; `None` goes directly.

        Raises:
            TransferError: There is one, but it cannot be used.
        """
        return self._proxies.proxy_for(url)

    def pool(self, proxy: str | None) -> Pool:
        """Returns the pool for a proxy, or for direct connections."""
        with self._lock:
            pool = self._pools.get(proxy)
            if pool is None:
                pool = Pool(self._context, _LIMITS, proxy=proxy)
                self._pools[proxy] = pool
            return pool

    def close(self) -> None:
        """Closes all pools."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()
