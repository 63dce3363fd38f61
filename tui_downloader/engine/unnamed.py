"""Files that have no name before they are complete: a crash leaves nothing of them, and nobody can touch them.

Owns how Linux makes one (`O_TMPFILE`, open(2)) and names it (linkat(2)). Other systems know none, nor do some file
systems: there a part file is made.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui_downloader.engine import rights
from tui_downloader.engine.failures import disk_error, is_disk_full
from tui_downloader.engine.partial_file import PartFileLostError, PartialFile

_DESCRIPTORS = "/proc/self/fd"
_POSSIBLE = hasattr(os, "O_TMPFILE") and Path(_DESCRIPTORS).is_dir()


class UnnamedFile(PartialFile):
    """An open file in a directory that does not list it; closed without a name it is gone."""

    @classmethod
    def in_directory(cls, directory: Path) -> UnnamedFile | None:
        """Creates one, for the user's eyes only.

        Returns:
            `None` where there are none, or something is wrong that a part file would meet as well.

        Raises:
            TransferError: The disk is full.
        """
        if not _POSSIBLE:
            return None
        try:
            flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
            return cls(directory / "unnamed", os.open(directory, flags, rights.UNFINISHED_MODE))
        except OSError as error:
            if is_disk_full(error):
                raise disk_error(error, directory) from error
            return None

    def is_at(self, path: Path) -> bool:
        """Tells whether a path leads to this very file; its own always does, which nothing can take away."""
        return path == self.path or super().is_at(path)

    def link_to(self, destination: Path) -> bool:
        """Gives the file a name if nothing has it.

        Returns:
            False: something has the name.

        Raises:
            PartFileLostError: The file system gives names only to files that have one.
            TransferError: The directory cannot be written.
        """
        try:
            # The directory's descriptor makes Python call linkat(2), which alone can follow the link in /proc.
            source, any_directory = f"{_DESCRIPTORS}/{self._descriptor}", self._descriptor
            os.link(source, destination, src_dir_fd=any_directory, follow_symlinks=True)
        except FileExistsError:
            return False
        except OSError as error:
            if is_disk_full(error) or not destination.parent.is_dir():
                raise disk_error(error, destination.parent) from error
            raise PartFileLostError("the file could not be given its name") from error
        return True
