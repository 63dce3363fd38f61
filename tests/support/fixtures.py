"""Pytest fixtures of the servers in this folder; the root conftest imports them.

Owns their lifetimes. Must never hold more than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.certificates import Certificates, make_certificates
from tests.support.fault_server import FaultServer


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    """Return an authority for this test run; nobody trusts it."""
    return make_certificates()


@pytest.fixture(scope="session")
def authority_file(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the authority as a PEM file, for `SSL_CERT_FILE`."""
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    certificates.write_authority(path)
    return path


@pytest.fixture
def fault_server() -> Iterator[FaultServer]:
    """Yield a plain HTTP server that ends with the test."""
    with FaultServer() as server:
        yield server


@pytest.fixture
def tls_fault_server(certificates: Certificates) -> Iterator[FaultServer]:
    """Yield an HTTPS server that ends with the test; clients need `certificates` or `authority_file`."""
    with FaultServer(certificates) as server:
        yield server
