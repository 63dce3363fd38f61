"""`--checksum-file`: a list of digests on disk, read once for all files of a command line.

Owns the reading and its sentences. Must never ask a server: a list behind a URL is the worker's to fetch.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import display_url
from tui_downloader.protocol.checksum_list import LIST_BYTES_MAX, find, names_for, parse
from tui_downloader.protocol.field_text import text_of


class ChecksumFile:
    """The list."""

    def __init__(self, name: str, *, count: int) -> None:
        """Reads it.

        Args:
            name: The file.
            count: For how many downloads.

        Raises:
            InvalidInputError: It cannot be read, is too long, holds no digest, or only one without a name for
                several downloads.
        """
        self._shown = f"The checksum file “{safe(name)}”"
        self._lines = parse(text_of(self._read(name)))
        if not self._lines:
            raise InvalidInputError(f"{self._shown} holds no SHA-512, SHA-256, SHA-1 or MD5 checksum.")
        if count != 1 and len(self._lines) == 1 and self._lines[0].name is None:
            raise InvalidInputError(f"{self._shown} holds one checksum without a name: give exactly one URL.")

    def checksum_of(self, url: str, *, requested: str | None) -> tuple[str, str]:
        """Finds the checksum of the file behind a URL.

        Args:
            url: The URL, checked.
            requested: The name the user asked for; `None` if none.

        Returns:
            Algorithm and hexadecimal value.

        Raises:
            InvalidInputError: The list has no line for it, or several that disagree.
        """
        names = names_for(url, requested=requested)
        found = find(self._lines, names)
        if found is None:
            wanted = safe(names[0] if requested else names[-1]) if names else display_url(url)
            raise InvalidInputError(f"{self._shown} has no line for “{wanted}”, or several that disagree.")
        return found

    def _read(self, name: str) -> bytes:
        """Reads the file, but no more than a list may be long."""
        try:
            with Path(name).expanduser().open("rb") as file:
                content = file.read(LIST_BYTES_MAX + 1)
        except FileNotFoundError as error:
            raise InvalidInputError(f"{self._shown} does not exist; a URL begins with https://.") from error
        except (OSError, ValueError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise InvalidInputError(f"{self._shown} cannot be read: {reason}.") from error
        if len(content) > LIST_BYTES_MAX:
            raise InvalidInputError(
                f"{self._shown} is larger than {LIST_BYTES_MAX // 1024**2} MiB: that is no list."
            )
        return content
