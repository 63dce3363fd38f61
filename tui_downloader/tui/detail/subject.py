"""What the side pane is about, and the room its lines have.

Owns these values. Must never read anything: whoever shows the pane collects them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.preview.excerpt import Excerpt
from tui_downloader.preview.facts import FileFacts
from tui_downloader.preview.picture import Picture
from tui_downloader.tui.styled_line import Line
from tui_downloader.tui.watched import Watched


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the file, or at what of it has come, brought."""

    facts: FileFacts | None = None
    """Size and kind of the file on disk; `None` before the first look."""
    picture: Picture | None = None
    """The picture that is shown; `None` if there is none."""
    excerpt: Excerpt | None = None
    """The first lines or entries; `None` if it is no text and no archive, or they are not read yet."""
    problem: str | None = None
    """Why a picture is not shown; `None` if there is no reason to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything the lines depend on."""

    download: Download
    """The snapshot."""
    events: Sequence[Event] = ()
    """Its history, in any order."""
    watched: Watched | None = None
    """The closer look at it; `None` before the first."""
    found: Found = Found()
    """What lies on disk, for a finished download."""
    place: int | None = None
    """Its place in the queue; `None` if it is not in line."""
    plain: bool = False
    """Whether the font has ASCII only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where lines are to go, and when."""

    width: int
    """Cells of a line."""
    height: int
    """Lines that can be seen at once; more of them scroll."""
    now: float
    """The present, Unix seconds."""
    is_split: bool = False
    """Whether the head stands in a column of its own, at the left."""


Compose = Callable[[Subject, Room], list[Line]]
"""Composes lines about a subject for a room."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the side pane."""

    name: str
    """What the line of tabs calls it."""
    compose: Compose
    """Its lines; where there is nothing to show, they say so."""
    aside: Compose | None = None
    """What it adds below the head in a column of its own; `None` if nothing."""
