"""What a look at a server says of a file before anybody adds it.

Owns the answer as a value and as JSON. Must never carry a secret: of a URL it holds the host only.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum

from tui_downloader.model.lifecycle import Reason, Resumable

PROBE_SECONDS = 5.0
"""How long one look may take."""


class NamedBy(StrEnum):
    """Where a file's name comes from."""

    DISPOSITION = "content-disposition"
    URL = "url"
    NOTHING = "nothing"
    """Neither names it: it is called after its media type."""


class Evidence(StrEnum):
    """What would prove, on resuming, that the file is still the same."""

    ENTITY_TAG = "entity-tag"
    """A strong entity tag."""
    LAST_MODIFIED = "last-modified"
    """A date that is old enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswer:
    """What one look found; either a file, or a reason why there is none to be had."""

    filename: str | None = None
    """The name it would get, safe; `None` if there was no usable response."""
    named_by: NamedBy = NamedBy.NOTHING
    """Why that name."""
    becomes: str | None = None
    """The name it would get in its directory, where the other one is taken; `None` if it is free."""
    bytes_expected: int | None = None
    """Complete length; `None` if the server does not tell."""
    media_type: str | None = None
    """Media type; `None` if the server does not tell."""
    resumable: Resumable = Resumable.UNKNOWN
    """Whether it could go on after a break."""
    evidence: Evidence | None = None
    """What that rests on; `None` if there is nothing that proves."""
    redirects: int = 0
    """Redirects followed."""
    final_host: str | None = None
    """Host where they ended; `None` if there was no usable response."""
    reason: Reason | None = None
    """Why there is no file to be had now; `None` if there is one."""
    error: str | None = None
    """The same as a clause, safe to print."""
    http_status: int | None = None
    """Status code that explains it; `None` if none does."""
    is_page: bool = False
    """Whether it is a web page, and nothing says that it is meant to be saved as a file."""


def answer_as_json(answer: ProbeAnswer) -> str:
    """Writes an answer as a JSON object."""
    return json.dumps(dataclasses.asdict(answer))


def answer_from_json(text: str) -> ProbeAnswer:
    """Reads an answer that `answer_as_json` wrote.

    Raises:
        ValueError: It is none.
    """
    fields = json.loads(text)
    evidence, reason = fields["evidence"], fields["reason"]
    fields |= {
        "named_by": NamedBy(fields["named_by"]),
        "resumable": Resumable(fields["resumable"]),
        "evidence": None if evidence is None else Evidence(evidence),
        "reason": None if reason is None else Reason(reason),
    }
    return ProbeAnswer(**fields)
