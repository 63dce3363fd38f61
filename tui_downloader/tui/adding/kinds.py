"""What kind of file something is, in two words: `JPEG picture`, `disk image`.

Owns the words. Must never open a file: media type and name are all there is before a download.
"""

from __future__ import annotations

_BY_TYPE = {
    "application/pdf": "PDF document",
    "application/zip": "ZIP archive",
    "application/json": "JSON data",
    "application/epub+zip": "e-book",
    "application/gzip": "archive",
    "application/x-gzip": "archive",
    "application/zstd": "archive",
    "application/x-tar": "archive",
    "application/x-xz": "archive",
    "application/x-bzip2": "archive",
    "application/x-7z-compressed": "7z archive",
    "application/vnd.rar": "RAR archive",
    "application/x-iso9660-image": "disk image",
    "application/x-apple-diskimage": "disk image",
    "application/x-raw-disk-image": "disk image",
    "application/vnd.debian.binary-package": "Debian package",
    "application/x-debian-package": "Debian package",
    "application/x-rpm": "RPM package",
    "application/vnd.android.package-archive": "Android app",
    "application/x-bittorrent": "torrent file",
    "text/html": "web page",
    "application/xhtml+xml": "web page",
    "text/csv": "CSV table",
    "text/plain": "text",
    "image/jpeg": "JPEG picture",
    "image/jpg": "JPEG picture",
    "image/svg+xml": "SVG drawing",
}
_BY_CLASS = {"audio": "audio", "video": "video", "text": "text", "font": "font"}
_BY_EXTENSION = {
    **dict.fromkeys(("iso", "img", "dmg", "qcow2", "vhd", "vmdk"), "disk image"),
    **dict.fromkeys(("zip",), "ZIP archive"),
    **dict.fromkeys(("tar", "gz", "tgz", "xz", "bz2", "zst", "lz4", "lz"), "archive"),
    **dict.fromkeys(("7z",), "7z archive"),
    **dict.fromkeys(("rar",), "RAR archive"),
    **dict.fromkeys(("deb",), "Debian package"),
    **dict.fromkeys(("rpm",), "RPM package"),
    **dict.fromkeys(("apk",), "Android app"),
    **dict.fromkeys(("exe", "msi", "appimage", "bin", "run"), "program"),
    **dict.fromkeys(("mkv", "mp4", "webm", "avi", "mov", "ts"), "video"),
    **dict.fromkeys(("mp3", "flac", "ogg", "opus", "m4a", "wav"), "audio"),
    **dict.fromkeys(("jpg", "jpeg"), "JPEG picture"),
    **dict.fromkeys(("pdf",), "PDF document"),
    **dict.fromkeys(("epub",), "e-book"),
    **dict.fromkeys(("csv",), "CSV table"),
    **dict.fromkeys(("parquet", "json", "xml"), "data"),
    **dict.fromkeys(("safetensors", "gguf", "onnx"), "model weights"),
    **dict.fromkeys(("txt", "md"), "text"),
}
_UNSAID = frozenset({"application/octet-stream", "binary/octet-stream", "application/x-download", "text/plain"})
"""Types that servers send where they know nothing: the name says more."""


def kind_words(media_type: str | None, filename: str | None) -> str:
    """Words the kind of a file; empty if neither its type nor its name tells.

    Args:
        media_type: As from the server, lower case, without parameters.
        filename: Its name.
    """
    extension = (filename or "").rpartition(".")[2].lower()
    by_extension = _BY_EXTENSION.get(extension, "")
    if media_type is None or (media_type in _UNSAID and by_extension):
        return by_extension
    if media_type in _BY_TYPE:
        return _BY_TYPE[media_type]
    kind, _, subtype = media_type.partition("/")
    if kind == "image" and subtype.isalnum():
        return f"{subtype.upper()} picture"
    return _BY_CLASS.get(kind, by_extension)
