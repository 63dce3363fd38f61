"""A list of digests that does not come to its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import StallAfter
from tests.support.session_control import wait_until
from tui_downloader.engine.asking import Asking
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.digest_list import LIST_SECONDS, DigestList
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.transport import Transports
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.request import Request
from tui_downloader.settings import Settings


class Fetching:
    """A list on its way, in a thread of its own."""

    def __init__(self, url: str) -> None:
        self.transports = Transports()
        self.connections = Connections(self.transports, Throttles(Throttle()), Settings())
        request = Request(url="http://127.0.0.1/a.iso", directory=Path("/"))
        asking = Asking(request, self.connections, Settings(), under_way=False)
        self.list = DigestList(url, asking, self.connections)
        self.outcome: Exception | None = None
        self.thread = threading.Thread(target=self._fetch)
        self.thread.start()

    def _fetch(self) -> None:
        try:
            self.list.fetch()
        except (TransferError, Stopped) as error:
            self.outcome = error

    def wait(self) -> Exception | None:
        """Wait for the end; return its error."""
        self.thread.join(30)
        assert not self.thread.is_alive()
        return self.outcome


@pytest.fixture
def fetching(fault_server: FaultServer) -> Iterator[Fetching]:
    """Yield the fetching of a list that stands still in the middle of its body."""
    url = fault_server.add("/SHA256SUMS", Resource(b"#" * 5000), faults=[StallAfter(1000)])
    made = Fetching(url)
    wait_until(lambda: made.list._waiting, what="the list's header")
    yield made
    made.connections.stop(StopCause.ASKED)
    made.wait()
    made.connections.close()
    made.transports.close()


def test_a_list_that_takes_too_long_is_tried_again_later(fetching: Fetching) -> None:
    now = time.monotonic()
    fetching.list.supervise(now=now)
    assert fetching.thread.is_alive()
    fetching.list.supervise(now=now + LIST_SECONDS + 1)
    error = fetching.wait()
    assert isinstance(error, TransferError)
    assert error.reason is Reason.TIMEOUT
    assert str(error) == "the list of digests at 127.0.0.1: no complete answer in time"
    fetching.list.supervise(now=now + LIST_SECONDS + 2)


def test_a_list_can_be_stopped(fetching: Fetching) -> None:
    fetching.connections.stop(StopCause.ASKED)
    assert isinstance(fetching.wait(), Stopped)
