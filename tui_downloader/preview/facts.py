"""What can be said about any file without opening it as a picture.

Owns `FileFacts`. Must never raise for a strange file and never wait for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_downloader.errors import PreviewError
from tui_downloader.preview import media_type
from tui_downloader.preview.regular_file import read_head


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size and kind of a file."""

    size: int | None
    """Bytes in the file; None when it cannot be opened."""
    media_type: str | None
    """Media type by content; None when it is not known."""
    words: str
    """The kind in words, or the sentence why nothing is known: "disk image", "the file is gone"."""
    modified_at: float | None = None
    """When its content changed last, Unix seconds; None when it cannot be opened."""


def describe_file(path: Path, *, prefix_bytes: int | None = None) -> FileFacts:
    """Tell what a file is, by its content. Reads 33 KiB at most; writes nothing.

    Args:
        path: The file; symbolic links are followed.
        prefix_bytes: How many bytes from the start of the file are valid, for a file that is still being written;
            None for all of them.

    Returns:
        The facts; for an empty, vanished or unreadable file and for what is no file, words that say so.
    """
    try:
        head, status = read_head(path, min(media_type.HEAD_BYTES, prefix_bytes or media_type.HEAD_BYTES))
    except PreviewError as error:
        return FileFacts(size=None, media_type=None, words=str(error))
    if not head:
        return FileFacts(status.st_size, None, "empty file", status.st_mtime)
    kind = media_type.sniff(head)
    return FileFacts(status.st_size, kind, media_type.describe(kind), status.st_mtime)
