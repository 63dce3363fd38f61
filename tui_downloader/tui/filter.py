"""The filter: words, `state:` and `host:` typed after `/`, and which downloads they match.

Owns its language. Must never look into a query string or userinfo: secrets are not searched.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import location_of
from tui_downloader.tui.view import View

_STATES: dict[str, frozenset[State]] = {
    **{view.value.lower(): view.states for view in View},
    **{state.value: frozenset({state}) for state in State},
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a download must have to be shown; all parts must match."""

    text: str = ""
    """As it was typed, blanks at its ends left out."""
    words: tuple[str, ...] = ()
    """Parts of the name, or of the URL's host and path; folded case."""
    states: frozenset[State] | None = None
    """One of these states; `None` is any."""
    hosts: tuple[str, ...] = ()
    """Parts of the host's name, one of which is enough; folded case."""
    problem: str | None = None
    """Why it can match nothing, safe to print; `None` if it can."""

    def matches(self, download: Download) -> bool:
        """Tells whether a download is to be shown."""
        if self.problem is not None or (self.states is not None and download.state not in self.states):
            return False
        if not self.words and not self.hosts:
            return True
        location = location_of(download.url)
        if self.hosts:
            host = f"{location.partition('/')[0]}\n{download.final_host or ''}".casefold()
            if not any(each in host for each in self.hosts):
                return False
        text = f"{download.filename or ''}\n{location}".casefold()
        return all(each in text for each in self.words)

    def narrows(self, other: Filter) -> bool:
        """Tells whether what it matches is all among what another one matches, as after one more letter."""
        return (
            other.problem is None
            and (other.states is None or (self.states is not None and self.states <= other.states))
            and (not other.hosts or self.hosts == other.hosts)
            and all(any(part in word for word in self.words) for part in other.words)
        )


def parse_filter(text: str) -> Filter:
    """Reads what was typed: `iso state:failed host:example`.

    Args:
        text: Words, and fields with a colon; `state:` takes the name of a state or a view, or how it begins.
            Several states, like several hosts, mean any of them. A field without a value is not finished yet and
            asks for nothing.

    Returns:
        The filter, with a problem where a state does not exist.
    """
    words: list[str] = []
    hosts: list[str] = []
    states: frozenset[State] | None = None
    problem = None
    for word in text.split():
        name, colon, value = word.casefold().partition(":")
        if not colon or name not in {"state", "host"}:
            words.append(word.casefold())
        elif value and name == "host":
            hosts.append(value)
        elif value:
            named = _states_named(value)
            states = named | (states or frozenset())
            if not named:
                problem = f"No state is called “{safe(value)}”. There are: {', '.join(_STATES)}."
    return Filter(" ".join(text.split()), tuple(words), states, tuple(hosts), problem)


def _states_named(name: str) -> frozenset[State]:
    """Returns the states of that name or of all names that begin with it; none if there is no such name."""
    if name in _STATES:
        return _STATES[name]
    return frozenset().union(*(states for each, states in _STATES.items() if each.startswith(name)))
