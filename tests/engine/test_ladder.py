"""When bytes on disk and bytes that come are one representation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.values import LATER, MODIFIED, NO_VALIDATOR, STRONG, left, partial, unsatisfied, whole
from tui_downloader.engine.ladder import (
    Verdict,
    judge,
    overlap_range,
    resumable_from,
    resume_fields,
    stored_validator,
)
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.lifecycle import Resumable
from tui_downloader.model.ranges import ByteRange
from tui_downloader.protocol.range_fields import ContentRange
from tui_downloader.protocol.validators import Validator

WEAK = Validator('W/"v1"', None, LATER)
OTHER_TAG = Validator('"v2"', MODIFIED, LATER)
OTHER_DATE = Validator(None, "Tue, 14 Nov 2023 22:13:21 GMT", LATER)
WEAK_AND_OTHER_DATE = Validator('W/"v1"', "Tue, 14 Nov 2023 22:13:21 GMT", LATER)
STRONG_AND_OTHER_DATE = Validator('"v1"', "Tue, 14 Nov 2023 22:13:21 GMT", LATER)
ONLY_DATE = Validator(None, MODIFIED, LATER)
FRESH_DATE = Validator(None, MODIFIED, MODIFIED)


# ------------------------------------------------------------------------------------------------------- asking


@pytest.mark.parametrize(
    ("validator", "if_range"),
    [(STRONG, '"v1"'), (ONLY_DATE, MODIFIED), (Validator('W/"v1"', MODIFIED, LATER), MODIFIED)],
)
def test_a_strong_validator_goes_with_the_range(validator: Validator, if_range: str) -> None:
    assert resume_fields(left(validator), 400, None) == {"Range": "bytes=400-", "If-Range": if_range}
    assert resume_fields(left(validator), 400, 500) == {"Range": "bytes=400-499", "If-Range": if_range}


@pytest.mark.parametrize("validator", [WEAK, FRESH_DATE, NO_VALIDATOR])
def test_without_proof_no_rest_is_asked_for(validator: Validator) -> None:
    assert resume_fields(left(validator), 400, None) is None


def test_the_stored_validator_is_the_one_received() -> None:
    assert stored_validator(left(STRONG)) == STRONG


# ------------------------------------------------------------------------------------------------------ going on


def test_the_rest_with_an_equal_validator_is_proven() -> None:
    judgement = judge(partial(), left(), offset=400)
    assert (judgement.verdict, judgement.resumable) == (Verdict.GO_ON, Resumable.PROVEN)


def test_the_rest_without_a_validator_is_what_if_range_proved() -> None:
    judgement = judge(partial(validator=NO_VALIDATOR), left(), offset=400)
    assert (judgement.verdict, judgement.resumable) == (Verdict.GO_ON, Resumable.PROVEN)


def test_an_absent_date_is_no_mismatch() -> None:
    assert judge(partial(validator=Validator('"v1"', None)), left(), offset=400).verdict is Verdict.GO_ON


def test_an_equal_strong_tag_counts_more_than_another_date() -> None:
    """Machines behind one name hold copies of different age."""
    judgement = judge(partial(validator=STRONG_AND_OTHER_DATE), left(), offset=400)
    assert (judgement.verdict, judgement.resumable) == (Verdict.GO_ON, Resumable.PROVEN)
    longer = partial(400, 1001, 1001, validator=STRONG_AND_OTHER_DATE)
    assert judge(longer, left(), offset=400).changed, "another complete length is a change all the same"


def test_a_weak_tag_makes_it_likely_only() -> None:
    judgement = judge(partial(validator=WEAK), left(), offset=400)
    assert (judgement.verdict, judgement.resumable) == (Verdict.GO_ON, Resumable.LIKELY)


@pytest.mark.parametrize(("stored", "told"), [(1000, None), (None, 1000), (None, None)])
def test_a_complete_length_that_one_side_does_not_know_is_no_mismatch(
    stored: int | None, told: int | None
) -> None:
    assert judge(partial(complete_length=told), left(complete_length=stored), offset=400).verdict is Verdict.GO_ON


def test_a_rest_of_unknown_length_goes_on() -> None:
    assert judge(partial(content_length=None), left(), offset=400).verdict is Verdict.GO_ON


# -------------------------------------------------------------------------------------------------- starting over


@pytest.mark.parametrize("validator", [OTHER_TAG, OTHER_DATE, WEAK_AND_OTHER_DATE])
def test_another_validator_is_proof_of_change_whatever_the_answer(validator: Validator) -> None:
    assert judge(partial(validator=validator), left(), offset=400).verdict is Verdict.ASK_WHOLE
    assert judge(whole(validator=validator), left(), offset=400).verdict is Verdict.TAKE_WHOLE
    assert judge(unsatisfied(400, validator=validator), left(), offset=400).verdict is Verdict.ASK_WHOLE


@pytest.mark.parametrize(
    "head",
    [
        partial(0, 1000),
        partial(399, 1000),
        partial(401, 1000),
        partial(content_range=None),
        partial(content_range=None, has_content_range=False),
        partial(content_length=599),
        partial(content_length=601),
        partial(400, 1001, 1001),
        partial(400, 999, 999),
        partial(content_coding="gzip"),
    ],
)
def test_a_wrong_part_is_never_placed(head: ResponseHead) -> None:
    judgement = judge(head, left(), offset=400)
    assert judgement.verdict is Verdict.ASK_WHOLE
    assert judgement.why


def test_the_whole_instead_of_the_rest_is_taken() -> None:
    assert judge(whole(), left(), offset=400).verdict is Verdict.TAKE_WHOLE
    assert judge(whole(validator=NO_VALIDATOR), left(), offset=400).verdict is Verdict.TAKE_WHOLE
    assert judge(whole(content_length=999), left(), offset=400).verdict is Verdict.TAKE_WHOLE


def test_a_whole_that_claims_to_be_a_part_is_not_taken() -> None:
    head = whole(content_range=ContentRange(400, 1000, 1000), has_content_range=True)
    assert judge(head, left(), offset=400).verdict is Verdict.ASK_WHOLE


def test_the_reason_tells_a_change_from_a_server_that_cannot() -> None:
    assert judge(whole(), left(), offset=400).why == "the server cannot resume"
    assert judge(whole(validator=OTHER_TAG), left(), offset=400).why == "the file changed on the server"
    assert judge(whole(content_length=999), left(), offset=400).why == "the file changed on the server"


# ----------------------------------------------------------------------------------------------- nothing is left


def test_416_finishes_only_with_equal_length() -> None:
    complete = left(received=1000)
    assert judge(unsatisfied(1000), complete, offset=1000).verdict is Verdict.COMPLETE
    for length in (999, 1001, 0, None):
        assert judge(unsatisfied(length), complete, offset=1000).verdict is Verdict.ASK_WHOLE
    assert judge(unsatisfied(400), left(), offset=400).verdict is Verdict.ASK_WHOLE
    assert judge(unsatisfied(400), left(complete_length=None), offset=400).verdict is Verdict.ASK_WHOLE


@given(
    status=st.sampled_from([200, 206, 416]),
    start=st.integers(0, 20),
    length=st.integers(1, 20),
    complete=st.none() | st.integers(0, 40),
    offset=st.integers(1, 20),
    stored=st.none() | st.integers(1, 40),
    validator=st.sampled_from([STRONG, WEAK, OTHER_TAG, OTHER_DATE, WEAK_AND_OTHER_DATE, ONLY_DATE, NO_VALIDATOR]),
)
def test_bytes_are_placed_only_where_they_were_asked_for(
    status: int,
    start: int,
    length: int,
    complete: int | None,
    offset: int,
    stored: int | None,
    validator: Validator,
) -> None:
    head = partial(
        start, start + length, complete, status=status, validator=validator, unsatisfied_length=complete
    )
    judgement = judge(head, left(received=offset, complete_length=stored), offset=offset)
    if judgement.verdict is Verdict.GO_ON:
        assert (status, start) == (206, offset)
        assert complete is None or stored is None or complete == stored
        assert validator not in {OTHER_TAG, OTHER_DATE, WEAK_AND_OTHER_DATE}
    if judgement.verdict is Verdict.COMPLETE:
        assert status == 416
        assert complete == stored == offset
    assert judgement.verdict is not Verdict.TAKE_WHOLE or status == 200
    assert judgement.why or judgement.verdict in {Verdict.GO_ON, Verdict.COMPLETE}


# ------------------------------------------------------------------------------------------------ later resuming


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (whole(), Resumable.PROVEN),
        (whole(accepts_ranges=None), Resumable.LIKELY),
        (whole(accepts_ranges=False), Resumable.NO),
        (whole(content_coding="gzip"), Resumable.NO),
        (whole(content_length=None), Resumable.NO),
        (whole(validator=NO_VALIDATOR), Resumable.LIKELY),
        (whole(validator=NO_VALIDATOR, accepts_ranges=None), Resumable.UNKNOWN),
        (whole(validator=ONLY_DATE), Resumable.PROVEN),
        (partial(accepts_ranges=None), Resumable.PROVEN),
    ],
)
def test_what_a_first_response_promises(head: ResponseHead, expected: Resumable) -> None:
    assert resumable_from(head) is expected


@pytest.mark.parametrize("validator", [WEAK, FRESH_DATE, NO_VALIDATOR])
def test_without_proof_a_comparison_is_promised(validator: Validator) -> None:
    """Where `If-Range` has no field to send, equal bytes before the rest make it likely."""
    promised = resumable_from(whole(validator=validator))
    assert resume_fields(left(validator), 400, None) is None
    assert promised is Resumable.LIKELY
    assert overlap_range(left(validator), ByteRange(400, 1000)) == ByteRange(0, 1000)
