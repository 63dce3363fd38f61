"""Which columns and events each fact is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.values import DIRECTORY, head, work
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import Finished
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Intent, Reason, Resumable, State
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.settings import Settings
from tui_downloader.state.downloads import WORKER_COLUMNS
from tui_downloader.worker import facts
from tui_downloader.worker.facts import Fact, Received
from tui_downloader.worker.new_events import began_event

SETTINGS = Settings(give_up_seconds=1000.0, retry_first_seconds=2.0)
NOTHING = Received(RangeSet(), None, "boot")
HALF = Received(RangeSet.prefix(500), 1000, "boot")
PLACE = DIRECTORY / "a.iso.part"


def failed(
    row: object, error: TransferError, received: Received = HALF, *, now: float = 100.0, probed: bool = False
) -> Fact:
    return facts.failed(row, error, received, now=now, settings=SETTINGS, jitter=1.0, probed=probed)  # type: ignore[arg-type]  # a Work


def kinds(fact: Fact) -> list[EventKind]:
    return [event.kind for event in fact.events]


def every_fact() -> list[Fact]:
    row, identity = work(waiting_since=1.0), FileIdentity(1, 2, 3)
    began = began_event(row, EventKind.STARTED, offset=0, now=5.0)
    return [
        facts.attempt_began(row, now=5.0),
        facts.response_came(head(), row, began, filename="a", part_path=PLACE, resumable=Resumable.PROVEN),
        facts.resumed(head(), began, verdict=Resumable.PROVEN),
        facts.started_over(row, why="x", kept_bytes=None),
        facts.verifying(identity, HALF),
        facts.renamed("a", "b"),
        facts.finished(row, Finished(DIRECTORY / "a", 5), now=5.0),
        facts.stopped(row, HALF, state=State.PAUSED, now=5.0),
        facts.requeued(row),
        failed(row, TransferError(Reason.TIMEOUT, "x")),
        failed(row, TransferError(Reason.TLS, "x")),
        facts.removed(row, now=5.0),
    ]


def test_facts_write_the_workers_columns_only() -> None:
    for fact in every_fact():
        assert fact.columns
        assert fact.columns.keys() <= WORKER_COLUMNS


def test_no_event_and_no_column_but_the_final_url_tells_a_secret() -> None:
    for fact in every_fact():
        assert "secret" not in str(fact.events)
        assert "secret" not in str({name: value for name, value in fact.columns.items() if name != "final_url"})


# ------------------------------------------------------------------------------------------------------- attempts


def test_an_attempt_counts_and_keeps_the_first_start() -> None:
    fact = facts.attempt_began(work(State.WAITING, waiting_since=3.0), now=50.0)
    assert fact.columns["state"] == "connecting"
    assert fact.columns["attempt"] == 5
    assert fact.columns["started_at"] == 50.0
    assert fact.columns["acted_number"] == 3
    assert fact.columns["reason"] is fact.columns["retry_at"] is None
    assert "waiting_since" not in fact.columns
    assert kinds(fact) == []


def test_a_whole_response_begins_from_nothing() -> None:
    row = work()
    began = began_event(row, EventKind.STARTED, offset=0, now=5.0)
    fact = facts.response_came(head(), row, began, filename="a", part_path=PLACE, resumable=Resumable.PROVEN)
    columns = fact.columns
    assert (columns["state"], columns["filename"], columns["part_path"]) == ("transferring", "a", str(PLACE))
    assert (columns["received"], columns["synced"], columns["bytes_received"]) == ("", "", 0)
    assert (columns["device"], columns["inode"]) == (None, None)
    assert (columns["entity_tag"], columns["bytes_expected"]) == ('"v1"', 1000)
    assert kinds(fact) == [EventKind.STARTED, EventKind.RESPONSE_RECEIVED]


def test_a_coded_body_leaves_nothing_to_resume_with() -> None:
    row = work()
    began = began_event(row, EventKind.STARTED, offset=0, now=5.0)
    answer = head(content_coding="gzip")
    fact = facts.response_came(answer, row, began, filename="a", part_path=PLACE, resumable=Resumable.NO)
    assert [fact.columns[name] for name in ("entity_tag", "last_modified", "bytes_expected")] == [None] * 3


def test_another_name_than_before_is_told() -> None:
    row = work(filename="old.iso")
    began = began_event(row, EventKind.STARTED, offset=0, now=5.0)
    fact = facts.response_came(head(), row, began, filename="a", part_path=PLACE, resumable=Resumable.PROVEN)
    assert kinds(fact)[-1] is EventKind.RENAMED
    assert fact.events[-1].fields == {"from": "old.iso", "to": "a"}


def test_the_beginning_tells_how_long_it_waited_for_what() -> None:
    row = work(State.WAITING, waiting_since=10.0, reason=Reason.OFFLINE)
    event = began_event(row, EventKind.RESUMED, offset=9, now=71.04, verdict=Resumable.LIKELY)
    assert event.fields == {
        "attempt": 5,
        "offset": 9,
        "verdict": "likely",
        "waited_seconds": 61.0,
        "waited_for": "offline",
        "filename": "a.iso",
    }


def test_a_hostile_host_is_made_harmless() -> None:
    row = work()
    began = began_event(row, EventKind.RESUMED, offset=9, now=1.0)
    fact = facts.resumed(head(final_host="evil\x1b[2J\u202e"), began, verdict=Resumable.PROVEN)
    assert fact.columns["final_host"] == "evil\ufffd[2J\ufffd"


def test_starting_over_counts_and_forgets_the_bytes() -> None:
    fact = facts.started_over(work(restarts=2), why="changed", kept_bytes=77)
    assert fact.columns["restarts"] == 3
    assert (fact.columns["received"], fact.columns["bytes_received"]) == ("", 0)
    assert fact.events[0].fields == {"why": "changed", "kept_bytes": 77, "offset": 0, "filename": "a.iso"}


def test_verifying_commits_which_file_gets_the_name() -> None:
    received = Received(RangeSet.prefix(1000), None, "boot")
    columns = facts.verifying(FileIdentity(1, 2, 1000), received).columns
    assert (columns["device"], columns["inode"], columns["bytes_expected"]) == (1, 2, 1000)
    assert columns["received"] == columns["synced"] == "0-1000"


# --------------------------------------------------------------------------------------------------------- ends


def test_a_finished_one_keeps_nothing_of_its_way() -> None:
    fact = facts.finished(work(reason=Reason.TIMEOUT), Finished(DIRECTORY / "a.iso", 1000), now=50.0)
    columns = fact.columns
    assert (columns["state"], columns["filename"], columns["bytes_received"]) == ("completed", "a.iso", 1000)
    assert (columns["part_path"], columns["received"], columns["connections"]) == (None, "", 0)
    assert (columns["reason"], columns["error"], columns["waiting_since"]) == (None, None, None)
    assert fact.events[0].fields["path"] == str(DIRECTORY / "a.iso")


@pytest.mark.parametrize("intent", [Intent.RUN, Intent.PAUSE, Intent.CANCEL])
def test_finishing_acts_on_every_verb(intent: Intent) -> None:
    fact = facts.finished(work(intent=intent, pending=True), Finished(DIRECTORY / "a", 1), now=5.0)
    assert fact.columns["acted_number"] == 3


def test_no_end_of_a_transfer_acts_on_a_removal() -> None:
    row = work(intent=Intent.REMOVE, pending=True)
    assert facts.finished(row, Finished(DIRECTORY / "a", 1), now=5.0).columns["acted_number"] == 2
    assert facts.stopped(row, HALF, state=State.QUEUED, now=5.0).columns["acted_number"] == 2
    assert facts.removed(row, now=5.0).columns["acted_number"] == 3


@pytest.mark.parametrize(
    ("state", "told", "finished_at"),
    [
        (State.PAUSED, [EventKind.PAUSED], None),
        (State.CANCELLED, [EventKind.CANCELLED], 5.0),
        (State.QUEUED, [], None),
    ],
)
def test_stopping(state: State, told: list[EventKind], finished_at: float | None) -> None:
    fact = facts.stopped(work(pending=True), HALF, state=state, now=5.0)
    assert fact.columns["state"] == state.value
    assert fact.columns["acted_number"] == 3
    assert (fact.columns["received"], fact.columns["boot_id"]) == ("0-500", "boot")
    assert (fact.columns["finished_at"], kinds(fact)) == (finished_at, told)


def test_asking_again_begins_counting_anew() -> None:
    columns = facts.requeued(work(State.FAILED, pending=True, reason=Reason.GAVE_UP)).columns
    assert (columns["state"], columns["acted_number"]) == ("queued", 3)
    assert (columns["failures"], columns["restarts"], columns["finished_at"]) == (0, 0, None)
    assert (columns["reason"], columns["error"], columns["retry_at"]) == (None, None, None)


def test_asking_again_after_giving_up_gives_all_the_time_again() -> None:
    """Else the first failure after a resume gives up at once."""
    assert (
        facts.requeued(work(State.FAILED, progress_at=1.0, reason=Reason.GAVE_UP)).columns["progress_at"] is None
    )


# ------------------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("reason", list(Reason))
def test_the_reason_decides_between_waiting_and_failed(reason: Reason) -> None:
    fact = failed(work(), TransferError(reason, "sentence", http_status=503))
    assert fact.columns["state"] == ("waiting" if reason.waits else "failed")
    assert (fact.columns["reason"], fact.columns["error"]) == (reason.value, "sentence")
    assert (fact.columns["retry_at"] is not None) == reason.waits
    assert (fact.columns["waiting_since"] is not None) == reason.waits
    assert (fact.columns.get("finished_at") is not None) == (not reason.waits)
    assert kinds(fact) == [EventKind.WAITING if reason.waits else EventKind.FAILED]
    assert (fact.columns["received"], fact.columns["bytes_per_second"], fact.columns["connections"]) == (
        "0-500",
        0.0,
        0,
    )


def test_failures_count_until_there_is_progress() -> None:
    lost = TransferError(Reason.CONNECTION_LOST, "x")
    assert failed(work(failures=3, high_water=500), lost).columns["failures"] == 4
    assert failed(work(failures=3, high_water=499), lost).columns["failures"] == 1
    assert failed(work(failures=3, high_water=500), TransferError(Reason.OFFLINE, "x")).columns["failures"] == 3


def test_progress_is_a_new_high_water_mark() -> None:
    lost = TransferError(Reason.CONNECTION_LOST, "x")
    none = failed(work(high_water=800, progress_at=7.0), lost)
    assert (none.columns["high_water"], none.columns["progress_at"]) == (800, 7.0)
    some = failed(work(high_water=400, progress_at=7.0), lost)
    assert (some.columns["high_water"], some.columns["progress_at"]) == (500, 100.0)


def test_it_gives_up_after_long_without_progress() -> None:
    lost = TransferError(Reason.CONNECTION_LOST, "connection lost")
    row = work(high_water=500, progress_at=1.0)
    assert failed(row, lost, now=1001.0).columns["state"] == "waiting"
    fact = failed(row, lost, now=1001.5)
    assert (fact.columns["state"], fact.columns["reason"]) == ("failed", "gave-up")
    assert fact.columns["error"] == "gave up: connection lost"
    assert failed(work(high_water=400, progress_at=1.0), lost, now=1001.5).columns["state"] == "waiting"


def test_the_wait_is_the_servers_or_the_doubled_one() -> None:
    asked = failed(work(), TransferError(Reason.SERVER_BUSY, "x", retry_after_seconds=33.0))
    assert (asked.columns["retry_at"], asked.columns["retry_delay_seconds"]) == (133.0, 33.0)
    doubled = failed(work(failures=2, high_water=500), TransferError(Reason.TIMEOUT, "x"))
    assert doubled.columns["retry_delay_seconds"] == 8.0


def test_the_search_for_the_network_is_told_once() -> None:
    offline = TransferError(Reason.OFFLINE, "no network")
    assert kinds(failed(work(), offline)) == [EventKind.WAITING]
    again = failed(work(State.CONNECTING, waiting_since=3.0), offline, probed=True)
    assert kinds(again) == []
    assert again.columns["waiting_since"] == 3.0


def test_that_there_is_still_no_room_is_no_news() -> None:
    full = TransferError(Reason.DISK_FULL, "disk full")
    assert kinds(failed(work(), full)) == [EventKind.WAITING]
    assert kinds(failed(work(State.CONNECTING, waiting_since=3.0), full, probed=True)) == []


def test_another_reason_to_wait_than_before_is_told() -> None:
    row = work(State.CONNECTING, waiting_since=3.0)
    after_timeout = failed(row, TransferError(Reason.OFFLINE, "no network"))
    assert kinds(after_timeout) == [EventKind.WAITING]
    assert after_timeout.columns["waiting_since"] == 3.0
    assert kinds(failed(row, TransferError(Reason.TIMEOUT, "x"), probed=True)) == [EventKind.WAITING]


# -------------------------------------------------------------------------------------------------------- removal


def test_a_tombstone_has_no_bytes_and_nothing_to_do() -> None:
    fact = facts.removed(work(intent=Intent.REMOVE, pending=True), now=9.0)
    assert (fact.columns["removed_at"], fact.columns["part_path"], fact.columns["received"]) == (9.0, None, "")
    assert kinds(fact) == [EventKind.REMOVED]


def test_progress_columns_tell_only_what_is_on_disk() -> None:
    ranges = RangeSet.of([ByteRange(0, 10), ByteRange(20, 25)])
    assert Received(ranges, 100, "boot").columns == {
        "bytes_received": 15,
        "bytes_expected": 100,
        "received": "0-10,20-25",
        "boot_id": "boot",
    }


def test_an_event_of_a_file_name_is_safe_to_print() -> None:
    fact = facts.finished(work(), Finished(Path("/d/a\u202egpj.txt"), 1), now=5.0)
    assert fact.events[0].fields["filename"] == "a\ufffdgpj.txt"
