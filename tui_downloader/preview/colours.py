"""Pixels of any kind to the colours of a screen, with Pillow.

Owns the ways into sRGB: embedded profiles, CMYK, Lab, more than eight bits. Must never be imported outside the
decode child: it loads Pillow, and a profile comes with a hostile file.
"""

from __future__ import annotations

import io
import math
from typing import Final

from PIL import Image, ImageCms

_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
"""Larger colour profiles are ignored; the largest for printing have about half of that."""

_PROFILED_MODES: Final = frozenset(("RGB", "RGBA", "L", "CMYK"))
"""The modes whose colours an embedded profile is applied to."""


def to_srgb(image: Image.Image) -> Image.Image:
    """Bring a picture's colours into sRGB, 8 bits a channel.

    Args:
        image: A picture of any mode, already small: every pixel is computed.

    Returns:
        A picture of mode RGBA where the argument has transparency, else of a mode that converts to RGB plainly.
    """
    if image.mode in {"I", "F"}:
        return _to_grey(image)
    if image.mode == "LAB":
        return _through_profile(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "RGB")
    if image.mode in {"RGBa", "La"}:
        image = image.convert(image.mode.upper())
    if image.mode == "LA":
        image = image.convert("RGBA")
    data = image.info.get("icc_profile")
    if not isinstance(data, bytes) or not 0 < len(data) <= _MAX_PROFILE_BYTES or image.mode not in _PROFILED_MODES:
        return image
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        return _through_profile(image, profile, "RGBA" if image.mode == "RGBA" else "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a damaged profile, or one for another kind of pixels: the plain colours are close


def _through_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    changed = ImageCms.profileToProfile(image, profile, target, outputMode=mode)
    return changed or image


def _to_grey(image: Image.Image) -> Image.Image:
    """32 bit whole or real numbers to 8 bit grey: 16 bit values by their range, all others stretched."""
    image = image.convert("F")
    (low, high) = image.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return image.convert("L")
    if low >= 0 and 1 < high <= 65_535:
        low, high = 0.0, 65_535.0
    scale = 255.0 / (high - low)
    return image.point(lambda value: value * scale - low * scale).convert("L")
