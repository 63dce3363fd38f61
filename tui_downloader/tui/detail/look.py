"""One look into a file: what it is, its first lines, and what tells one content from another.

Owns the order of reading. Must only be called in a thread: it reads files and waits for the decode child.
"""

from __future__ import annotations

import os

from tui_downloader.errors import PreviewError
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.excerpt import Excerpt
from tui_downloader.preview.facts import FileFacts, describe_file
from tui_downloader.preview.media_type import can_read
from tui_downloader.tui.detail.source import Source


def look_into(source: Source, decoder: Decoder) -> tuple[FileFacts, Excerpt | None, tuple[int, int] | None]:
    """Looks.

    Args:
        source: The file, and how much of it is there.
        decoder: Reads texts and archives; if it is closed meanwhile, there are no lines.

    Returns:
        What the file is, its first lines or entries, and time of change and size of a finished one.
    """
    facts = describe_file(source.path, prefix_bytes=source.prefix_bytes)
    return facts, _excerpt(source, facts, decoder), _version(source, facts)


def _excerpt(source: Source, facts: FileFacts, decoder: Decoder) -> Excerpt | None:
    if not can_read(facts.media_type):
        return None
    try:
        return decoder.excerpt(source.path, prefix_bytes=source.prefix_bytes)
    except PreviewError:
        return None  # what cannot be read has no lines; its kind is told anyway


def _version(source: Source, facts: FileFacts) -> tuple[int, int] | None:
    if facts.size is None or source.stage is not None:
        return None
    try:
        status = os.stat(source.path)  # noqa: PTH116 -- the same call as in the preview
    except OSError:
        return None  # gone since: the next look tells
    return status.st_mtime_ns, status.st_size
