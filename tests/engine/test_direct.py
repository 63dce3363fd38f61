"""Connections straight to origins: used again, by one at a time, and never when the server has ended them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.fetching import exchange, plan
from tests.support.certificates import Certificates
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Chunked, DropAfter, ResetAfter, StallAfter
from tui_downloader.engine import direct
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.transport import Transports
from tui_downloader.settings import Settings

SIZE = 200_000


@pytest.fixture
def transports() -> Iterator[Transports]:
    made = Transports()
    yield made
    made.close()


def over(transports: Transports) -> Exchange:
    """Make an exchange over shared connections."""
    return Exchange(transports, Throttles(Throttle(), Throttle()), Settings())


def whole(made: Exchange, url: str) -> bytes:
    made.open(plan(url))
    return b"".join(map(bytes, made.blocks()))


def take(made: Exchange, came: bytearray) -> None:
    """Add what comes to what came."""
    for block in made.blocks():
        came += block


def numbers(server: FaultServer) -> list[int]:
    """Return the connections over which requests came, in order."""
    return [entry.connection_number for entry in server.requests()]


@pytest.mark.parametrize("size", [0, 5, SIZE])
def test_a_connection_is_used_again(fault_server: FaultServer, transports: Transports, size: int) -> None:
    content, made = body(1, size), over(transports)
    url = fault_server.add("/a", Resource(content))
    for _ in range(3):
        assert whole(made, url) == content
    made.close()
    assert len(set(numbers(fault_server))) == 1


def test_also_under_tls(
    certificates: Certificates, transports: Transports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates.write_authority(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with FaultServer(certificates) as server:
        content, made = body(1, SIZE), over(transports)
        url = server.add("/a", Resource(content))
        assert [whole(made, url) for _ in range(2)] == [content] * 2
        made.close()
        assert len(set(numbers(server))) == 1


@pytest.mark.parametrize("fault", [DropAfter(SIZE // 2), ResetAfter(SIZE // 2)], ids=["end", "reset"])
def test_a_body_that_breaks_off_under_tls_is_an_error(
    certificates: Certificates,
    transports: Transports,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: DropAfter | ResetAfter,
) -> None:
    certificates.write_authority(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with FaultServer(certificates) as server:
        made = over(transports)
        url = server.add("/a", Resource(body(1, SIZE)), faults=[fault])
        made.open(plan(url))
        came = bytearray()
        with pytest.raises(TransferError, match="connection"):
            take(made, came)
        assert came == body(1, SIZE)[: SIZE // 2]
        made.close()


def test_a_body_in_chunks_leaves_its_connection_usable(fault_server: FaultServer, transports: Transports) -> None:
    content, made = body(1, SIZE), over(transports)
    url = fault_server.add("/a", Resource(content), faults=[Chunked()])
    assert [whole(made, url) for _ in range(2)] == [content] * 2
    made.close()
    assert len(set(numbers(fault_server))) == 1


def test_closing_a_response_twice_takes_nothing_from_its_successor(
    fault_server: FaultServer, transports: Transports
) -> None:
    """The connection is another exchange's as soon as the body is complete, whatever the first one does then."""
    content, first, second = body(1, SIZE), over(transports), over(transports)
    url = fault_server.add("/a", Resource(content))
    first.open(plan(url))
    blocks = first.blocks()
    came = b""
    while len(came) < SIZE:
        came += bytes(next(blocks))
    second.open(plan(url))
    first.close()
    assert b"".join(map(bytes, second.blocks())) == content
    second.close()
    assert len(set(numbers(fault_server))) == 1


def test_a_response_that_was_left_early_ends_its_connection(
    fault_server: FaultServer, transports: Transports
) -> None:
    made = over(transports)
    url = fault_server.add("/a", Resource(body(1, SIZE)), faults=[StallAfter(SIZE // 2, times=1)])
    made.open(plan(url))
    next(iter(made.blocks()))
    made.close()
    assert whole(made, url) == body(1, SIZE)
    assert len(set(numbers(fault_server))) == 2


def test_a_body_that_ends_early_is_an_error(fault_server: FaultServer, transports: Transports) -> None:
    made = over(transports)
    url = fault_server.add("/a", Resource(body(1, SIZE)), faults=[DropAfter(SIZE // 2)])
    with pytest.raises(TransferError, match="connection lost"):
        whole(made, url)
    made.close()


def test_idle_connections_are_not_kept_for_long(
    fault_server: FaultServer, transports: Transports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct, "IDLE_SECONDS", -1.0)
    made = over(transports)
    url = fault_server.add("/a", Resource(b"abc"))
    assert [whole(made, url) for _ in range(2)] == [b"abc"] * 2
    made.close()
    assert len(set(numbers(fault_server))) == 2


@pytest.mark.parametrize(
    "field", [("X-A", "a\r\nX-B: b"), ("X-A", "a\n b"), ("X-A\r\nX-B", "b"), ("X A", "b"), ("X", "\0")]
)
def test_a_field_that_would_break_the_request_is_not_sent(
    fault_server: FaultServer, field: tuple[str, str]
) -> None:
    url = fault_server.add("/a", Resource(b"abc"))
    with exchange() as made, pytest.raises(TransferError, match="cannot be sent"):
        made.open(plan(url, fields=[field]))
    assert not fault_server.requests()


@pytest.mark.parametrize("surplus", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"])
def test_what_nobody_asked_for_answers_no_later_request(transports: Transports, surplus: bytes) -> None:
    """A second response behind the first one would be taken for the answer to the next request."""
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        used: list[int] = []

        def serve() -> None:
            with contextlib.suppress(OSError):  # the test is over
                for number in range(2):
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(ConnectionError):
                        while connection.recv(65536):
                            used.append(number)
                            connection.sendall(good + surplus)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        made, url = over(transports), f"http://127.0.0.1:{listener.getsockname()[1]}/a"
        assert [whole(made, url) for _ in range(2)] == [b"good"] * 2
        made.close()
        assert used == ([0, 1] if surplus else [0, 0])


def test_what_nobody_asked_for_answers_no_later_request_under_tls(
    certificates: Certificates, transports: Transports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes in the record that holds the end of the body: the socket itself has nothing more."""
    certificates.write_authority(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    header, evil = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", b"evil"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        is_heard, used = threading.Semaphore(0), list[int]()

        def serve() -> None:
            with contextlib.suppress(OSError):  # the test is over
                for number in range(2):
                    plain, _ = listener.accept()
                    with certificates.server_context().wrap_socket(plain, server_side=True) as connection:
                        while connection.recv(65536):
                            used.append(number)
                            connection.sendall(header)
                            is_heard.acquire(timeout=60)
                            connection.sendall(b"good" + header + evil)

        threading.Thread(target=serve, daemon=True).start()
        made, url = over(transports), f"https://127.0.0.1:{listener.getsockname()[1]}/a"
        for _ in range(2):
            made.open(plan(url))
            is_heard.release()
            assert b"".join(map(bytes, made.blocks())) == b"good"
        made.close()
        assert used == [0, 1]


def test_header_in_pieces(transports: Transports) -> None:
    """A header that does not come at once is h11's; the body is read like any other."""
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE + body(1, SIZE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply[:9])
                seen.wait(0.2)
                connection.sendall(reply[9:])
                connection.recv(65536)

        threading.Thread(target=serve, daemon=True).start()
        made = over(transports)
        assert whole(made, f"http://127.0.0.1:{listener.getsockname()[1]}/a") == body(1, SIZE)
        made.close()
