"""The agenda: who comes first, and that a look stays cheap."""

from __future__ import annotations

import dataclasses

from tests.worker.values import work
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.resume import Work
from tui_downloader.worker.agenda import Agenda
from tui_downloader.worker.schedule import RUNNING_MAX, plan


def row(download_id: int, state: State = State.QUEUED, *, place: int | None = None, pending: bool = False) -> Work:
    made = work(state, pending=pending)
    return dataclasses.replace(
        made, download=dataclasses.replace(made.download, id=download_id, queue_place=place)
    )


def filled(*rows: Work) -> Agenda:
    agenda = Agenda()
    for each in rows:
        agenda.take_in(each, now=0.0)
    return agenda


def order(agenda: Agenda) -> list[int]:
    return [entry.id for entry in agenda.entries({}, expects_small=lambda _: False, now=1.0)]


def test_a_place_counts_before_the_id() -> None:
    assert order(filled(row(1), row(2, place=-1), row(3), row(4, place=9))) == [2, 1, 3, 4]


def test_what_waits_and_what_is_queued_stand_in_one_line() -> None:
    agenda = filled(row(1), row(2, State.WAITING, place=-1), row(3, State.CONNECTING, place=0))
    assert order(agenda) == [2, 3, 1]
    assert plan(agenda.entries({}, expects_small=lambda _: False, now=1.0), at_once=2, held=False).start == [2, 3]


def test_a_moved_row_stands_there_once() -> None:
    agenda = filled(*map(row, range(1, 6)))
    agenda.take_in(row(5, place=-1), now=0.0)
    assert order(agenda) == [5, 1, 2, 3, 4]
    agenda.take_in(row(5, place=3), now=0.0)
    agenda.take_in(row(3, place=5), now=0.0)
    assert order(agenda) == [1, 2, 5, 4, 3]
    assert len(agenda) == 5


def test_a_row_that_is_over_leaves_its_place() -> None:
    agenda = filled(row(1, place=7), row(2))
    agenda.take_in(row(1, State.COMPLETED, place=8), now=0.0)
    assert order(agenda) == [2]
    agenda.take_in(row(1, place=-4), now=0.0)
    assert order(agenda) == [1, 2]


def test_a_look_costs_what_may_happen() -> None:
    agenda = filled(*(row(each, place=1000 - each) for each in range(1, 501)))
    assert order(agenda) == list(range(500, 500 - RUNNING_MAX, -1))


def test_a_queued_row_with_a_verb_is_looked_at_wherever_it_stands() -> None:
    late = dataclasses.replace(row(400, pending=True, place=9999).download, intent=Intent.PAUSE)
    agenda = filled(*map(row, range(1, 400)), dataclasses.replace(row(400), download=late))
    assert order(agenda)[-1] == 400
    assert agenda.pending
