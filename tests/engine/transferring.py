"""Whole transfers in this process, for tests of what only several connections show.

Owns their threads and their supervision. The worker's part (rows, retries, names) is left out.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tui_downloader.engine.order import TransferOrder
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.throttle import Throttle
from tui_downloader.engine.transfer import Transfer
from tui_downloader.engine.transport import Transports
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Resumable
from tui_downloader.model.request import Request
from tui_downloader.settings import Settings

LOOK_SECONDS = 0.05
"""How often a transfer is supervised, as the worker does."""
WAIT_SECONDS = 120.0
"""How long one may take before the test fails."""


class Place:
    """The observer that a transfer needs: says where the file goes, and nothing else."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def place(
        self, head: ResponseHead, *, resumable: Resumable, digest: Digest | None, part_taken: bool
    ) -> tuple[Path, str]:
        del head, resumable, digest, part_taken  # nothing is recorded here
        return self._directory / "file.part", "file"

    def place_complete(
        self, head: ResponseHead, identity: FileIdentity, *, resumable: Resumable
    ) -> tuple[Path, str]:
        del head, identity, resumable
        return self._directory / "file.part", "file"

    def created(self, identity: FileIdentity) -> None: ...

    def resumed(self, head: ResponseHead, *, offset: int, verdict: Resumable, digest: Digest | None) -> None: ...

    def started_over(self, *, why: str, kept_bytes: int | None) -> None: ...

    def verifying(self, identity: FileIdentity) -> None: ...

    def rename(self, taken: str) -> str:
        raise AssertionError(f"{taken} is taken, in a directory of its own")


@contextlib.contextmanager
def shared_parts(known: dict[str, int] | None = None) -> Iterator[Shared]:
    """Give what transfers share; `known` is what is remembered of origins."""
    transports = Transports()
    try:
        yield Shared(transports, Origins(known or {}), Throttle(), Settings())
    finally:
        transports.close()


class Running:
    """A transfer in a thread of its own; the caller supervises it by waiting."""

    def __init__(
        self,
        url: str,
        directory: Path,
        shared: Shared,
        *,
        connections_max: int | None = None,
        observer: Place | None = None,
    ) -> None:
        """Start it.

        Args:
            url: Where from.
            directory: Where to; made if it is not there.
            shared: What all transfers share.
            connections_max: The user's limit.
            observer: Says where the file goes; `None` lets it have its name.
        """
        directory.mkdir(exist_ok=True)
        request = Request(url=url, directory=directory, connections_max=connections_max)
        order = TransferOrder(request=request, resume_data=None, filename=None)
        self.transfer = Transfer(order, observer or Place(directory), shared)
        self.path: Path | None = None
        """The finished file."""
        self.error: BaseException | None = None
        """Why there is none."""
        self._thread = threading.Thread(target=self._run, name="transfer", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether it is over, whatever came of it."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End it."""
        self.transfer.stop()
        self._thread.join(WAIT_SECONDS)
        assert self.has_ended

    def _run(self) -> None:
        try:
            self.path = self.transfer.run().path
        except BaseException as error:  # noqa: BLE001 -- shown by who waits
            self.error = error


def supervise(*running: Running, until: Callable[[], bool]) -> None:
    """Supervise transfers until a condition is true; fail the test after a while."""
    due_at = time.monotonic() + WAIT_SECONDS
    while not until():
        assert time.monotonic() < due_at, f"not in {WAIT_SECONDS} s: {[each.error for each in running]}"
        for each in running:
            each.transfer.supervise(now=time.monotonic())
        time.sleep(LOOK_SECONDS)


def bring(url: str, directory: Path, shared: Shared, *, connections_max: int | None = None) -> bytes:
    """Bring one file; return its bytes."""
    running = Running(url, directory, shared, connections_max=connections_max)
    supervise(running, until=lambda: running.has_ended)
    assert running.error is None, running.error
    assert running.path is not None
    return running.path.read_bytes()
