"""`ETag`, `Last-Modified` and `If-Range` (RFC 9110, 8.8 and 13.1.5).

Owns whether two responses speak of the same bytes. Must never call weak evidence strong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from tui_downloader.protocol.http_date import parse_http_date

STRONG_AFTER_SECONDS = 60.0
"""A `Last-Modified` this much older than `Date` cannot hide a second change within its own second."""

_QUOTED_TAG = re.compile(r'(W/|w/)?"([^"\x00-\x1f\x7f]*)"')
_BARE_TAG = re.compile(r'(?:W/|w/)?([^"\x00-\x1f\x7f]+)')


@dataclass(frozen=True, slots=True)
class EntityTag:
    """One entity tag."""

    opaque: str
    """What is between the quotes."""
    weak: bool
    """Whether the same tag may stand for different bytes."""

    @property
    def field_text(self) -> str:
        """The tag as it is written in a field."""
        return f'W/"{self.opaque}"' if self.weak else f'"{self.opaque}"'


def parse_entity_tag(text: str) -> EntityTag | None:
    """Return the tag of an `ETag` field.

    A tag without quotes, which some servers send, is kept as weak: its server is careless about tags.

    Returns:
        None if the text is empty, has a lone quote or control characters.
    """
    stripped = text.strip(" \t")
    quoted = _QUOTED_TAG.fullmatch(stripped)
    if quoted is not None:
        return EntityTag(quoted[2], weak=quoted[1] is not None)
    bare = _BARE_TAG.fullmatch(stripped)
    return None if bare is None else EntityTag(bare[1], weak=True)


@dataclass(frozen=True, slots=True)
class Validator:
    """What one response said about the identity of its bytes, as raw field text."""

    entity_tag: str | None
    """`ETag`, None if absent."""
    last_modified: str | None
    """`Last-Modified`, None if absent."""
    date: str | None = None
    """`Date` of the same response, None if absent; it tells how much `Last-Modified` proves."""

    @property
    def strong(self) -> bool:
        """Whether equality of this validator proves equal bytes."""
        return self.if_range is not None

    @property
    def if_range(self) -> str | None:
        """The field text for `If-Range`: a strong tag, else a strong date; None if there is neither.

        The RFC lets a client send a date only where it knows no tag at all. Common servers whose tags are
        always weak compare dates exactly; and the 206 is compared with the stored validator in any case.
        """
        tag = _tag(self)
        if tag is not None and not tag.weak:
            return tag.field_text
        return self.last_modified.strip(" \t") if self.last_modified and _is_date_strong(self) else None


class Match(Enum):
    """What comparing two validators proves."""

    EQUAL = "equal"
    """The same bytes."""
    WEAKLY_EQUAL = "weakly-equal"
    """Probably the same bytes; look at them."""
    DIFFERENT = "different"
    """Other bytes."""
    UNKNOWN = "unknown"
    """Nothing could be compared."""


def compare(stored: Validator, received: Validator) -> Match:
    """Return whether a response speaks of the representation that is stored.

    A field that only one side has is no evidence. Equal strong entity tags decide, whatever the dates say: such a
    tag must change with every byte (RFC 9110, 8.8.1 and 8.8.3), and a client that has one is to send no date with
    a range (13.1.5), so that a server which answers 206 has compared nothing else. Machines behind one name that
    agree on the tag often hold copies of different age; taking their dates for a change would throw away bytes
    that are proved. Otherwise any difference counts as a change (a weak tag may outlive one, so it never excuses
    a date), and equality counts for as much as its strongest field.
    """
    tags = _compare_tags(stored, received)
    if tags is Match.EQUAL:
        return tags
    matches = {tags, _compare_dates(stored, received)}
    for match in (Match.DIFFERENT, Match.EQUAL, Match.WEAKLY_EQUAL):
        if match in matches:
            return match
    return Match.UNKNOWN


def _compare_tags(stored: Validator, received: Validator) -> Match:
    one, other = _tag(stored), _tag(received)
    if one is None or other is None:
        return Match.UNKNOWN
    if one.opaque != other.opaque:
        return Match.DIFFERENT
    return Match.WEAKLY_EQUAL if one.weak or other.weak else Match.EQUAL


def _compare_dates(stored: Validator, received: Validator) -> Match:
    if stored.last_modified is None or received.last_modified is None:
        return Match.UNKNOWN
    one, other = _modified_at(stored), _modified_at(received)
    if one is None or other is None:
        same = stored.last_modified.strip(" \t") == received.last_modified.strip(" \t")
        return Match.WEAKLY_EQUAL if same else Match.DIFFERENT
    if one != other:
        return Match.DIFFERENT
    return Match.EQUAL if _is_date_strong(stored) and _is_date_strong(received) else Match.WEAKLY_EQUAL


def _tag(validator: Validator) -> EntityTag | None:
    return None if validator.entity_tag is None else parse_entity_tag(validator.entity_tag)


def _modified_at(validator: Validator) -> float | None:
    return None if validator.last_modified is None else parse_http_date(validator.last_modified)


def _is_date_strong(validator: Validator) -> bool:
    modified_at, sent_at = _modified_at(validator), parse_http_date(validator.date or "")
    return modified_at is not None and sent_at is not None and sent_at - modified_at >= STRONG_AFTER_SECONDS
