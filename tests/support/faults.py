"""All faults of the test server under one name: `from tests.support.faults import DropAfter, is_ranged`.

Owns nothing but the list; each fault is defined beside its kin.
"""

from __future__ import annotations

from tests.support.delivery_faults import (
    Drip,
    DropAfter,
    GarbageReply,
    MaxConnections,
    Pace,
    Refuse,
    ResetAfter,
    SlowHeaders,
    StallAfter,
)
from tests.support.fault import Fault, has_if_range, is_get, is_ranged, is_whole, starts_after_zero
from tests.support.object_faults import ChangeEveryRequest, ChangeOn, FlipAt, ForcedGzip, Replaced
from tests.support.range_faults import (
    BareRange,
    IgnoreIfRange,
    IgnoreRange,
    PartialIn200,
    ShiftedRange,
    UnknownTotal,
    Unsatisfiable,
    WholeBodyIn206,
    WrongTotal,
)
from tests.support.reply_faults import (
    Chunked,
    EndlessHead,
    HeaderBomb,
    InterimResponses,
    LengthMinus,
    LengthPlus,
    ManyFields,
    NoLength,
    NoRangesFor200,
    Redirect,
    RedirectLoop,
    Status,
)

__all__ = [
    "BareRange",
    "ChangeEveryRequest",
    "ChangeOn",
    "Chunked",
    "Drip",
    "DropAfter",
    "EndlessHead",
    "Fault",
    "FlipAt",
    "ForcedGzip",
    "GarbageReply",
    "HeaderBomb",
    "IgnoreIfRange",
    "IgnoreRange",
    "InterimResponses",
    "LengthMinus",
    "LengthPlus",
    "ManyFields",
    "MaxConnections",
    "NoLength",
    "NoRangesFor200",
    "Pace",
    "PartialIn200",
    "Redirect",
    "RedirectLoop",
    "Refuse",
    "Replaced",
    "ResetAfter",
    "ShiftedRange",
    "SlowHeaders",
    "StallAfter",
    "Status",
    "UnknownTotal",
    "Unsatisfiable",
    "WholeBodyIn206",
    "WrongTotal",
    "has_if_range",
    "is_get",
    "is_ranged",
    "is_whole",
    "starts_after_zero",
]
