"""Which module reads which kind of file.

Owns the list: a new kind is one file beside this one and one line here. Must only be used inside the decode child.
"""

from __future__ import annotations

import io
import os
from typing import Final, Protocol

from tui_downloader.errors import PreviewError
from tui_downloader.preview import media_type
from tui_downloader.preview.child_protocol import ExcerptRequest
from tui_downloader.preview.excerpt import Excerpt
from tui_downloader.preview.excerpts import tar_archive, text, zip_archive
from tui_downloader.preview.prefix import Prefix
from tui_downloader.preview.regular_file import open_regular


class Reader(Protocol):
    """Reads the beginning of an open file of one kind."""

    def __call__(self, source: io.BufferedReader, *, columns: int, lines: int) -> Excerpt:
        """Reads it."""


READERS: Final[dict[str, Reader]] = {
    kind: module.read for module in (text, tar_archive, zip_archive) for kind in module.MEDIA_TYPES
}
"""Media type by content → what reads it: `read(source, columns=…, lines=…)`. A reader may raise anything that
`OSError`, `ValueError`, `EOFError` or `LookupError` covers for bytes that do not make sense."""


def excerpt(request: ExcerptRequest) -> Excerpt:
    """Read the beginning of a file.

    Raises:
        PreviewError: There is nothing to read in a file of its kind, or it is damaged; the text is the reason.
    """
    descriptor, status = open_regular(request.path)
    try:
        valid = status.st_size if request.prefix_bytes is None else min(status.st_size, request.prefix_bytes)
        source: io.BufferedReader = io.BufferedReader(Prefix(descriptor, valid))
        kind = media_type.sniff(source.read(media_type.HEAD_BYTES))
        source.seek(0)
        reader = READERS.get(kind or "")
        if reader is None:
            raise PreviewError(f"there is nothing to read in this ({media_type.describe(kind)})")
        return reader(source, columns=request.columns, lines=request.lines)
    except MemoryError as error:
        raise PreviewError("the file is too large to look into") from error
    except (OSError, ValueError, EOFError, LookupError, NotImplementedError) as error:
        raise PreviewError("the file is damaged") from error
    finally:
        os.close(descriptor)
