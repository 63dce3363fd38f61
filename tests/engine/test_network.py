"""Names, addresses and IPv6: which of a host's addresses is connected to."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest

from tests.engine.fetching import fetch
from tests.support.certificates import make_certificates
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Redirect
from tui_downloader.engine import dialing
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.network import Network
from tui_downloader.model.lifecycle import Reason

SIZE = 3_000_000


def _has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


needs_ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6 loopback address ::1")
needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="only Linux has 127.0.0.2 unasked and drops what a full queue gets",
)


@pytest.fixture
def server_on_6() -> Iterator[FaultServer]:
    with FaultServer(address="::1") as server:
        yield server


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what makes the system's resolver know one more name."""
    real = socket.getaddrinfo

    def also_knows(name: str, *addresses: str) -> None:
        def look_up(host: str, port: int, *arguments: Any, **more: Any) -> list[Any]:
            hosts = addresses if host == name else (host,)
            return [found for each in hosts for found in real(each, port, *arguments, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return also_knows


# ------------------------------------------------------------------------------------------------------------ IPv6


@needs_ipv6
def test_an_ipv6_address_in_the_url(server_on_6: FaultServer) -> None:
    content = body(1, SIZE)
    url = server_on_6.add("/a.bin", Resource(content))
    assert url.startswith("http://[::1]:")
    head, received = fetch(url)
    assert received == content
    assert head.final_host == "::1"
    assert server_on_6.requests()[0].field("host") == f"[::1]:{server_on_6.port}"


@needs_ipv6
def test_an_ipv6_address_over_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificates = make_certificates("::1")
    certificates.write_authority(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    content = body(2, SIZE)
    with FaultServer(certificates, address="::1") as server:
        assert fetch(server.add("/a.bin", Resource(content)))[1] == content


@needs_ipv6
def test_a_name_with_addresses_of_both_kinds(server_on_6: FaultServer, resolve: Callable[..., None]) -> None:
    server_on_6.add("/a", Resource(b"abc"))
    for addresses in [("::1",), ("::1", "127.0.0.1"), ("127.0.0.1", "::1")]:
        resolve("both.example", *addresses)
        assert fetch(server_on_6.url("/a", host="both.example"))[1] == b"abc"


@needs_ipv6
def test_a_server_with_ipv4_only_behind_a_name_of_both_kinds(
    fault_server: FaultServer, resolve: Callable[..., None]
) -> None:
    fault_server.add("/a", Resource(b"abc"))
    resolve("both.example", "::1", "127.0.0.1")
    assert fetch(fault_server.url("/a", host="both.example"))[1] == b"abc"


@pytest.mark.parametrize("host", ["[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]"])
def test_an_address_with_a_zone_is_refused(fault_server: FaultServer, host: str) -> None:
    url = fault_server.add("/start", Resource(b""), faults=[Redirect(fault_server.url("/a", host=host))])
    for each in (url, fault_server.url("/a", host=host)):
        with pytest.raises(TransferError, match="zone") as caught:
            fetch(each)
        assert caught.value.reason is Reason.UNSUPPORTED_URL


@pytest.mark.parametrize("host", ["a..example", f"{'a' * 70}.example", "nowhere.invalid"])
def test_names_that_are_none(host: str) -> None:
    with pytest.raises(TransferError) as caught:
        fetch(f"http://{host}/a")
    assert caught.value.reason in {Reason.CONNECTION_LOST, Reason.OFFLINE}


# ----------------------------------------------------------------------------------------------- several addresses


@pytest.fixture
def silent_address(fault_server: FaultServer) -> Iterator[str]:
    """Give an address where the server's port takes connections no more, and does not refuse them either."""
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(socket.socket())
        listener.bind(("127.0.0.2", fault_server.port))
        listener.listen(0)
        for _ in range(8):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield "127.0.0.2"


@needs_linux
def test_a_silent_address_is_left_for_the_next_and_then_tried_last(
    fault_server: FaultServer,
    silent_address: str,
    resolve: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialing, "FIRST_TRY_SECONDS", 0.3)
    resolve("both.example", silent_address, "127.0.0.1")
    below = Network()
    for _ in range(2):
        stream = below.connect_tcp("both.example", fault_server.port, timeout=30)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        stream.close()
    monkeypatch.setattr(dialing, "FIRST_TRY_SECONDS", 1000.0)  # a second wait for it would outlast the test
    below.connect_tcp("both.example", fault_server.port, timeout=2000).close()


@needs_linux
def test_all_addresses_together_have_one_limit(
    fault_server: FaultServer, silent_address: str, resolve: Callable[..., None]
) -> None:
    resolve("silent.example", silent_address, silent_address)
    with pytest.raises(httpcore.ConnectTimeout):
        Network().connect_tcp("silent.example", fault_server.port, timeout=0.3)


def test_the_last_address_says_what_is_wrong(fault_server: FaultServer, resolve: Callable[..., None]) -> None:
    port = fault_server.port
    fault_server.close()
    resolve("gone.example", "127.0.0.1", "127.0.0.1")
    with pytest.raises(httpcore.ConnectError):
        Network().connect_tcp("gone.example", port, timeout=5)
