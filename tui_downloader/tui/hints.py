"""Which keys help for the selected row, and why one cannot act.

Owns the footer's words (SCREEN section 9). Must never name a key that is not bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import LIVE_STATES, Intent, Reason, State
from tui_downloader.tui.keys import key_of, named
from tui_downloader.tui.waiting_line import is_in_line
from tui_downloader.tui.words import asked_for, is_picture


class Hint(NamedTuple):
    """A key of the footer."""

    binding: str
    """The id of the binding, or of two with a blank between."""
    label: str
    """What it does here."""
    action: str
    """Name of the screen's action."""
    spare: bool = False
    """Whether it is left out first where the width is short."""

    @property
    def key(self) -> str:
        """How the key is written."""
        return " ".join(map(key_of, self.binding.split()))


ADD = Hint("add", "Add", "add")
"""Stands first in every footer of the list."""
ALWAYS = (Hint("help", "Help", "help"), Hint("quit", "Quit", "app.quit"))
"""Stand at the right end."""


def standing_hints(news: int) -> tuple[Hint, ...]:
    """Returns the keys at the right end: the inbox, if something in it is new, then help and quit."""
    return (Hint("inbox", f"Inbox {news:,}", "inbox"), *ALWAYS) if news else ALWAYS


_LEADS = {"move": "Not in line", "link": "No new link"}
"""What the sentence about a verb begins with, where it is not `Nothing to …`."""

_BACK = Hint("back", "Back to the list", "back")
_PAUSE = Hint("pause", "Pause", "pause")
_CANCEL = Hint("cancel", "Cancel", "cancel")
_REMOVE = Hint("remove", "Remove", "remove")
_LIMIT = Hint("limit", "Limit", "limit")
_TABS = Hint("tab-previous tab-next", "Tabs", "turn_tab(1)", spare=True)
_EARLIER = Hint("queue-earlier", "Earlier", "earlier")
_LATER = Hint("queue-later", "Later", "later")
_NEW_LINK = Hint("new-link", "New link", "new_link")
_COPY_URL = Hint("copy-url", "Copy URL", "copy_url", spare=True)
_OPEN = Hint("open", "Open", "open")
_OPEN_FOLDER = Hint("open-folder", "Folder", "open_folder", spare=True)
_COPY_PATH = Hint("copy-path", "Copy path", "copy_path")
_DELETE = Hint("delete", "Delete file", "delete")
_CLEAR = Hint("back", "Clear", "back")
_DELETES = Hint("delete", "Delete files", "delete")
_COPY_PATHS = Hint("copy-path", "Copy paths", "copy_path", spare=True)


def hints(download: Download | None, *, full: bool = False, tabs: bool = False) -> tuple[Hint, ...]:
    """Returns the keys that help for a row, the most useful first.

    Args:
        download: The selected row; `None` if there is none.
        full: Whether the detail covers the list.
        tabs: Whether there are tabs to see.
    """
    first = _BACK if full else ADD
    if download is None:
        return (first,)
    view = () if full else (_view(download),)
    match download.state:
        case State.COMPLETED:
            return (first, *view, _OPEN, _OPEN_FOLDER, _COPY_PATH, _REMOVE, _DELETE)
        case State.WAITING:
            return (first, Hint("resume", "Try now", "resume"), _PAUSE, _CANCEL, *view, _REMOVE)
        case State.FAILED if download.reason is Reason.LINK_EXPIRED:
            return (first, _NEW_LINK, Hint("resume", "Try again", "resume"), _COPY_URL, *view, _REMOVE)
        case State.FAILED | State.CANCELLED | State.PAUSED:
            return (first, Hint("resume", "Resume", "resume"), _COPY_URL, *view, _REMOVE)
        case State.QUEUED:
            return (first, _PAUSE, _CANCEL, _EARLIER, _LATER, *view, _REMOVE)
        case _:
            return (first, _PAUSE, _CANCEL, _LIMIT, *((_TABS,) if tabs else ()), *view, _REMOVE)


def selection_hints(*, ranging: bool) -> tuple[Hint, ...]:
    """Returns the keys that act on a selection.

    Args:
        ranging: Whether a range is being selected.
    """
    first = Hint("select-range", "End range", "end_range") if ranging else _CLEAR
    return (first, _PAUSE, Hint("resume", "Resume", "resume"), _CANCEL, _REMOVE, _DELETES, _COPY_PATHS)


def selection_words(count: int, *, hidden: int) -> str:
    """Words how many are selected: `3 selected`, `3 selected, 1 not shown`; empty if none is."""
    if not count:
        return ""
    return f"{count:,} selected, {hidden:,} not shown" if hidden else f"{count:,} selected"


def _view(download: Download) -> Hint:
    """Returns the key that shows a row in the whole window; what it is for decides how soon it is left out."""
    picture = is_picture(download)
    return Hint("view", "Picture" if picture else "Detail", "view", spare=not picture)


def pauses(download: Download) -> bool:
    """Tells whether the pause key pauses this download now; else it resumes it."""
    if download.intent_number > download.acted_number:
        return download.intent is Intent.RUN
    return download.state is not State.PAUSED


def left_out(verb: str, downloads: Sequence[Download]) -> str | None:
    """Words why a verb cannot act, or on whom it does not: `Nothing to resume: already finished`.

    Args:
        verb: As in `cannot`.
        downloads: Those it was meant for.

    Returns:
        The sentence; `None` if the verb acts on all of them.
    """
    lead = _LEADS.get(verb, f"Nothing to {verb}")
    if not downloads:
        return f"{lead}: no download is selected"
    reasons = Counter(reason for each in downloads if (reason := cannot(verb, each)) is not None)
    if not reasons:
        return None
    out = sum(reasons.values())
    if len(reasons) == 1:
        why = next(iter(reasons))
    else:
        why = ", ".join(f"{count:,} {reason.removeprefix('it ')}" for reason, count in reasons.most_common())
    if out == len(downloads):
        return f"{lead}{' yet' if verb in {'copy', 'open'} else ''}: {why}"
    return f"{out:,} of {len(downloads):,} left out: {why}"


def cannot(verb: str, download: Download) -> str | None:
    """Words why a verb cannot act on a download: `already finished`.

    Args:
        verb: `pause`, `resume`, `cancel`, `copy the URL` and the like, as it reads in the sentence; `move` is a
            move in the queue, `link` a new link.
        download: The download.

    Returns:
        The reason; `None` if the verb can act.
    """
    match verb, download.state:
        case (("pause" | "resume" | "cancel" | "move" | "link"), State.COMPLETED):
            return "already finished"
        case "move", state if not is_in_line(download):
            return f"it {_has_ended(state) or f'is {asked_for(download) or state.value}'}"
        case "pause", (State.FAILED | State.CANCELLED):
            return f"it {_has_ended(download.state)}"
        case "pause", _ if not pauses(download):
            return "already paused"
        case "cancel", State.CANCELLED if download.intent_number == download.acted_number:
            return "already cancelled"
        case "resume", state if state in LIVE_STATES and pauses(download):
            return f"it is {state.value}"
        case (("copy" | "open"), state) if state is not State.COMPLETED:
            return f"the file is not finished{named('; {copy-url} copies its URL') if verb == 'copy' else ''}"
        case _:
            return None


def _has_ended(state: State) -> str:
    """Words how a download ended without its file; empty if it has not."""
    return {State.FAILED: "has failed", State.CANCELLED: "has been cancelled"}.get(state, "")
