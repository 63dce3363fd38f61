"""The budget of refusals: what counts against it, and that nothing is risked beyond it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.caution import REFUSALS_MAX, Caution


def test_nothing_is_held_back_before_the_first_refusal() -> None:
    caution = Caution()
    caution.gave_up()
    assert caution.may_risk(1000)


def test_what_is_open_and_unproven_counts_as_if_it_were_refused() -> None:
    caution = Caution()
    caution.refused()
    assert caution.may_risk(REFUSALS_MAX - 2)
    assert not caution.may_risk(REFUSALS_MAX - 1)


def test_what_was_given_up_unproven_counts_too() -> None:
    caution = Caution()
    caution.refused()
    for _ in range(REFUSALS_MAX - 1):
        assert caution.may_risk(0)
        caution.gave_up()
    assert not caution.may_risk(0)


@given(
    st.integers(0, REFUSALS_MAX), st.lists(st.sampled_from(["ask", "refused", "gave up", "proven"]), max_size=200)
)
def test_no_more_than_the_budget_are_ever_refused(first: int, steps: list[str]) -> None:
    """Whatever happens in which order: all that were refused, if all that is unproven were, stay within it."""
    caution, unproven, turned_away = Caution(), first, 0
    for step in ["refused", *steps]:
        if step == "ask":
            unproven += caution.may_risk(unproven)
        elif unproven:
            unproven -= 1
            turned_away += step != "proven"
            if step == "refused":
                caution.refused()
            elif step == "gave up":
                caution.gave_up()
        assert turned_away + unproven <= REFUSALS_MAX
