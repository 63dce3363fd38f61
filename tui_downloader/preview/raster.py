"""One picture file to one small RGB raster, with Pillow.

Owns the list of formats, the size limits and the order of the steps: shrink, turn upright, colours, background.
Must never be imported outside the decode child: it loads Pillow, and Pillow meets hostile files here.
"""

from __future__ import annotations

import importlib
import io
import math
import os
import struct
import warnings
import zlib
from typing import Final

from PIL import Image, ImageFile, ImageOps

from tui_downloader.errors import PreviewError
from tui_downloader.preview import media_type
from tui_downloader.preview.child_protocol import Raster, Request
from tui_downloader.preview.colours import to_srgb
from tui_downloader.preview.dimensions import dimensions
from tui_downloader.preview.partial import Ground, Part, mask_of, stripes
from tui_downloader.preview.prefix import Prefix
from tui_downloader.preview.regular_file import open_regular

MAX_PIXELS: Final = 200_000_000
"""Largest picture that is tried, in pixels; the largest camera sensors sold in phones have as many."""

_MAX_QOI_PIXELS: Final = 1_500_000
"""Largest QOI that is tried: Pillow decodes the format in Python, at half a million pixels a second."""

_FRUGAL_PIXELS: Final = 12_000_000
"""Up to here the memory is enough for a sound picture of any format (WebP takes most, 17 bytes a pixel), so that
want of it is a sign of damage; above, a decoder may fail for want of it and call that damage."""

_COUNT_FRAMES_BYTES: Final = 16 * 1024 * 1024
"""Frames are counted in smaller files only: in a GIF that means reading all of it."""

_ORIENTATION_TAG: Final = 0x0112
_CHECKERBOARD_GREYS: Final = (0x66, 0x99)

_FORMATS: Final = {
    "image/jpeg": ("JPEG", "JpegImagePlugin"),
    "image/png": ("PNG", "PngImagePlugin"),
    "image/apng": ("PNG", "PngImagePlugin"),
    "image/gif": ("GIF", "GifImagePlugin"),
    "image/webp": ("WEBP", "WebPImagePlugin"),
    "image/avif": ("AVIF", "AvifImagePlugin"),
    "image/bmp": ("BMP", "BmpImagePlugin"),
    "image/tiff": ("TIFF", "TiffImagePlugin"),
    "image/x-icon": ("ICO", "IcoImagePlugin"),
    "image/x-qoi": ("QOI", "QoiImagePlugin"),
    "image/x-portable-anymap": ("PPM", "PpmImagePlugin"),
    "image/x-tga": ("TGA", "TgaImagePlugin"),
}
"""Media type by content → Pillow's format and the one plugin to load for it; nothing else is ever opened."""

_FROM_THE_TOP: Final = frozenset((
    "image/jpeg", "image/png", "image/apng", "image/gif", "image/bmp", "image/x-portable-anymap", "image/x-tga",
))  # fmt: skip
"""Kinds of which the beginning shows something."""

_DAMAGE: Final = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError,
    AttributeError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for bytes that do not make sense. Anything else ends the child, which the parent reports."""


def rasterise(request: Request) -> Raster:
    """Decode one picture into a raster that fits the requested size; small pictures keep theirs.

    Args:
        request: The file and the largest size. With a prefix, what is missing of the picture is striped.

    Raises:
        PreviewError: There is no picture to show; the text is the reason.
    """
    descriptor, status = open_regular(request.path)
    size = status.st_size
    with os.fdopen(descriptor, "rb", buffering=0) as raw:
        valid = size if request.prefix_bytes is None else min(size, request.prefix_bytes)
        source: io.BufferedReader = io.BufferedReader(raw if valid == size else Prefix(descriptor, valid))
        head = source.read(media_type.HEAD_BYTES)
        source.seek(0)
        kind = media_type.require_showable(head)
        ImageFile.LOAD_TRUNCATED_IMAGES = request.prefix_bytes is not None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode(source, kind, request, told=dimensions(kind, head), size=valid)


def _loaded_format(kind: str) -> str:
    """Pillow's name of a format, with its plugin loaded."""
    format_name, plugin = _FORMATS[kind]
    try:
        plugin_names = vars(importlib.import_module(f"PIL.{plugin}"))
    except ImportError:
        plugin_names = {"SUPPORTED": False}
    if not plugin_names.get("SUPPORTED", True):  # the library behind the plugin may be missing, too
        raise PreviewError(f"this Pillow cannot read {media_type.describe(kind)} pictures")
    if format_name == "AVIF":
        # One thread: each further one reserves address space, which the limit on memory counts.
        plugin_names["DEFAULT_MAX_THREADS"] = 1
    return format_name


def _decode(
    source: io.BufferedReader, kind: str, request: Request, *, told: tuple[int, int] | None, size: int
) -> Raster:
    format_name = _loaded_format(kind)
    natural = told or (0, 0)
    try:
        # Pillow's own check would hide the size, which the sentence for the user names.
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(source, formats=(format_name,)) as image:
            natural = image.size
            if math.prod(natural) > (_MAX_QOI_PIXELS if format_name == "QOI" else MAX_PIXELS):
                raise _too_large(natural)
            Image.MAX_IMAGE_PIXELS = MAX_PIXELS
            return _shown(image, kind, request, may_count=size <= _COUNT_FRAMES_BYTES)
    except MemoryError as error:
        if 0 < math.prod(natural) <= _FRUGAL_PIXELS:
            raise PreviewError("the picture is damaged") from error
        raise _too_large(natural) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PreviewError("the picture is too large to show") from error
    except _DAMAGE as error:
        if request.prefix_bytes is not None:
            raise _too_early(kind, natural) from error
        if math.prod(natural) > _FRUGAL_PIXELS:
            raise PreviewError(f"the picture is damaged or too large to show {_size_words(natural)}") from error
        raise PreviewError("the picture is damaged") from error


def _too_large(size: tuple[int, int]) -> PreviewError:
    return PreviewError(f"the picture is too large to show {_size_words(size)}".rstrip())


def _too_early(kind: str, size: tuple[int, int]) -> PreviewError:
    """What there is to say about a picture of which nothing can be seen yet."""
    known = (
        f"{media_type.describe(kind)}, {size[0]} × {size[1]};" if all(size) else f"{media_type.describe(kind)};"
    )
    return PreviewError(
        f"{known} it shows {'as more of it comes' if kind in _FROM_THE_TOP else 'once it is complete'}"
    )


def _size_words(size: tuple[int, int]) -> str:
    return f"({size[0]} × {size[1]})" if all(size) else ""


def _shown(image: ImageFile.ImageFile, kind: str, request: Request, *, may_count: bool) -> Raster:
    natural_width, natural_height = image.size
    box = (request.width_pixels, request.height_pixels)
    part = _load(image, box, is_partial=request.prefix_bytes is not None)
    mode = image.mode
    # A TIFF was turned while it was loaded, and reported its upright size from the start.
    if _lies_on_side(image):
        natural_width, natural_height = natural_height, natural_width
        box = box[::-1]
    if part.bottom <= part.top:
        raise _too_early(kind, (natural_width, natural_height))
    small = _shrink(part.image, box)
    if part.image is not image:
        small = _in_proportion(small, image.size, box)
    mask = mask_of(part, small.size)
    small = _on_checkerboard(to_srgb(_upright(small, image)))
    if mask is not None:
        small.paste(stripes(small.size), mask=_upright(mask, image))
    if request.colours:
        small = _dithered(small, request.colours)
    return Raster(
        natural_width=natural_width,
        natural_height=natural_height,
        width=small.width,
        height=small.height,
        frames=_frames(image) if may_count and request.prefix_bytes is None else None,
        format="JPEG" if image.format == "MPO" else image.format or "",  # MPO: further JPEGs behind the first
        mode=mode,
        rgb=small.tobytes(),
    )


def _load(image: ImageFile.ImageFile, box: tuple[int, int], *, is_partial: bool) -> Part:
    """Decode the pixels; a JPEG at the smallest of its own scales that is twice the box or more."""
    if "exif" in image.info and _lies_on_side(image):
        box = box[::-1]
    ground = Ground(image) if is_partial else None
    image.draft(None, (box[0] * 2, box[1] * 2))
    image.load()
    return ground.known_part() if ground is not None else Part(image, 0.0, 1.0)


def _upright(small: Image.Image, image: Image.Image) -> Image.Image:
    """A picture turned as the EXIF data of another one say."""
    if small is not image:
        small.getexif()[_ORIENTATION_TAG] = image.getexif().get(_ORIENTATION_TAG, 1)
    return ImageOps.exif_transpose(small)


def _lies_on_side(image: Image.Image) -> bool:
    """Whether the EXIF orientation (CIPA DC-008, tag 274) swaps width and height."""
    try:
        return image.getexif().get(_ORIENTATION_TAG) in {5, 6, 7, 8}
    except _DAMAGE:
        return False


def _shrink(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture, not larger than the box, in a mode whose pixels can be averaged."""
    if image.mode.startswith("I;16"):
        image = image.convert("I")
    elif image.mode in {"1", "L", "LA", "P", "PA", "RGB"} and image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode in {"1", "P"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    image.thumbnail(box, reducing_gap=2.0)
    return image


def _in_proportion(grid: Image.Image, size: tuple[int, int], box: tuple[int, int]) -> Image.Image:
    """Every so-manieth pixel of a picture, spread to what the whole picture would be shrunk to."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    width, height = (max(1, round(side * scale)) for side in size)
    return grid.resize((width, height), Image.Resampling.BOX)


def _on_checkerboard(image: Image.Image) -> Image.Image:
    """The picture as RGB, its transparent parts over the usual two greys."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    width, height = image.size
    square = max(2, min(16, min(width, height) // 12))
    dark, light = (bytes((grey,)) for grey in _CHECKERBOARD_GREYS)
    even = (dark * square + light * square) * (width // (2 * square) + 1)
    odd = even[square:] + dark * square
    rows = (even[:width] if y // square % 2 == 0 else odd[:width] for y in range(height))
    board = Image.frombytes("L", (width, height), b"".join(rows)).convert("RGBA")
    board.alpha_composite(image)
    return board.convert("RGB")


def _dithered(image: Image.Image, colours: int) -> Image.Image:
    """The picture in few colours, which are chosen from its own; errors are passed on to the neighbours.

    An octree is a tenth of the time of median cut, and closer on dark pictures, too.
    """
    palette = image.quantize(colours, Image.Quantize.FASTOCTREE)
    return image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).convert("RGB")


def _frames(image: ImageFile.ImageFile) -> int | None:
    """How many frames or pages there are; None if counting them fails."""
    if image.format == "MPO":
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except _DAMAGE:
        return None
