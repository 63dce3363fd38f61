"""Numbers to text and back."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader import units
from tui_downloader.errors import InvalidInputError

SIZES = st.integers(0, 10**19)


@given(SIZES)
@example(999_949)
@example(999_950)
@example(99_949)
@example(99_950)
def test_a_size_takes_few_characters(size: int) -> None:
    number, unit = units.format_bytes(size).split(" ")
    assert unit in {"B", "kB", "MB", "GB", "TB", "PB", "EB"}
    assert len(number) <= 4
    assert float(number) < 1000 or unit == "EB"


@given(SIZES, SIZES)
def test_a_greater_size_never_reads_smaller(one: int, other: int) -> None:
    prefixes = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]

    def rank(size: int) -> tuple[int, float]:
        number, unit = units.format_bytes(size).split(" ")
        return prefixes.index(unit), float(number)

    assert rank(min(one, other)) <= rank(max(one, other))


@given(st.integers(0, 10**14))
def test_what_is_shown_can_be_typed(size: int) -> None:
    read = units.parse_size(units.format_bytes(size))
    assert abs(read - size) <= max(size * 0.06, 0)
    assert units.parse_size(units.format_rate(size)) == read


@given(st.integers(0, 2**63 - 1))
def test_bare_numbers_are_bytes_exactly(size: int) -> None:
    assert units.parse_size(str(size)) == size


@given(st.integers(0, 10**6), st.sampled_from("kKmMgGtT"))
def test_prefixes(number: int, prefix: str) -> None:
    power = "kmgt".index(prefix.lower()) + 1
    assert units.parse_size(f"{number}{prefix}") == number * 1000**power
    assert units.parse_size(f" {number} {prefix}iB/s ") == number * 1024**power


@given(st.text(max_size=12) | st.text("0123456789.kKmMiIbB/s -+e", max_size=12))
def test_any_text_is_a_size_or_refused(text: str) -> None:
    try:
        size = units.parse_size(text)
    except InvalidInputError:
        return
    assert size >= 0


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        units.parse_size("9" * 400)


@pytest.mark.parametrize("text", ["99999999999T", str(2**63)])
def test_a_size_that_the_state_file_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        units.parse_size(text)


def test_the_refusal_of_a_size_is_safe_to_print() -> None:
    with pytest.raises(InvalidInputError) as caught:
        units.parse_size("\x1b[2J5M\u202e")
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, "—"),
        (0, "0 B"),
        (512, "512 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4_600_000, "4.6 MB"),
        (790_000_000, "790 MB"),
        (10**21, "1000 EB"),
    ],
)
def test_sizes(size: int | None, text: str) -> None:
    assert units.format_bytes(size) == text


def test_rates() -> None:
    assert units.format_rate(None) == "—"
    assert units.format_rate(8_200_000.4) == "8.2 MB/s"


@pytest.mark.parametrize("percent", range(101))
def test_percentages_are_floored_not_less(percent: int) -> None:
    assert units.format_percent(percent / 100) == f"{percent}%"


@given(st.floats(0, 1, exclude_max=True))
def test_no_hundred_percent_before_the_end(fraction: float) -> None:
    if fraction < 1 - 1e-6:
        assert units.format_percent(fraction) != "100%"


@pytest.mark.parametrize(("fraction", "text"), [(None, "—"), (-1.0, "0%"), (2.0, "100%"), (0.999, "99%")])
def test_percentages(fraction: float | None, text: str) -> None:
    assert units.format_percent(fraction) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"),
        (-5, "0:00"),
        (35, "0:35"),
        (60, "1:00"),
        (62, "1:00"),
        (63, "1:05"),
        (2660, "44:20"),
        (3599, "1 h 00"),
        (7800, "2 h 10"),
        (86_400, "24 h 00"),
        (86_405, ">1 day"),
    ],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert units.format_duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(42.9, "0:42"), (725, "12:05"), (7800, "2 h 10"), (-1, "0:00")])
def test_countdowns(seconds: float, text: str) -> None:
    assert units.format_countdown(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(35, "35 s"), (41 * 60, "41 min"), (5 * 3600, "5 h"), (47 * 3600, "47 h"), (3 * 86_400, "3 days")],
)
def test_spans(seconds: float, text: str) -> None:
    assert units.format_span(seconds) == text


def test_moments() -> None:
    now = datetime.datetime(2025, 6, 15, 12, 0).astimezone()

    def worded(**parts: int) -> str:
        return units.format_moment(now.replace(**parts).timestamp(), now=now.timestamp())  # type: ignore[arg-type]  # parts of a date

    assert units.format_moment(None, now=now.timestamp()) == ""
    assert worded(hour=9, minute=5) == "09:05"
    assert worded(day=14, hour=23) == "yesterday"
    assert worded(day=13).startswith("13 ")
    assert worded(day=18).startswith("18 "), "the clock was set back since"
    assert worded(year=2024, month=12, day=1).endswith(" 2024")


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_longer_durations_never_read_shorter(one: float, other: float) -> None:
    def minutes(seconds: float) -> float:
        text = units.format_countdown(seconds)
        first, _, second = text.replace(" h ", ":").partition(":")
        scale = 60 if " h " in text else 1
        return float(first) * scale + float(second) * scale / 60

    assert minutes(min(one, other)) <= minutes(max(one, other))
