"""What a transfer tells while it runs.

Owns the protocol between engine and worker. Every method returns only when what it says is committed, so that the
engine can rely on it after a crash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Resumable


class TransferObserver(Protocol):
    """Hears of one transfer, from its own thread.

    Every method raises `Stopped` once the transfer no longer counts.
    """

    def place(
        self, head: ResponseHead, *, resumable: Resumable, digest: Digest | None, part_taken: bool
    ) -> tuple[Path, str]:
        """Commits what the first response says, and reserves a file name and a part file name.

        Args:
            head: The response whose body is the whole representation.
            resumable: Whether it could be resumed later.
            digest: What the file must have; `None` if nobody named one.
            part_taken: The part path given before was taken by somebody else in the meantime.

        Returns:
            Path of the part file to create, and the file name reserved.
        """

    def place_complete(
        self, head: ResponseHead, identity: FileIdentity, *, resumable: Resumable
    ) -> tuple[Path, str]:
        """Commits the same of a file that is there and synced as a whole, but has no name yet: that comes next.

        Args:
            head: The response that brought it.
            identity: Which file it is.
            resumable: Whether it could have been resumed.

        Returns:
            Path of a part file that is never created, and the file name reserved.
        """

    def created(self, identity: FileIdentity) -> None:
        """The part file was created; the only method that does not wait for its commit."""

    def resumed(self, head: ResponseHead, *, offset: int, verdict: Resumable, digest: Digest | None) -> None:
        """The response's bytes are placed behind those on disk; the file must have that digest, if any."""

    def started_over(self, *, why: str, kept_bytes: int | None) -> None:
        """The bytes on disk are not used; they were set aside (`None`: there were none left)."""

    def verifying(self, identity: FileIdentity) -> None:
        """All bytes are there and synced; the rename comes next."""

    def rename(self, taken: str) -> str:
        """That final name was taken: commits another one and returns it."""
