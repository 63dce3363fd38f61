"""Links in whatever somebody copied: Markdown, HTML, chat lines, lists.

Owns where a link begins and ends. Must never do I/O nor judge whether it can be downloaded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import URL_LENGTH_MAX

_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]{0,31}://"
_BARE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]{2,24}(?::\d{1,5})?/"
_LINK = re.compile(rf"(?<![A-Za-z0-9@./-])(?:{_SCHEME}|magnet:\?|{_BARE})[^\s<>\"`“”„«»]+", re.IGNORECASE)
"""A link up to the next character that no link holds; what closes a bracket or a sentence is taken off after."""
_HREF = re.compile(r"<a\s[^>]{0,4000}?href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ABSOLUTE = re.compile(_SCHEME, re.IGNORECASE)
_CLOSERS = {"(": ")", "[": "]", "{": "}", "'": "'", "*": "*", "_": "_", "‘": "’", "|": "|"}
_OPENERS = {")": "(", "]": "[", "}": "{"}
_PUNCTUATION = ".,;:!?'’*~_|\\"
_OPENING = "<\"'`“”„«»‘("
_CLOSING = ">\"'`“”„«»’"


def links_in(text: str) -> list[str]:
    """Returns every link of a text in its order, as it is written but without what stands around it.

    Args:
        text: Anything; nothing in it is taken for a command or a path.
    """
    linked = [next(filter(None, match), "") for match in _HREF.findall(text)]
    if linked:
        found = [html.unescape(each).strip() for each in linked]
        return [safe(each) for each in found if _ABSOLUTE.match(each)]
    return [safe(each) for each in _plain_links(text)]


def trimmed(word: str) -> str:
    """Takes off a word what stands around a link in a text: `<https://x/y>,` becomes `https://x/y`."""
    if word and (word[0] in _OPENING or word[-1] in _CLOSING + _PUNCTUATION + ")]}"):
        found = list(_plain_links(word))
        if len(found) == 1 and _ABSOLUTE.match(found[0]):
            return found[0]
    return word


def _plain_links(text: str) -> Iterator[str]:
    """Yields the links of a text without markup of its own; one link may end in the middle of a match."""
    at = 0
    while (match := _LINK.search(text, at)) is not None:
        before = text[match.start() - 1] if match.start() else ""
        link = _without_end(_up_to_closer(match[0], before))
        yield link[: URL_LENGTH_MAX + 1]
        at = match.start() + max(1, len(link))


def _up_to_closer(link: str, before: str) -> str:
    """Cuts a link where the bracket or quote is closed that stands right before it: `](https://x/y),(z)`."""
    closer = _CLOSERS.get(before)
    if closer is None:
        return link
    if closer == before:
        return link.partition(closer)[0] if closer != "_" else link
    depth = 0
    for at, character in enumerate(link):
        depth += (character == before) - (character == closer)
        if depth < 0:
            return link[:at]
    return link


def _without_end(link: str) -> str:
    """Takes the end of a sentence off: punctuation, and brackets that the link itself does not open."""
    while True:
        last = link[-1:]
        opener = _OPENERS.get(last)
        unopened = opener is not None and link.count(last) > link.count(opener)
        if not last or not (unopened or last in _PUNCTUATION) or link.endswith("://"):
            return link
        link = link[:-1]
