"""A throw-away certificate authority and a certificate for the loopback names.

Owns making them; nothing is written until a test asks for the file. Must never be used outside tests.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority nobody trusts and what it signed."""

    authority: trustme.CA
    """Signs the certificate."""
    server: trustme.LeafCert
    """The certificate of 127.0.0.1 and localhost."""

    def server_context(self) -> ssl.SSLContext:
        """Return the context a server wraps its connections in."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.configure_cert(context)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return a context that trusts the authority and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context

    def write_authority(self, path: Path) -> None:
        """Write the authority as PEM, for `SSL_CERT_FILE`."""
        self.authority.cert_pem.write_to_path(str(path))

    def write_server(self, path: Path) -> None:
        """Write the server's key and certificate chain as one PEM, for servers that are not ours."""
        self.server.private_key_and_cert_chain_pem.write_to_path(str(path))


def make_certificates(*names: str) -> Certificates:
    """Return a new authority and a certificate for these names; without any, for the loopback names."""
    authority = trustme.CA()
    return Certificates(authority, authority.issue_cert(*(names or ("127.0.0.1", "localhost"))))
