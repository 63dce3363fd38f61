"""Small rasters of pictures, kept on disk so that a grid of hundreds opens at once.

Owns the folder, its size and the layout of its files. Must never trust a file of it: one that makes no sense is as
good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui_downloader.errors import PreviewError, SessionUnusableError
from tui_downloader.paths import create_private_directory
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.picture import Picture

MAX_BYTES: Final = 32 * 1024 * 1024
"""Most that the folder holds; the thumbnails that were not looked at for the longest time go first."""

_PRUNE_EVERY: Final = 64
_HEADER: Final = struct.Struct(">4sHHII")
_MAGIC: Final = b"TTN1"
_MAX_SIDE: Final = 1024
_SUFFIX: Final = ".thumbnail"


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """Makes thumbnails, each once."""

    directory: Path
    """Where they are kept; made when the first one is."""
    max_bytes: int = MAX_BYTES
    """Most that they take together."""

    def get(
        self, path: Path, decoder: Decoder, *, width_pixels: int, height_pixels: int, colours: int = 0
    ) -> Picture:
        """Return a small raster of a picture, from the folder or decoded anew. Blocks.

        Args:
            path: The picture.
            decoder: Decodes it if need be.
            width_pixels: Largest width of the raster, 1 to 1024.
            height_pixels: Largest height.
            colours: How many colours it may have, as for `Decoder.decode`.

        Raises:
            PreviewError: There is no picture to show; the text is the reason.
        """
        try:
            status = path.stat()
        except OSError as error:
            raise PreviewError("the file is gone") from error
        box = f"{width_pixels}x{height_pixels}" + f"x{colours}" * bool(colours)
        identity = (
            f"{path.absolute()}\0{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{box}"
        )
        file = self.directory / (hashlib.sha256(os.fsencode(identity)).hexdigest()[:40] + _SUFFIX)
        kept = _read(file)
        if kept is not None:
            return kept
        picture = decoder.decode(path, width_pixels=width_pixels, height_pixels=height_pixels, colours=colours)
        with contextlib.suppress(
            OSError, SessionUnusableError
        ):  # no room, no right: it is decoded again next time
            self._keep(file, picture)
        return picture

    def _keep(self, file: Path, picture: Picture) -> None:
        create_private_directory(self.directory)
        head = _HEADER.pack(_MAGIC, picture.width, picture.height, picture.natural_width, picture.natural_height)
        new = file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(head + zlib.compress(picture.rgb, 1))
        new.replace(file)
        if int(file.name[:2], 16) % _PRUNE_EVERY == 0:
            self.prune()

    def prune(self) -> None:
        """Delete the oldest thumbnails until the rest fits."""
        files = []
        for each in self.directory.iterdir():
            with contextlib.suppress(OSError):
                files.append((each.stat().st_mtime, each.stat().st_size, each))
        left = sum(size for _, size, _ in files)
        for _, size, file in sorted(files):
            if left <= self.max_bytes:
                break
            file.unlink(missing_ok=True)
            left -= size


def _read(file: Path) -> Picture | None:
    """Read a kept thumbnail; `None` if there is none that makes sense."""
    try:
        with file.open("rb") as source:
            data = source.read(_HEADER.size + 4 * _MAX_SIDE * _MAX_SIDE)
        magic, width, height, natural_width, natural_height = _HEADER.unpack_from(data)
        size = width * height * 3
        if magic != _MAGIC or not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            return None
        rgb = zlib.decompressobj().decompress(data[_HEADER.size :], size + 1)
        if len(rgb) != size or not natural_width or not natural_height:
            return None
        os.utime(file)
    except (OSError, struct.error, zlib.error):
        return None
    return Picture(
        width=width,
        height=height,
        rgb=rgb,
        natural_width=natural_width,
        natural_height=natural_height,
        format="",
        frames=None,
        media_type="",
    )
