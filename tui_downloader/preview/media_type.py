"""What a file is, judged by its content alone.

Owns the signatures, the media types and their short words. Must never look at a file name or at what a server
said, never do I/O, and never put text from outside into its words.
"""

from __future__ import annotations

import re
from typing import Final

from tui_downloader.errors import PreviewError

HEAD_BYTES: Final = 33 * 1024
"""How much of a file `sniff` wants to see: ISO 9660 puts its mark at 32769 (ECMA-119, section 8.1)."""

_ISO_9660_MARK_AT = 32769
_TAR_MARK_AT = 257
_TEXT_SAMPLE_BYTES = 4096

_SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00\x10\x00\x00\x00CR", "image/x-canon-cr2"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"qoif", "image/x-qoi"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"v/1\x01", "image/x-exr"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (30, b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\x04\x22\x4d\x18", "application/x-lz4"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (_TAR_MARK_AT, b"ustar", "application/x-tar"),
    (0, b"!<arch>\ndebian-binary", "application/vnd.debian.binary-package"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (0, b"\x00asm", "application/wasm"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"PAR1", "application/vnd.apache.parquet"),
    (0, b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    (0, b"GGUF", "application/x-gguf"),
    (0, b"d8:announce", "application/x-bittorrent"),
    (0, b"QFI\xfb", "application/x-qemu-disk"),
    (512, b"EFI PART", "application/x-raw-disk-image"),
    (0, b"hsqs", "application/x-squashfs"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO\x00", "font/otf"),
    (0, b"\x00\x01\x00\x00\x00", "font/ttf"),
    (0, b"{\\rtf", "text/rtf"),
)
"""Offset, bytes found there, media type; the first that fits wins."""

_RIFF_KINDS: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP_BRANDS: Final = (
    ((b"avif", b"avis"), "image/avif"),
    ((b"heic", b"heix", b"hevc", b"heim", b"mif1"), "image/heic"),
    ((b"M4A ", b"M4B "), "audio/mp4"),
    ((b"qt  ",), "video/quicktime"),
)
"""Brands of an ISO base media file (ISO/IEC 14496-12, section 4.3); any other brand is plain MP4."""

_PNM_HEADER = re.compile(rb"P(?:[1-6]\s(?:#[^\n]*\n|\s)*[0-9]+\s|[Ff]\s+[0-9]+\s)")
_BMP_HEADER_SIZES = frozenset((12, 40, 52, 56, 64, 108, 124))
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_WORDS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "animated PNG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/x-icon": "icon",
    "image/x-qoi": "QOI",
    "image/x-portable-anymap": "PPM",
    "image/x-tga": "TGA",
    "image/heic": "HEIC",
    "image/jxl": "JPEG XL",
    "image/jp2": "JPEG 2000",
    "image/svg+xml": "SVG",
    "image/x-canon-cr2": "camera raw",
    "image/vnd.adobe.photoshop": "Photoshop",
    "image/x-exr": "OpenEXR",
    "application/pdf": "PDF",
    "application/postscript": "PostScript",
    "application/epub+zip": "EPUB book",
    "application/zip": "ZIP archive",
    "application/gzip": "gzip archive",
    "application/zstd": "Zstandard archive",
    "application/x-xz": "xz archive",
    "application/x-bzip2": "bzip2 archive",
    "application/x-lz4": "LZ4 archive",
    "application/x-7z-compressed": "7-Zip archive",
    "application/vnd.rar": "RAR archive",
    "application/vnd.ms-cab-compressed": "cabinet archive",
    "application/x-tar": "tar archive",
    "application/vnd.debian.binary-package": "Debian package",
    "application/x-rpm": "RPM package",
    "application/x-elf": "program",
    "application/x-mach-binary": "program",
    "application/vnd.microsoft.portable-executable": "Windows program",
    "application/wasm": "WebAssembly",
    "application/vnd.sqlite3": "SQLite database",
    "application/vnd.apache.parquet": "Parquet data",
    "application/x-hdf5": "HDF5 data",
    "application/x-gguf": "model weights",
    "application/x-bittorrent": "torrent",
    "application/x-iso9660-image": "disk image",
    "application/x-raw-disk-image": "disk image",
    "application/x-qemu-disk": "disk image",
    "application/x-squashfs": "disk image",
    "application/xml": "XML",
    "audio/ogg": "Ogg audio",
    "audio/flac": "FLAC audio",
    "audio/mpeg": "MP3 audio",
    "audio/mp4": "MPEG-4 audio",
    "audio/wav": "WAV audio",
    "video/mp4": "MPEG-4 video",
    "video/quicktime": "QuickTime video",
    "video/x-matroska": "Matroska video",
    "video/webm": "WebM video",
    "video/x-msvideo": "AVI video",
    "video/mp2t": "MPEG transport stream",
    "text/html": "web page",
    "text/rtf": "rich text",
    "text/plain": "text",
}
_SHOWN: Final = frozenset((
    "image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/avif", "image/bmp", "image/tiff",
    "image/x-icon", "image/x-qoi", "image/x-portable-anymap", "image/x-tga",
))  # fmt: skip
"""The kinds of picture that the decode child accepts."""

_READ: Final = frozenset((
    "text/plain", "text/html", "text/rtf", "application/xml", "image/svg+xml", "application/zip",
    "application/epub+zip", "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz",
))  # fmt: skip
"""The kinds that the decode child reads lines or entries of."""

_WORDS_BY_TREE: Final = {"image": "picture", "audio": "audio", "video": "video", "text": "text", "font": "font"}


def sniff(head: bytes) -> str | None:
    """Tell a file's media type from its first bytes.

    Args:
        head: The beginning of the file; `HEAD_BYTES` of it are enough, fewer make the answer less sure.

    Returns:
        The media type, or None for content of no known kind, the empty file included.
    """
    if not head:
        return None
    return (
        _container(head)
        or _by_signature(head)
        or _structured_picture(head)
        or _loose_signature(head)
        or _text(head[:_TEXT_SAMPLE_BYTES])
        or _targa(head)
    )


def is_picture(media_type: str | None) -> bool:
    """Tell whether a media type names a picture, shown here or not (a HEIC file is one, too).

    Args:
        media_type: As `sniff` gives it, or from elsewhere; None for an unknown kind.
    """
    return media_type is not None and media_type.startswith("image/")


def can_show(media_type: str | None) -> bool:
    """Tell whether pictures of a media type can be decoded here.

    Args:
        media_type: As `sniff` gives it; None for an unknown kind.
    """
    return media_type in _SHOWN


def can_read(media_type: str | None) -> bool:
    """Tell whether files of a media type have lines or entries to read here.

    Args:
        media_type: As `sniff` gives it; None for an unknown kind.
    """
    return media_type in _READ


def require_showable(head: bytes) -> str:
    """Tell a picture's media type from its first bytes.

    Args:
        head: The beginning of the file, as for `sniff`.

    Returns:
        A media type that `can_show` accepts.

    Raises:
        PreviewError: The file is empty, no picture, or a picture of a kind that is not decoded.
    """
    if not head:
        raise PreviewError("the file is empty")
    media_type = sniff(head)
    if media_type is None or not is_picture(media_type):
        raise PreviewError(f"not a picture ({describe(media_type)})")
    if media_type not in _SHOWN:
        raise PreviewError(f"{describe(media_type)} pictures cannot be shown")
    return media_type


def describe(media_type: str | None) -> str:
    """Name a media type in one to three words for people, without an article.

    Args:
        media_type: As `sniff` gives it, or from elsewhere; None for an unknown kind.

    Returns:
        Words of this module only, whatever the argument holds: "JPEG", "ZIP archive", "disk image", "data".
    """
    if media_type is None:
        return "data"
    return _WORDS.get(media_type) or _WORDS_BY_TREE.get(media_type.partition("/")[0], "data")


def _container(head: bytes) -> str | None:
    """Formats that share an outer signature and differ inside: PNG, RIFF, ISO base media, Matroska."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/apng" if b"acTL" in head.partition(b"IDAT")[0] else "image/png"
    if head.startswith(b"RIFF"):
        return _RIFF_KINDS.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _iso_base_media(head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return None


def _iso_base_media(head: bytes) -> str:
    box_size = int.from_bytes(head[:4], "big")
    brands = head[8 : min(box_size, 256)]
    found = {brands[at : at + 4] for at in range(0, len(brands), 4)}
    for wanted, media_type in _FTYP_BRANDS:
        if found.intersection(wanted):
            return media_type
    return "video/mp4"


def _by_signature(head: bytes) -> str | None:
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    return None


def _structured_picture(head: bytes) -> str | None:
    """Pictures whose mark is so short that their header has to make sense as well."""
    if _PNM_HEADER.match(head[:_TEXT_SAMPLE_BYTES]):
        return "image/x-portable-anymap"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "image/bmp"
    if head.startswith(b"\x00\x00\x01\x00") and head[4:6] != b"\x00\x00" and head[9:10] == b"\x00":
        return "image/x-icon"
    return None


def _loose_signature(head: bytes) -> str | None:
    """Marks far inside the file, or so short that they come after everything surer."""
    if head.startswith(b"CD001", _ISO_9660_MARK_AT):
        return "application/x-iso9660-image"
    if head.startswith(b"MZ") and b"\x00" in head[:64]:
        return "application/vnd.microsoft.portable-executable"
    if head.startswith(b"G") and head[188:189] == b"G" and head[376:377] == b"G" and b"\x00" in head[:376]:
        return "video/mp2t"
    if head[510:512] == b"\x55\xaa":
        return "application/x-raw-disk-image"
    return None


def _text(sample: bytes) -> str | None:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain"
    if _CONTROL_BYTES.search(sample) or not (_is_utf_8_so_far(sample) or _is_western(sample)):
        return None
    start = sample.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in start and start.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")):
        return "image/svg+xml"
    if start.startswith((b"<!doctype html", b"<head", b"<body")) or (
        start.startswith(b"<") and b"<html" in start[:1024]
    ):
        return "text/html"
    return "application/xml" if start.startswith(b"<?xml") else "text/plain"


def _is_utf_8_so_far(sample: bytes) -> bool:
    """Whether the bytes are UTF-8, but for a character that the end of the sample cuts."""
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _is_western(sample: bytes) -> bool:
    """Whether the bytes may be a text of one byte a character: mostly ASCII, and not too short to tell."""
    return len(sample) >= 32 and sum(byte < 0x80 for byte in sample) >= 0.7 * len(sample)


def _targa(head: bytes) -> str | None:
    """Truevision TGA has no mark at its start, so every field of its 18 byte header has to fit."""
    if len(head) < 18:
        return None
    has_colour_map, kind, depth, descriptor = head[1], head[2], head[16], head[17]
    if has_colour_map == 1:
        fits = kind in {1, 9} and any(head[3:8])
    else:
        fits = has_colour_map == 0 and kind in {2, 3, 10, 11} and not any(head[3:8])
    has_size = any(head[12:14]) and any(head[14:16])
    is_plain = depth in {8, 15, 16, 24, 32} and descriptor & 0xCF in {0, 1, 8}
    return "image/x-tga" if fits and has_size and is_plain else None
