"""Content codings that a server applies though it was asked for identity.

Owns streaming decoders for gzip and deflate. Such a body is never resumed by range: offsets of decoded bytes mean
nothing to the server.
"""

from __future__ import annotations

import zlib

from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

_COMPRESSED_NAMES = (".gz", ".tgz", ".svgz", ".z", ".zlib")


class Decoder:
    """Decodes one body while it streams in."""

    def __init__(self, coding: str) -> None:
        """Chooses the decoder.

        Raises:
            TransferError: The coding is not known.
        """
        if coding not in {"gzip", "x-gzip", "deflate"}:
            raise TransferError(
                Reason.BAD_RESPONSE,
                f"the server sends the file in a coding that was not asked for ({coding[:40]})",
            )
        self._raw_allowed = coding == "deflate"
        self._engine = zlib.decompressobj(wbits=47)

    def decode(self, data: bytes | memoryview) -> bytes:
        """Returns the decoded bytes that are complete so far.

        Raises:
            TransferError: The body is not in its coding.
        """
        try:
            decoded = self._engine.decompress(data)
        except zlib.error as error:
            if self._raw_allowed:  # many servers send deflate without its zlib wrapper
                self._raw_allowed = False
                self._engine = zlib.decompressobj(wbits=-15)
                return self.decode(data)
            raise TransferError(Reason.BAD_RESPONSE, "the file’s compression is damaged") from error
        self._raw_allowed = False
        return decoded

    def finish(self) -> bytes:
        """Returns what was left.

        Raises:
            TransferError: The body ended early.
        """
        rest = self._engine.flush()
        if not self._engine.eof:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")
        return rest


def is_stored_compressed(filename: str, coding: str) -> bool:
    """Tells whether the file itself is meant to be compressed, by its name: then nothing is decoded."""
    return coding in {"gzip", "x-gzip"} and filename.lower().endswith(_COMPRESSED_NAMES)
