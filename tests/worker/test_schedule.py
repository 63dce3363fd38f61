"""What the plan says, for every kind of row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.lifecycle import LIVE_STATES, RUNNING_STATES, Intent, State
from tui_downloader.worker.schedule import Entry, Plan, plan

ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.integers(1, 1000),
        intent=st.sampled_from(list(Intent)),
        pending=st.booleans(),
        state=st.sampled_from(list(State)),
        running=st.booleans(),
        due=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda entry: entry.id,
).map(lambda entries: sorted(entries, key=lambda entry: entry.id))


def entry(
    state: State = State.QUEUED,
    *,
    id: int = 1,  # noqa: A002  # the name of the field
    intent: Intent = Intent.RUN,
    pending: bool = False,
    running: bool = False,
    due: bool = True,
    small: bool = False,
    guessed: bool = False,
) -> Entry:
    return Entry(
        id=id,
        intent=intent,
        pending=pending,
        state=state,
        running=running,
        due=due,
        small=small,
        guessed=guessed,
    )


def of(one: Entry, *, at_once: int = 4, held: bool = False) -> Plan:
    return plan([one], at_once=at_once, held=held)


def test_queued_ones_start_in_order_up_to_the_limit() -> None:
    entries = [entry(id=number, running=number == 2, state=State.QUEUED) for number in range(1, 7)]
    assert plan(entries, at_once=3, held=False).start == [1, 3]
    assert plan(entries, at_once=1, held=False).start == []


def test_small_ones_start_beside_large_ones_up_to_their_own_limit() -> None:
    large = [entry(id=number, running=True) for number in range(1, 5)]
    queued = [entry(id=number, small=number % 2 == 0) for number in range(5, 50)]
    assert plan([*large, *queued], at_once=4, held=False).start == list(range(6, 30, 2))


def test_one_that_was_guessed_small_and_is_not_gives_its_place_back() -> None:
    running = [entry(id=number, running=True, guessed=number > 2) for number in range(1, 7)]
    assert plan(running, at_once=4, held=False) == Plan(stop=[6, 5])
    assert plan(running[:4], at_once=4, held=False) == Plan()


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
def test_what_a_killed_worker_left_starts_again(state: State) -> None:
    assert of(entry(state)) == Plan(start=[1])


def test_a_waiting_one_starts_when_its_time_has_come() -> None:
    assert of(entry(State.WAITING, due=False)) == Plan()
    assert of(entry(State.WAITING)) == Plan(start=[1])


@pytest.mark.parametrize("state", [State.PAUSED, State.FAILED, State.CANCELLED, State.COMPLETED])
def test_what_is_at_rest_stays_there_without_a_verb(state: State) -> None:
    assert of(entry(state)) == Plan()


@pytest.mark.parametrize("intent", [Intent.PAUSE, Intent.CANCEL, Intent.REMOVE])
def test_a_verb_against_a_transfer_stops_it_first(intent: Intent) -> None:
    assert of(entry(State.TRANSFERRING, intent=intent, pending=True, running=True)) == Plan(stop=[1])


def test_resuming_what_runs_needs_nothing() -> None:
    assert of(entry(State.TRANSFERRING, pending=True, running=True)) == Plan(acknowledge=[1])


@pytest.mark.parametrize("state", sorted(set(State) - {State.COMPLETED}))
@pytest.mark.parametrize(
    ("intent", "settled"),
    [(Intent.RUN, State.QUEUED), (Intent.PAUSE, State.PAUSED), (Intent.CANCEL, State.CANCELLED)],
)
def test_a_verb_settles_a_row_at_rest(state: State, intent: Intent, settled: State) -> None:
    assert of(entry(state, intent=intent, pending=True)) == Plan(settle=[(1, settled)])


@pytest.mark.parametrize("intent", [Intent.RUN, Intent.PAUSE, Intent.CANCEL])
def test_a_completed_one_stays_completed(intent: Intent) -> None:
    assert of(entry(State.COMPLETED, intent=intent, pending=True)) == Plan(acknowledge=[1])


@pytest.mark.parametrize("state", list(State))
def test_removal_ends_everything_at_rest(state: State) -> None:
    assert of(entry(state, intent=Intent.REMOVE, pending=True)) == Plan(remove=[1])


def test_under_a_hold_everything_stops_and_verbs_still_count() -> None:
    entries = [
        entry(id=1, state=State.TRANSFERRING, running=True),
        entry(id=2),
        entry(id=3, intent=Intent.CANCEL, pending=True),
        entry(id=4, intent=Intent.REMOVE, pending=True),
    ]
    assert plan(entries, at_once=4, held=True) == Plan(stop=[1], settle=[(3, State.CANCELLED)], remove=[4])


@given(ENTRIES, st.integers(1, 5), st.booleans())
def test_each_row_is_planned_at_most_once_and_never_beyond_the_limit(
    entries: list[Entry], at_once: int, held: bool
) -> None:
    planned = plan(entries, at_once=at_once, held=held)
    ids = [
        *planned.stop,
        *(each for each, _ in planned.settle),
        *planned.acknowledge,
        *planned.remove,
        *planned.start,
    ]
    assert len(ids) == len(set(ids))
    running = {each.id for each in entries if each.running}
    assert len(planned.start) <= max(0, at_once - len(running))
    assert not planned.start or not held
    assert set(planned.stop) <= running
    assert not running & {*planned.start, *planned.remove, *(each for each, _ in planned.settle)}
    assert planned.start == sorted(planned.start)


@given(ENTRIES)
def test_every_new_verb_gets_an_answer(entries: list[Entry]) -> None:
    planned = plan(entries, at_once=2, held=False)
    answered = {*planned.stop, *(each for each, _ in planned.settle), *planned.acknowledge, *planned.remove}
    assert {each.id for each in entries if each.pending} == answered


def test_running_states_are_live() -> None:
    assert RUNNING_STATES < LIVE_STATES
