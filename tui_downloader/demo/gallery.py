"""The drawn pictures as files in one directory, with what a server says about each.

Owns the drawing of missing files and their validators. Must never change a file once it is there: the
same bytes under the same entity tag are what makes an interrupted download resumable days later.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.demo.durable import write_durably
from tui_downloader.demo.pictures import PICTURES, Picture


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One picture's file, as it is served."""

    path: Path
    """Where the file lies."""
    media_type: str
    """For the field Content-Type."""
    complete_length: int
    """The size of the file in bytes."""
    sha256: bytes
    """The digest of the file's bytes."""
    modified_at: int
    """When the file was written, in whole Unix seconds, as HTTP counts."""

    @property
    def etag(self) -> str:
        """The strong entity tag, quotes included (RFC 9110 section 8.8.3)."""
        return f'"{self.sha256.hex()}"'


class Gallery:
    """Pictures by name; each is drawn at most once, when it is first wanted."""

    def __init__(self, directory: Path, pictures: Mapping[str, Picture] = PICTURES) -> None:
        self._directory = directory
        self._pictures = pictures
        self._exhibits: dict[str, Exhibit] = {}
        self._drawing = threading.Lock()

    def __contains__(self, name: str) -> bool:
        return name in self._pictures

    def exhibit(self, name: str) -> Exhibit:
        """Return what is known of a picture; draws its file first if it is missing.

        Args:
            name: One of the names that the gallery contains.

        Raises:
            KeyError: No picture has this name.
            OSError: The file cannot be written or read.
        """
        picture = self._pictures[name]
        if name not in self._exhibits:
            with self._drawing:
                if name not in self._exhibits:
                    self._exhibits[name] = self._hung(picture)
        return self._exhibits[name]

    def draw_all(self) -> None:
        """Draw every picture whose file is missing.

        Raises:
            OSError: A file cannot be written or read.
        """
        for name in self._pictures:
            self.exhibit(name)

    def _hung(self, picture: Picture) -> Exhibit:
        path = self._directory / picture.name
        if not path.exists():
            write_durably(path, picture.draw())
        content = path.read_bytes()
        return Exhibit(
            path=path,
            media_type=picture.media_type,
            complete_length=len(content),
            sha256=hashlib.sha256(content).digest(),
            modified_at=int(path.stat().st_mtime),
        )
