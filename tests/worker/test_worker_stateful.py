"""One download through whatever servers, users and crashes do, in any order: in the end the right bytes.

Hypothesis draws the stories. They are always the same ones; what a printed story leaves open is chance between
processes. What no client can notice is left out: a whole body that is marked as complete too early, bytes torn
under one tag, and a part of a new version without any mark, from a server that overhears `If-Range`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.support.fault_server import FaultServer, LoggedRequest, Resource, body
from tests.support.faults import (
    Chunked,
    DropAfter,
    Fault,
    ForcedGzip,
    GarbageReply,
    IgnoreIfRange,
    IgnoreRange,
    LengthMinus,
    LengthPlus,
    PartialIn200,
    Refuse,
    ResetAfter,
    ShiftedRange,
    StallAfter,
    Status,
    UnknownTotal,
    Unsatisfiable,
    WholeBodyIn206,
    WrongTotal,
    is_ranged,
)
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import RangeSet

SETTINGS = "retry_first_seconds = 0.05\nworker_idle_seconds = 600.0\n"
SIZES = (1_500_000, 6_000_000)
"""One connection and a body that is read from the socket; several."""
NEXT_SECONDS = 0.2
"""How long a step waits for the next thing to happen at the server."""

FAULTS = st.none() | st.sampled_from(
    [
        Chunked(),
        ForcedGzip(),
        GarbageReply(b"nothing\r\n\r\n"),
        IgnoreRange(),
        IgnoreRange(announced=True),
        LengthMinus(100, when=is_ranged),
        LengthPlus(100),
        PartialIn200(),
        Refuse(),
        ShiftedRange(-1000),
        Status(403),
        Status(503),
        UnknownTotal(),
        Unsatisfiable(),
        WholeBodyIn206(),
        WrongTotal(),
    ]
)
"""What a server may do wrong for a while, beside ending its replies early; often nothing."""
SMALL = 200_000
"""Bytes of a reply that are worth to go on from."""
AMOUNTS = st.sampled_from([SMALL, 500_000, 900_000])
"""After how many bytes a reply ends early, so that the story has time."""
LEASHES = st.sampled_from([StallAfter, DropAfter, ResetAfter])
"""How it does."""
VERSIONS = st.sampled_from(["changed", "same", "same", "same", "touched", "longer"])
INTERRUPTIONS = st.sampled_from(["paused", "paused", "killed", "none"])


@dataclass(frozen=True, slots=True)
class Validators:
    """How a server marks its versions of an object."""

    etag: str | None
    """Entity tag, with a place for the number; `None` is none."""
    dated: bool
    """Whether it sends the date of the last change."""

    def mark(self, content: bytes, number: int) -> Resource:
        """Make a version."""
        etag = None if self.etag is None else self.etag.format(number)
        return Resource(content, etag=etag, last_modified=1_700_000_000.0 + number if self.dated else None)


MARKS = (
    Validators('"{}"', dated=True),
    Validators('W/"{}"', dated=False),
    Validators(None, dated=True),
    Validators(None, dated=False),
)
_numbers = count(1)


class Story(RuleBasedStateMachine):
    """What happens to one download."""

    def __init__(self, control: SessionControl, server: FaultServer) -> None:
        """Begin with nothing; session and server are shared by all stories."""
        super().__init__()
        self.control = control
        self.server = server
        self.path = f"/{next(_numbers)}.bin"
        self.versions: list[Resource] = []
        self.faults: list[Fault] = []
        self.id = 0

    @initialize(size=st.sampled_from(SIZES), marks=st.sampled_from(MARKS), at=AMOUNTS, careless=st.booleans())
    def add(self, size: int, marks: Validators, at: int, careless: bool) -> None:
        """The user adds a download, and its first reply stalls; a careless server overhears `If-Range`, always."""
        self.size, self.marks = size, marks
        self.habits: list[Fault] = [IgnoreIfRange()] if careless else []
        self.faults = [StallAfter(at)]
        self._publish(body(next(_numbers), size))
        (self.id,) = self.control.add(self.server.url(self.path), connections_max=4)
        self._let_run(0)

    @rule(version=VERSIONS, leash=LEASHES, at=AMOUNTS, fault=FAULTS, interruption=INTERRUPTIONS)
    def another_day(
        self, version: str, leash: Callable[[int], Fault], at: int, fault: Fault | None, interruption: str
    ) -> None:
        """The server changes what it gives and how; the download is interrupted, and goes on."""
        self.faults = [leash(at)] if fault is None else [leash(at), fault]
        if version == "same":
            self._serve()
        else:
            longer = 1000 if version == "longer" else 0
            touched = version == "touched"
            self._publish(self.versions[-1].content if touched else body(next(_numbers), self.size + longer))
        asked = len(self.server.requests(self.path))
        self._interrupt(interruption)
        self._let_run(asked)

    @invariant()
    def no_wrong_file(self) -> None:
        """Whatever lies under the final name is one version, whole."""
        if self.id:
            self._check({each.content for each in self.versions})

    def teardown(self) -> None:
        """The faults are lifted: the newest version comes, unless an older one was there, whole, before."""
        if not self.id:
            return
        self.faults = []
        self._serve()
        self.control.session.pause([self.id])
        self.control.wait_until_acted(self.id, State.PAUSED, State.COMPLETED)
        asked = len(self.server.requests(self.path))
        self.control.session.resume([self.id])
        row = self.control.wait_until_acted(self.id, State.COMPLETED, State.FAILED)
        assert row.state is State.COMPLETED, self._story(row)
        was_asked = len(self.server.requests(self.path)) > asked
        self._check({each.content for each in (self.versions[-1:] if was_asked else self.versions)})
        self.control.session.remove([self.id], delete_file=True)

    def _publish(self, content: bytes) -> None:
        self.versions.append(self.marks.mark(content, len(self.versions)))
        self._serve()

    def _serve(self) -> None:
        self.server.add(self.path, self.versions[-1], faults=[*self.habits, *self.faults])

    def _interrupt(self, how: str) -> None:
        """Let the user pause, or the worker be killed; then have it go on, whatever it was before."""
        session = self.control.session
        if how == "killed" and session.worker_status().running:
            self.control.kill_worker()
            self._check_part()
        elif how == "paused":
            session.pause([self.id])
            self.control.wait_until_acted(self.id, State.PAUSED, State.COMPLETED)
            self._check_part()
        session.resume([self.id])

    def _let_run(self, asked: int) -> None:
        """Wait until a request after the first so many is answered as far as it will be; there may be none."""

        def is_answered(log: Sequence[LoggedRequest]) -> bool:
            mine = [each for each in log if each.path == self.path][asked:]
            return any(each.ended or each.body_bytes_sent >= SMALL for each in mine)

        with contextlib.suppress(TimeoutError):
            self.server.wait_for(is_answered, timeout_seconds=NEXT_SECONDS)

    def _check(self, contents: set[bytes]) -> None:
        """Check that the file is one of these, if there is one."""
        row = self.control.row(self.id)
        names = [each for each in self.control.downloads.iterdir() if each.name == self.path[1:]]
        for path in names:
            assert path.read_bytes() in contents, f"a wrong file under the final name\n{self._story(row)}"
        assert names or row.state is not State.COMPLETED, self._story(row)

    def _check_part(self) -> None:
        """Check, while nothing writes, that all bytes that count as received are of one version."""
        with self.control.database() as database:
            select = "SELECT part_path, received FROM downloads WHERE id = ?"
            path, received = database.execute(select, [self.id]).fetchone()
        if path is None or not Path(path).exists():
            return  # killed before it was made, or after it was set aside: the next worker starts over
        content = Path(path).read_bytes()
        parts = [slice(each.start, each.stop) for each in RangeSet.parse(received)]
        assert any(all(content[each] == version.content[each] for each in parts) for version in self.versions), (
            f"{received} are not of one version\n{self._story(self.control.row(self.id))}"
        )

    def _story(self, row: Download) -> str:
        """Tell what happened, for a test that failed."""
        asked = [(each.asked_range, each.status, each.body_bytes_sent) for each in self.server.requests(self.path)]
        told = [(each.kind.value, dict(each.fields)) for each in self.control.session.events_of(self.id)]
        return "\n".join([str(row), "asked:", *map(str, asked), "told:", *map(str, told)])


def test_whatever_happens_the_right_bytes_come(
    control: SessionControl, fault_server: FaultServer, write_settings: Path
) -> None:
    write_settings.write_text(SETTINGS)

    class ThisStory(Story):
        def __init__(self) -> None:
            super().__init__(control, fault_server)

    run_state_machine_as_test(
        ThisStory,
        settings=settings(
            max_examples=12,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # the first story that fails is told in full; a shorter one takes too long
            suppress_health_check=list(HealthCheck),
        ),
    )
