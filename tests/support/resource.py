"""What a test server serves: one representation with its metadata.

Owns the value and the text of its validators. Must never import the package under test: a parser
that is wrong the same way on both sides would prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate

Fields = tuple[tuple[str, str | bytes], ...]
"""Header fields in order. Text is sent as UTF-8, bytes exactly as they are."""

MODIFIED_AT = 1_700_000_000.0
"""Default modification time, Unix seconds: old enough to be a strong validator."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One object behind a path."""

    content: bytes
    """The bytes."""
    etag: str | None = '"v1"'
    """Field text of `ETag`, quotes included; None sends none."""
    last_modified: float | None = MODIFIED_AT
    """Unix seconds; None sends no `Last-Modified`."""
    media_type: str | None = "application/octet-stream"
    """Field text of `Content-Type`; None sends none."""
    disposition: str | bytes | None = None
    """Field value of `Content-Disposition`; bytes are sent as they are, for servers with raw Latin-1."""
    fields: Fields = ()
    """Further fields of every 200 and 206."""

    @property
    def last_modified_text(self) -> str | None:
        """The IMF-fixdate of `last_modified`, None if there is none."""
        return None if self.last_modified is None else formatdate(self.last_modified, usegmt=True)

    @property
    def validator_fields(self) -> Fields:
        """`ETag` and `Last-Modified`, as far as present."""
        pairs = (("ETag", self.etag), ("Last-Modified", self.last_modified_text))
        return tuple((name, text) for name, text in pairs if text is not None)

    @property
    def content_fields(self) -> Fields:
        """All fields that describe the object: validators, type, disposition, the further ones."""
        pairs = (("Content-Type", self.media_type), ("Content-Disposition", self.disposition))
        described = tuple((name, value) for name, value in pairs if value is not None)
        return self.validator_fields + described + self.fields
