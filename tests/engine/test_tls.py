"""TLS on real sockets: every byte is right, genuine and there in time, or nobody gets it."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.support.bodies import body
from tests.support.certificates import Certificates
from tests.support.session_control import wait_until
from tui_downloader.engine.stopping import StopCause, Stopper
from tui_downloader.engine.tls import TlsChannel

WAIT_SECONDS = 60.0


class Server:
    """The other end, whose encrypted bytes a test may do anything with before it sends them."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        self.sock = sock
        self._came, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._going, server_side=True)

    def shake_hands(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.sock.sendall(self._going.read())
                self._came.write(self.sock.recv(65536))
        self.sock.sendall(self._going.read())

    def encrypted(self, data: bytes) -> bytes:
        """Return the records of some bytes."""
        self._tls.write(data)
        return self._going.read()

    def close_notify(self) -> bytes:
        """Return the record that announces the end."""
        with contextlib.suppress(ssl.SSLError):
            self._tls.unwrap()
        return self._going.read()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both ends after the handshake."""

    sock: socket.socket
    """The client's."""
    channel: TlsChannel
    server: Server


def shaken(client: TlsChannel, server: Server) -> None:
    """Let both ends shake hands at once."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(server.shake_hands)
        client.shake_hands()
        done.result(WAIT_SECONDS)


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def pair(certificates: Certificates, request: pytest.FixtureRequest) -> Iterator[Pair]:
    context = certificates.server_context()
    context.maximum_version = request.param
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = socket.create_connection(listener.getsockname())
        there, _ = listener.accept()
    with here, there:
        here.settimeout(WAIT_SECONDS)
        there.settimeout(WAIT_SECONDS)
        made = Pair(here, TlsChannel(here, certificates.client_context(), "localhost"), Server(there, context))
        shaken(made.channel, made.server)
        yield made


@pytest.mark.parametrize("seed", range(3))
def test_bytes_are_right_whatever_the_size_of_records_and_buffers(pair: Pair, seed: int) -> None:
    dice, content = random.Random(seed), body(seed, 3_000_000)

    def send() -> None:
        position = 0
        while position < len(content):
            size = dice.choice([1, 100, 16_384, 40_000, 1_000_000])
            pair.server.sock.sendall(pair.server.encrypted(content[position : position + size]))
            position += size

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    received = bytearray()
    while len(received) < len(content):
        size = random.Random(len(received)).choice([1, 50, 16_384, 70_000, 1 << 20, 4 << 20])
        room = memoryview(bytearray(min(size, len(content) - len(received))))
        received += room[: pair.channel.recv_into(room)]
    thread.join(WAIT_SECONDS)
    assert received == content
    assert not pair.channel.has_more


@pytest.mark.parametrize("announced", [True, False])
def test_the_end_comes_behind_all_bytes(pair: Pair, announced: bool) -> None:
    pair.server.sock.sendall(pair.server.encrypted(b"all") + (pair.server.close_notify() if announced else b""))
    pair.server.sock.close()
    assert pair.channel.recv(100) == b"all"
    assert [pair.channel.recv(100) for _ in range(2)] == [b"", b""]
    assert pair.channel.has_more, "nobody is to ask over it again"


def test_half_a_record_is_no_bytes(pair: Pair) -> None:
    whole, half = pair.server.encrypted(b"all"), pair.server.encrypted(b"x" * 1000)[:500]
    pair.server.sock.sendall(whole + half)
    pair.server.sock.close()
    assert pair.channel.recv(100) == b"all"
    assert pair.channel.recv(100) == b""


def test_a_forged_record_is_an_error_each_time(pair: Pair) -> None:
    good, forged = pair.server.encrypted(b"good"), bytearray(pair.server.encrypted(b"bad" * 100))
    forged[100] ^= 1
    pair.server.sock.sendall(good + forged + pair.server.encrypted(b"more"))
    assert pair.channel.recv(4) == b"good"
    for _ in range(2):
        with pytest.raises(ssl.SSLError, match=r"(?i)mac"):
            pair.channel.recv(100)
    assert pair.channel.has_more


def test_a_wait_that_was_too_long_loses_nothing(pair: Pair) -> None:
    record = pair.server.encrypted(b"slow")
    pair.server.sock.sendall(record[:7])
    pair.channel.settimeout(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            pair.channel.recv(100)
    pair.server.sock.sendall(record[7:])
    pair.channel.settimeout(WAIT_SECONDS)
    assert pair.channel.recv(100) == b"slow"


def test_a_record_that_comes_in_drips_is_not_waited_for_longer(pair: Pair) -> None:
    over, record = threading.Event(), pair.server.encrypted(b"x" * 16_000)

    def drip() -> None:
        for position in range(len(record)):
            if over.wait(0.02):
                return
            pair.server.sock.sendall(record[position : position + 1])

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    pair.channel.settimeout(0.1)
    with pytest.raises(TimeoutError):
        pair.channel.recv(100)
    over.set()
    thread.join(WAIT_SECONDS)


def test_a_stopped_reader_got_plain_text_only(pair: Pair) -> None:
    stopper, received = Stopper(), bytearray()
    stopper.guard(pair.sock)

    def read() -> None:
        with contextlib.suppress(OSError):
            while data := pair.channel.recv(1000):
                received.extend(data)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    pair.server.sock.sendall(pair.server.encrypted(b"plain" * 1000) + pair.server.encrypted(b"x" * 100)[:50])
    wait_until(lambda: len(received) == 5000, what="the plain text")
    stopper.stop(StopCause.ASKED)
    reader.join(WAIT_SECONDS)
    assert not reader.is_alive()
    assert received == b"plain" * 1000
    stopper.release()


def test_who_is_not_trusted_hears_why(certificates: Certificates) -> None:
    here, there = socket.socketpair()
    with here, there:
        server = Server(there, certificates.server_context())
        channel = TlsChannel(here, certificates.client_context(), "example.com")
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(server.shake_hands)
            with pytest.raises(ssl.SSLCertVerificationError, match=r"example\.com"):
                channel.shake_hands()
            with pytest.raises(ssl.SSLError, match=r"(?i)alert"):
                done.result(WAIT_SECONDS)


def test_a_server_that_speaks_no_tls_is_an_error(certificates: Certificates) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with pytest.raises(ssl.SSLError):
            TlsChannel(here, certificates.client_context(), "localhost").shake_hands()


def test_a_server_that_leaves_the_handshake_is_an_error(certificates: Certificates) -> None:
    here, there = socket.socketpair()
    with here:
        there.close()
        with pytest.raises(OSError, match=r"(?i)eof|broken pipe|reset"):
            TlsChannel(here, certificates.client_context(), "localhost").shake_hands()
