"""Entity tags, dates and what comparing them proves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.validators import EntityTag, Match, Validator, compare, parse_entity_tag

MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"
SAME_IN_ANOTHER_FORM = "Tuesday, 14-Nov-23 22:13:20 GMT"
LATER = "Tue, 14 Nov 2023 22:13:21 GMT"
A_MINUTE_AFTER = "Tue, 14 Nov 2023 22:14:20 GMT"
SECONDS_AFTER = "Tue, 14 Nov 2023 22:14:19 GMT"

OPAQUE = st.text(st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters='"'))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"xyzzy"', EntityTag("xyzzy", weak=False)),
        ('W/"xyzzy"', EntityTag("xyzzy", weak=True)),
        ('w/"xyzzy"', EntityTag("xyzzy", weak=True)),
        ('""', EntityTag("", weak=False)),
        ('"a b"', EntityTag("a b", weak=False)),
        (' "655a1b-5f3" ', EntityTag("655a1b-5f3", weak=False)),
        ("xyzzy", EntityTag("xyzzy", weak=True)),
        ("W/xyzzy", EntityTag("xyzzy", weak=True)),
        ('"xyzzy', None),
        ('"a"b"', None),
        ('"a\r\nb"', None),
        ("", None),
    ],
)
def test_parse_entity_tag(text: str, expected: EntityTag | None) -> None:
    assert parse_entity_tag(text) == expected


@given(OPAQUE, st.booleans())
def test_tags_round_trip(opaque: str, weak: bool) -> None:
    tag = EntityTag(opaque, weak=weak)
    assert parse_entity_tag(tag.field_text) == tag


@pytest.mark.parametrize(
    ("validator", "if_range"),
    [
        (Validator('"a"', None), '"a"'),
        (Validator('"a"', MODIFIED, A_MINUTE_AFTER), '"a"'),
        (Validator(None, MODIFIED, A_MINUTE_AFTER), MODIFIED),
        (Validator('W/"a"', MODIFIED, A_MINUTE_AFTER), MODIFIED),
        (Validator(None, MODIFIED, SECONDS_AFTER), None),
        (Validator(None, MODIFIED), None),
        (Validator(None, MODIFIED, "soon"), None),
        (Validator(None, "yesterday", A_MINUTE_AFTER), None),
        (Validator('W/"a"', None), None),
        (Validator("a", None), None),
        (Validator('"a', None), None),
        (Validator(None, None, A_MINUTE_AFTER), None),
    ],
)
def test_only_a_strong_validator_goes_into_if_range(validator: Validator, if_range: str | None) -> None:
    assert validator.if_range == if_range
    assert validator.strong == (if_range is not None)


@pytest.mark.parametrize(
    ("stored", "received", "expected"),
    [
        # entity tags alone
        (Validator('"a"', None), Validator('"a"', None), Match.EQUAL),
        (Validator('"a"', None), Validator('"b"', None), Match.DIFFERENT),
        (Validator('W/"a"', None), Validator('W/"a"', None), Match.WEAKLY_EQUAL),
        (Validator('"a"', None), Validator('W/"a"', None), Match.WEAKLY_EQUAL),
        (Validator('W/"a"', None), Validator('W/"b"', None), Match.DIFFERENT),
        (Validator('"a"', None), Validator("a", None), Match.WEAKLY_EQUAL),
        # dates alone
        (Validator(None, MODIFIED), Validator(None, MODIFIED), Match.WEAKLY_EQUAL),
        (Validator(None, MODIFIED), Validator(None, SAME_IN_ANOTHER_FORM), Match.WEAKLY_EQUAL),
        (Validator(None, MODIFIED), Validator(None, LATER), Match.DIFFERENT),
        (Validator(None, "x"), Validator(None, "x"), Match.WEAKLY_EQUAL),
        (Validator(None, "x"), Validator(None, "y"), Match.DIFFERENT),
        (Validator(None, MODIFIED, A_MINUTE_AFTER), Validator(None, MODIFIED, A_MINUTE_AFTER), Match.EQUAL),
        (Validator(None, MODIFIED, A_MINUTE_AFTER), Validator(None, MODIFIED, SECONDS_AFTER), Match.WEAKLY_EQUAL),
        # both
        (Validator('"a"', MODIFIED), Validator('"a"', MODIFIED), Match.EQUAL),
        (Validator('"a"', MODIFIED), Validator('"b"', MODIFIED), Match.DIFFERENT),
        # an equal strong tag decides whatever the dates say; a weak one does not
        (Validator('"a"', MODIFIED), Validator('"a"', LATER), Match.EQUAL),
        (Validator('"a"', MODIFIED), Validator('W/"a"', LATER), Match.DIFFERENT),
        (Validator('W/"a"', MODIFIED), Validator('W/"a"', LATER), Match.DIFFERENT),
        (Validator('"a', MODIFIED), Validator('"a', LATER), Match.DIFFERENT),
        (Validator('W/"a"', MODIFIED), Validator('W/"a"', MODIFIED), Match.WEAKLY_EQUAL),
        # an absent field is no mismatch
        (Validator('"a"', MODIFIED), Validator('"a"', None), Match.EQUAL),
        (Validator('"a"', MODIFIED), Validator(None, MODIFIED), Match.WEAKLY_EQUAL),
        (Validator('"a"', None), Validator(None, MODIFIED), Match.UNKNOWN),
        (Validator('"a"', MODIFIED), Validator(None, None), Match.UNKNOWN),
        (Validator('"a', None), Validator('"a', None), Match.UNKNOWN),
    ],
)
def test_compare(stored: Validator, received: Validator, expected: Match) -> None:
    assert compare(stored, received) is expected
    assert compare(received, stored) is expected


FIELD = (
    st.none() | st.text(max_size=20) | st.sampled_from(['"a"', '"b"', 'W/"a"', MODIFIED, LATER, A_MINUTE_AFTER])
)
VALIDATOR = st.builds(Validator, FIELD, FIELD, FIELD)


@given(VALIDATOR, VALIDATOR)
def test_comparing_is_symmetric_and_never_raises(one: Validator, other: Validator) -> None:
    assert compare(one, other) is compare(other, one)


@given(VALIDATOR)
def test_a_validator_differs_never_from_itself(validator: Validator) -> None:
    assert compare(validator, validator) is not Match.DIFFERENT
    if validator.strong:
        assert compare(validator, validator) is Match.EQUAL


@given(VALIDATOR)
def test_if_range_is_one_line(validator: Validator) -> None:
    assert "\n" not in (validator.if_range or "")
    assert "\r" not in (validator.if_range or "")
