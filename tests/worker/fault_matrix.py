"""What must come of each fault in each situation: a table.

Owns faults and expected outcomes. Must never run anything: `test_worker_fault_matrix` does.

While a fault lasts, nothing may lie under the final name unless the outcome is `done`. Then the test lifts it, and
the download must complete with the right bytes, whatever came before.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tests.support.fault_server import Resource, body
from tests.support.faults import (
    BareRange,
    ChangeEveryRequest,
    Chunked,
    Drip,
    DropAfter,
    Fault,
    FlipAt,
    ForcedGzip,
    GarbageReply,
    HeaderBomb,
    IgnoreIfRange,
    IgnoreRange,
    InterimResponses,
    LengthMinus,
    LengthPlus,
    ManyFields,
    MaxConnections,
    NoLength,
    NoRangesFor200,
    Pace,
    PartialIn200,
    Redirect,
    RedirectLoop,
    Refuse,
    Replaced,
    ResetAfter,
    ShiftedRange,
    SlowHeaders,
    Status,
    UnknownTotal,
    Unsatisfiable,
    WholeBodyIn206,
    WrongTotal,
)
from tests.support.request import Request
from tui_downloader.model.lifecycle import Reason

CUT = 300_000
"""Where bodies are cut."""
SILENT = 0.01
"""Bytes a second of a connection that says nothing more."""
DATE = 1_700_000_000.0
"""When the object was changed last, Unix seconds."""

When = Callable[[Request], bool]
Make = Callable[[When, int | None], tuple[Fault, ...]]
"""Makes a row's faults, from which requests they are for and how often they act."""
Content = Callable[[bytes], bytes]
"""Makes the bytes that must come from those of the true object."""


_bytes = lru_cache(maxsize=8)(body)


def same(content: bytes) -> bytes:
    """Return the true object."""
    return content


def other(content: bytes) -> bytes:
    """Return another object of the same length."""
    return _bytes(2, len(content))


def other_beginning(content: bytes) -> bytes:
    """Return another object that differs from the true one in its first bytes only."""
    return _bytes(3, 1000) + content[1000:]


def short(content: bytes) -> bytes:
    """Return what a server gives that claims too small a length: by the protocol that is all."""
    return content[:-100]


def cut(content: bytes) -> bytes:
    """Return what a server gives that marks no length and ends early: by the protocol that is all."""
    return content[:CUT]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must come of a download while the fault lasts."""

    reason: Reason | None = None
    """Why it waits or failed; `None`: it completes by itself."""
    content: Content = same
    """What it completes with."""
    retry_seconds: float = 0.0
    """For one that waits: how long at least."""


def done(content: Content = same) -> Outcome:
    """It completes by itself, with these bytes."""
    return Outcome(content=content)


def ends(reason: Reason, *, retry_seconds: float = 0.0) -> Outcome:
    """It waits or failed, and says why."""
    return Outcome(reason, retry_seconds=retry_seconds)


@dataclass(frozen=True, slots=True)
class Row:
    """One fault with what must come of it."""

    name: str
    faults: Make
    first: Outcome
    """From the first request on; one connection."""
    resumed: Outcome
    """From the second request on, which comes after a pause or a killed worker."""
    one_of_four: Outcome | None = Outcome()
    """At one of several connections, once; `None`: there is never more than one."""
    etag: str | None = '"v1"'
    """Entity tag of the true object; `None` is none."""
    last_modified: float | None = DATE
    """When the true object was changed, Unix seconds; `None` says nothing."""
    has_digest: bool = False
    """Whether the server names the digest of the true object."""
    lasting: bool = False
    """Whether on several connections it lasts, from the third request on."""

    def resource(self, size: int) -> Resource:
        """Make the true object."""
        content = _bytes(1, size)
        value = base64.b64encode(hashlib.sha256(content).digest()).decode()
        fields = (("Repr-Digest", f"sha-256=:{value}:"),) if self.has_digest else ()
        return Resource(content, etag=self.etag, last_modified=self.last_modified, fields=fields)


def _one(kind: Callable[..., Fault], *arguments: object, **more: object) -> Make:
    """Make the faults of a row that needs only one."""
    return lambda when, times: (kind(*arguments, **more, when=when, times=times),)


def _two(one: Make, two: Make) -> Make:
    """Make the faults of a row that needs two."""
    return lambda when, times: (*one(when, times), *two(when, times))


def _status(code: int, *fields: tuple[str, str]) -> Make:
    """Make the faults of a row that is about a status code."""
    return _one(Status, code, fields=fields)


_DONE = done()
_OTHER = done(other)
_OTHER_BEGINNING = done(other_beginning)
_LOST = ends(Reason.CONNECTION_LOST)
_TIMEOUT = ends(Reason.TIMEOUT)
_BAD = ends(Reason.BAD_RESPONSE)
_BUSY = ends(Reason.SERVER_BUSY)
_REFUSED_REDIRECT = ends(Reason.REFUSED_REDIRECT)
_GAVE_UP = ends(Reason.GAVE_UP)
_MISMATCH = ends(Reason.CHECKSUM_MISMATCH)
_HOUR = ends(Reason.SERVER_BUSY, retry_seconds=3600)
_DAY = ends(Reason.SERVER_BUSY, retry_seconds=86_400)
_FAR_DATE = ("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT")

HOW_BYTES_ARRIVE = [
    Row("cut by FIN", _one(DropAfter, CUT), _DONE, _DONE),
    Row("cut by RST", _one(ResetAfter, CUT), _DONE, _DONE),
    Row("stalls", _one(Pace, SILENT), _TIMEOUT, _TIMEOUT),
    Row("drips its body", _one(Drip, 0.02), _TIMEOUT, _TIMEOUT),
    Row("drips its header", _one(Drip, 0.01, head=True, body=False), _TIMEOUT, _TIMEOUT),
    Row("is silent", _one(SlowHeaders, 600.0), _TIMEOUT, _TIMEOUT),
    Row("closes unanswered", _one(Refuse), _LOST, _LOST),
    Row("resets unanswered", _one(Refuse, reset=True), _LOST, _LOST),
    Row("no HTTP", _one(GarbageReply, b"\x00\x01 nothing\r\n\r\n"), _BAD, _BAD),
    Row("endless header", _one(HeaderBomb), _BAD, _BAD),
    Row("too many fields", _one(ManyFields, 5000), _BAD, _BAD),
    Row("many fields", _one(ManyFields, 200), _DONE, _DONE),
    Row("some interim responses", _one(InterimResponses, 5), _DONE, _DONE),
    Row("endless interim responses", _one(InterimResponses, 5000), _BAD, _BAD),
    Row("one connection only", _one(MaxConnections, 1), _DONE, _DONE, lasting=True),
]

STATUSES = [
    Row("401", _status(401), ends(Reason.NEEDS_CREDENTIALS), ends(Reason.NEEDS_CREDENTIALS)),
    Row("403", _status(403), ends(Reason.REFUSED), ends(Reason.LINK_EXPIRED)),
    Row("404", _status(404), ends(Reason.NOT_FOUND), ends(Reason.NOT_FOUND)),
    Row("410", _status(410), ends(Reason.NOT_FOUND), ends(Reason.LINK_EXPIRED)),
    Row("429 in an hour", _status(429, ("Retry-After", "3600")), _HOUR, _HOUR),
    Row("500", _status(500), ends(Reason.SERVER_ERROR), ends(Reason.SERVER_ERROR)),
    Row("503", _status(503), _BUSY, _BUSY),
    Row("503 until a date", _status(503, _FAR_DATE), _DAY, _DAY),
    Row("redirect loop", _one(RedirectLoop), ends(Reason.TOO_MANY_REDIRECTS), ends(Reason.TOO_MANY_REDIRECTS)),
    Row("blank Location", _one(Redirect, ""), _BAD, _BAD),
    Row("to a file", _one(Redirect, "file:///etc/passwd"), _REFUSED_REDIRECT, _REFUSED_REDIRECT),
]

LENGTHS = [
    Row("length + 100", _one(LengthPlus, 100), _GAVE_UP, _GAVE_UP),
    Row("length - 100", _one(LengthMinus, 100), done(short), done(short)),
    Row("length - 100, digest", _one(LengthMinus, 100), _MISMATCH, _MISMATCH, has_digest=True),
    Row("chunked", _one(Chunked), _DONE, _DONE),
    Row("chunked, cut", _one(Chunked, CUT), _DONE, _DONE),
    Row("no length", _one(NoLength), _DONE, _DONE),
    Row("no length, cut", _one(NoLength, CUT), done(cut), _DONE),
    Row("no length, cut, digest", _one(NoLength, CUT), _MISMATCH, _DONE, has_digest=True),
    Row("gzip forced", _one(ForcedGzip), _DONE, _DONE),
    Row("gzip forced, same tag", _one(ForcedGzip, etag='"v1"'), _DONE, _DONE),
    Row("gzip forced, cut", _two(_one(ForcedGzip), _one(DropAfter, CUT)), _GAVE_UP, _GAVE_UP),
]

RANGES = [
    Row("range ignored", _one(IgnoreRange), _DONE, _DONE),
    Row("range ignored, announced", _one(IgnoreRange, announced=True), _DONE, _DONE),
    Row("range shifted", _one(ShiftedRange, 1000), _DONE, _DONE),
    Row("range shifted back", _one(ShiftedRange, -1000), _DONE, _DONE),
    Row("other total", _one(WrongTotal), _DONE, _DONE),
    Row("unknown total", _one(UnknownTotal), _DONE, _DONE),
    Row("206 with the whole body", _one(WholeBodyIn206), _DONE, _DONE),
    Row("206 with the whole body, chunked", _two(_one(WholeBodyIn206), _one(Chunked)), _DONE, _DONE),
    Row("200 with Content-Range", _one(PartialIn200), _DONE, _DONE),
    Row("416 on a part", _one(Unsatisfiable), _DONE, _DONE),
    Row("416 naming what we have", _one(Unsatisfiable, total=1_500_000), _DONE, _DONE),
    Row("206 without validators", _one(BareRange), _DONE, _DONE),
    Row("ranges not announced", _one(NoRangesFor200), _DONE, _DONE),
    Row("ranges denied", _one(NoRangesFor200, say_none=True), _DONE, _DONE),
]

_UNTAGGED = _one(Replaced, other, etag=None)
_UNKNOWN = _one(Replaced, other, etag=None, last_modified=None)

CHANGES = [
    Row("changed", _one(Replaced, other), _OTHER, _OTHER),
    Row("changed for good", _one(Replaced, other), _OTHER, _OTHER, _OTHER, lasting=True),
    Row("changed at its beginning", _one(Replaced, other_beginning), _OTHER_BEGINNING, _OTHER_BEGINNING),
    Row("touched", _one(Replaced, same), _DONE, _DONE),
    Row("changed, If-Range ignored", _two(_one(IgnoreIfRange), _one(Replaced, other)), _OTHER, _OTHER),
    Row("changed, weak tag", _one(Replaced, other, etag='W/"v2"'), _OTHER, _OTHER, etag='W/"v1"'),
    Row("changed, date only", _UNTAGGED, _OTHER, _OTHER, etag=None),
    Row(
        "changed, weak tag only",
        _one(Replaced, other, etag='W/"v2"', last_modified=None),
        _OTHER,
        _OTHER,
        None,
        etag='W/"v1"',
        last_modified=None,
    ),
    Row("changed, no validator", _UNKNOWN, _OTHER, _OTHER, None, etag=None, last_modified=None),
    Row("tag beyond ASCII", lambda _when, _times: (), _DONE, _DONE, etag='"é\u202e\x9b"'),
    Row("changes every time", _two(_one(ChangeEveryRequest), _one(DropAfter, CUT)), _GAVE_UP, _GAVE_UP),
    Row("torn", _one(FlipAt, 2_000_000, other), _MISMATCH, _MISMATCH, _MISMATCH, has_digest=True, lasting=True),
]

MATRIX = [*HOW_BYTES_ARRIVE, *STATUSES, *LENGTHS, *RANGES, *CHANGES]
"""All rows."""

ONLY_THE_FIRST = [
    *("is silent", "closes unanswered", "no HTTP", "401", "403", "404", "429 in an hour", "503"),
    *("redirect loop", "chunked", "gzip forced, same tag", "range ignored, announced", "range shifted"),
    *("206 with the whole body", "206 with the whole body, chunked", "200 with Content-Range"),
]
"""Rows whose server gives the whole file to its first request and nothing of use to any other, as one-time links
do: asking for more connections must not cost the download."""

LYING_RANGES = ["416 on a part", "other total", "gzip forced"]
"""Rows whose server answers each request for a range as if the file had changed: then the whole must be asked for,
on one connection."""

WITHOUT_A_ROW = {
    "ChangeOn": "`Replaced` is the same from the request on that the situation names",
    "EndlessHead": "64 MB take longer than the limit for headers here: `test_worker_http_care` has it",
    "StallAfter": "what makes the situation itself: it stops the first request in the middle",
}
"""Faults of the server that have no row, and why."""
