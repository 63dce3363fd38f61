"""The life of a download: random verbs, outcomes and crashes, on a real row with the worker's own rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.state.files import new_state_file
from tests.worker.values import DIRECTORY, URL, head
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import Finished
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import FOLLOWERS, Intent, Reason, Resumable, State, has_work, may_follow
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.model.resume import Work
from tui_downloader.settings import Settings
from tui_downloader.state import downloads
from tui_downloader.state import work as work_rows
from tui_downloader.state.database import Database
from tui_downloader.worker import facts
from tui_downloader.worker.facts import Fact, Received
from tui_downloader.worker.new_events import began_event
from tui_downloader.worker.schedule import SETTLED_BY, Entry, plan

SETTINGS = Settings(give_up_seconds=500.0)
BOOT = "boot"
VERBS = [f"verb {intent.value}" for intent in Intent]
OUTCOMES = ["finish", "stopped", *(f"error {reason.value}" for reason in Reason)]
STEPS = ["respond", "resume", "start over", "verify"]
ACTIONS = st.lists(
    st.one_of(
        st.just("tick"),
        st.sampled_from(["tick", "crash", "time"]),
        st.sampled_from(VERBS),
        st.sampled_from(STEPS),
        st.sampled_from(OUTCOMES),
    ),
    max_size=40,
)


class Life:
    """One row, changed only by what the session and the worker's rules write."""

    def __init__(self, database: Database, *, paused: bool = False) -> None:
        self.database = database
        self.now = 1000.0
        self.running = False
        with database.transaction() as transaction:
            request = Request(url=URL, directory=DIRECTORY, paused=paused)
            self.id = downloads.insert(transaction, request, now=self.now)

    @property
    def work(self) -> Work:
        work = work_rows.read_work_of(self.database, self.id, boot_id=BOOT)
        assert work is not None
        return work

    @property
    def pending(self) -> bool:
        return self.work.download.intent_number > self.work.download.acted_number

    def do(self, action: str) -> None:
        kind, _, word = action.partition(" ")
        if kind == "verb":
            with self.database.transaction() as transaction:
                downloads.set_intent(transaction, self.id, Intent(word))
        elif kind == "time":
            self.now += 300.0
        elif kind == "crash":
            self.running = False
        elif kind == "tick":
            self.tick()
        elif self.running:
            self.transfer(kind, word)

    def write(self, fact: Fact) -> None:
        before = self.work.download
        with self.database.transaction() as transaction:
            downloads.update(transaction, self.id, fact.columns)
        after = self.work.download
        assert may_follow(before.state, after.state), f"{before.state} becomes {after.state}"
        assert before.removed_at is None, "a tombstone is not written again"
        assert before.acted_number <= after.acted_number <= after.intent_number

    def tick(self) -> None:
        """Do what one round of the worker's loop does for this row."""
        work = self.work
        download = work.download
        if download.removed_at is not None:
            return
        entry = Entry(
            id=self.id,
            intent=download.intent,
            pending=self.pending,
            state=download.state,
            running=self.running,
            due=self.now >= (download.retry_at or 0.0),
        )
        steps = plan([entry], at_once=1, held=False)
        for _ in steps.stop:
            self.end(None)
        for _, state in steps.settle:
            again = state is State.QUEUED
            self.write(
                facts.requeued(work) if again else facts.stopped(work, received(work), state=state, now=self.now)
            )
        for _ in steps.acknowledge:
            self.write(Fact({"acted_number": download.intent_number}))
        for _ in steps.remove:
            self.write(facts.removed(work, now=self.now))
        for _ in steps.start:
            self.write(facts.attempt_began(work, now=self.now))
            self.running = True

    def transfer(self, kind: str, word: str) -> None:
        """Do what a transfer may do in the state it is in."""
        work = self.work
        state = work.download.state
        began = began_event(work, EventKind.STARTED, offset=0, now=self.now)
        if kind == "respond" and state is State.CONNECTING:
            place = DIRECTORY / "a.part"
            self.write(
                facts.response_came(head(), work, began, filename="a", part_path=place, resumable=Resumable.PROVEN)
            )
        elif kind == "resume" and state is State.CONNECTING:
            self.write(facts.resumed(head(), began, verdict=Resumable.PROVEN))
        elif kind == "start" and state is State.CONNECTING:
            self.write(facts.started_over(work, why="changed", kept_bytes=None))
        elif kind == "verify" and state in {State.CONNECTING, State.TRANSFERRING}:
            self.write(facts.verifying(FileIdentity(1, 2, 1000), Received(RangeSet.prefix(1000), 1000, BOOT)))
        elif kind == "finish" and state is State.VERIFYING:
            self.end(Finished(DIRECTORY / "a", 1000))
        elif kind == "stopped":
            self.end(None)
        elif kind == "error":
            self.end(TransferError(Reason(word), "sentence"))

    def end(self, outcome: Finished | TransferError | None) -> None:
        """Take in an outcome as the worker does; `None` is stopped."""
        work, self.running = self.work, False
        intent = work.download.intent
        if isinstance(outcome, Finished):
            self.write(facts.finished(work, outcome, now=self.now))
        elif outcome is None or (self.pending and intent is not Intent.RUN):
            state = SETTLED_BY.get(intent, State.QUEUED)
            self.write(facts.stopped(work, received(work), state=state, now=self.now))
        else:
            self.write(facts.failed(work, outcome, received(work), now=self.now, settings=SETTINGS, jitter=0.5))


def received(work: Work) -> Received:
    return Received(work.download.received, work.download.bytes_expected, BOOT)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(new_state_file(tmp_path_factory.mktemp("life")), durable=False)
    database.run_once("PRAGMA synchronous = OFF")
    yield database
    database.close()


@given(actions=ACTIONS, paused=st.booleans())
@example(actions=["tick", "tick", "respond", "verify", "crash", "tick"], paused=False)
@example(actions=["tick", "tick", "respond", "verb remove", "stopped", "tick"], paused=False)
@example(actions=["tick", "tick", "respond", "verb remove", "error timeout", "tick"], paused=False)
def test_no_sequence_leaves_the_table_of_states(rows: Database, actions: list[str], paused: bool) -> None:
    life, completed = Life(rows, paused=paused), False
    for action in actions:
        life.do(action)
        download = life.work.download
        assert not completed or download.state is State.COMPLETED
        completed = download.state is State.COMPLETED
        assert (download.retry_at is not None) == (download.state is State.WAITING)
        if download.removed_at is None:
            assert (download.reason is not None) == (download.state in {State.WAITING, State.FAILED})
        assert download.reason is None or download.reason.waits == (download.state is State.WAITING)


@given(actions=ACTIONS, last=st.sampled_from(list(Intent)))
@example(actions=["tick", "tick", "respond"], last=Intent.REMOVE)
@example(actions=["tick", "tick", "respond", "verify"], last=Intent.PAUSE)
def test_the_last_verb_is_carried_out(rows: Database, actions: list[str], last: Intent) -> None:
    life = Life(rows)
    for action in actions:
        life.do(action)
    before = life.work.download
    life.do(f"verb {last.value}")
    for _ in range(4):
        life.now += 100_000.0
        life.do("tick")
        if last is Intent.RUN:
            for step in ("respond", "verify", "finish"):
                life.do(step)
    download = life.work.download
    if Intent.REMOVE in {before.intent, last}:
        assert download.removed_at is not None
    elif before.state is State.COMPLETED:
        assert download.state is State.COMPLETED
    else:
        assert download.state is {**SETTLED_BY, Intent.RUN: State.COMPLETED}[last]
    assert not has_work(
        intent=download.intent,
        intent_number=download.intent_number,
        acted_number=download.acted_number,
        state=download.state,
    )


def test_a_row_left_while_it_was_verified_may_be_connected_again() -> None:
    """What a killed worker leaves in any live state starts again with an attempt."""
    for state in (State.QUEUED, State.CONNECTING, State.TRANSFERRING, State.VERIFYING):
        assert may_follow(state, State.CONNECTING)


def test_a_file_that_was_moved_before_a_crash_completes_from_connecting() -> None:
    assert may_follow(State.CONNECTING, State.COMPLETED)


def test_the_table_knows_every_state() -> None:
    assert FOLLOWERS.keys() == set(State)
    assert FOLLOWERS[State.COMPLETED] == frozenset()
