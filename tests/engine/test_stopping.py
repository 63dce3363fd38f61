"""Stopping a read that waits, on real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from tests.support.certificates import Certificates
from tests.support.session_control import wait_until
from tui_downloader.engine.stopping import StopCause, Stopped, Stopper


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    for each in (here, there):
        each.settimeout(60)
    yield here, there
    here.close()
    there.close()


class Reader:
    """A thread that reads until the end."""

    def __init__(self, sock: socket.socket) -> None:
        self.received = b""
        self.sock = sock
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        try:
            while data := self.sock.recv(1000):
                self.received += data
        except OSError:
            pass

    def ends(self) -> None:
        self.thread.join(60)
        assert not self.thread.is_alive()


def test_a_read_that_waits_ends_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    stopper = Stopper()
    stopper.guard(here)
    reader = Reader(here)
    there.sendall(b"before")
    wait_until(lambda: reader.received == b"before", what="the first bytes")
    stopper.check()
    stopper.stop(StopCause.ASKED)
    reader.ends()
    with pytest.raises(Stopped, match="asked") as caught:
        stopper.check()
    assert caught.value.cause is StopCause.ASKED
    stopper.release()


def test_a_reader_of_tls_gets_no_ciphertext(certificates: Certificates) -> None:
    """Ended below the TLS layer, a read ends or fails; what it returned before is plain text."""
    one, other = socket.socketpair()
    server_side: list[ssl.SSLSocket] = []

    def serve() -> None:
        server_side.append(certificates.server_context().wrap_socket(other, server_side=True))
        server_side[0].sendall(b"plain" * 1000)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    stopper = Stopper()
    stopper.guard(one)
    client = certificates.client_context().wrap_socket(one, server_hostname="localhost")
    reader = Reader(client)
    wait_until(lambda: reader.received == b"plain" * 1000, what="the plain text")
    stopper.stop(StopCause.TOO_SLOW)
    reader.ends()
    thread.join(60)
    assert reader.received == b"plain" * 1000
    stopper.release()
    client.close()
    server_side[0].close()


def test_the_first_cause_counts(pair: tuple[socket.socket, socket.socket]) -> None:
    stopper = Stopper()
    stopper.guard(pair[0])
    stopper.stop(StopCause.HEADER_LIMIT)
    stopper.stop(StopCause.ASKED)
    assert stopper.cause is StopCause.HEADER_LIMIT
    stopper.release()


def test_a_socket_that_comes_after_the_stop_is_shut_down(pair: tuple[socket.socket, socket.socket]) -> None:
    stopper = Stopper()
    stopper.stop(StopCause.ASKED)
    stopper.guard(pair[0])
    assert pair[0].recv(1) == b""
    assert pair[1].recv(1) == b""
    stopper.release()


def test_without_a_socket_only_the_flag_is_set() -> None:
    stopper = Stopper()
    stopper.check()
    stopper.stop(StopCause.CONNECT_LIMIT)
    with pytest.raises(Stopped):
        stopper.check()
    stopper.release()
    stopper.release()


def test_a_connection_that_was_released_is_left_alone(pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    stopper = Stopper()
    stopper.guard(here)
    stopper.release()
    stopper.stop(StopCause.ASKED)
    there.sendall(b"x")
    assert here.recv(1) == b"x"


def test_only_the_last_connection_is_guarded(pair: tuple[socket.socket, socket.socket]) -> None:
    first, second = pair
    other, far = socket.socketpair()
    stopper = Stopper()
    stopper.guard(first)
    stopper.guard(other)
    stopper.stop(StopCause.ASKED)
    assert far.recv(1) == b""
    second.sendall(b"x")
    assert first.recv(1) == b"x"
    stopper.release()
    other.close()
    far.close()


def test_stopping_a_connection_that_the_server_has_ended_is_no_error(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    stopper = Stopper()
    stopper.guard(pair[0])
    pair[1].close()
    stopper.stop(StopCause.ASKED)
    stopper.release()
