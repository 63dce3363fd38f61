"""Why a download waits or failed, in words: one entry for each reason of the closed set.

Owns these words for screen and command line alike. Must never know how much was received or when: sentences about
one download are `tui.explanation`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_downloader.model.lifecycle import Reason


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """What is said about one reason."""

    short: str
    """Two or three words: `link expired`."""
    happened: str
    """A clause without a capital and a full stop: `the link has expired`."""
    key: str
    """The key that helps most, for a row: `{new-link} new link`; a key stands as the id of its binding."""
    helps: str
    """The keys that help, for a sentence: `{new-link} paste a new link`; empty if it goes on by itself as well."""
    command: str
    """The command line that helps, `{id}` standing for the download; empty as above."""


_RESUME = "tuidl resume {id}"
_NEW_LINK = "tuidl resume {id} --url NEW"


def _waits(short: str, happened: str, *, hurry: bool = True) -> ReasonWords:
    """Words a reason that goes on by itself; to hurry it may help."""
    return ReasonWords(short, happened, "{resume} now", "{resume} now" if hurry else "", _RESUME if hurry else "")


def _again(short: str, happened: str, helps: str = "{resume} try again") -> ReasonWords:
    """Words a failure after which trying again may help."""
    return ReasonWords(short, happened, "{resume} try again", helps, _RESUME)


def _link(short: str, happened: str, helps: str = "{new-link} paste another link") -> ReasonWords:
    """Words a failure after which another link helps."""
    return ReasonWords(short, happened, "{new-link} new link", helps, _NEW_LINK)


REASON_WORDS: dict[Reason, ReasonWords] = {
    Reason.OFFLINE: _waits("offline", "no network", hurry=False),
    Reason.SERVER_BUSY: _waits("server busy", "the server is busy"),
    Reason.SERVER_ERROR: _waits("server fault", "the server has a fault of its own"),
    Reason.CONNECTION_LOST: _waits("connection lost", "the connection was lost"),
    Reason.TIMEOUT: _waits("no answer in time", "the server did not answer in time"),
    Reason.DISK_FULL: _waits("disk full", "the disk is full", hurry=False),
    Reason.NOT_FOUND: _again(
        "not found", "not found on the server", "check the URL with {copy-url} · {resume} try again"
    ),
    Reason.NEEDS_CREDENTIALS: _link(
        "login needed",
        "the server wants a login",
        "{new-link} paste a link with the login, or ~/.netrc and {resume}",
    ),
    Reason.LINK_EXPIRED: _link("link expired", "the link has expired", "{new-link} paste a new link"),
    Reason.REFUSED: _again("refused", "the server refused", "check the URL with {copy-url} · {resume} try again"),
    Reason.REFUSED_REDIRECT: _link("redirect refused", "a redirect led where it must not be followed"),
    Reason.TLS: _again(
        "not trusted",
        "the secure connection could not be trusted",
        "{resume} try again · {new-link} paste another link",
    ),
    Reason.BAD_RESPONSE: _again(
        "bad answer", "the server’s answer makes no sense", "check the URL with {copy-url} · {resume} try again"
    ),
    Reason.UNSUPPORTED_URL: _link(
        "URL not supported",
        "this URL cannot be downloaded: only http and https",
        "{new-link} paste an http or https link",
    ),
    Reason.TOO_MANY_REDIRECTS: _link("too many redirects", "too many redirects"),
    Reason.DESTINATION: _again(
        "cannot be written", "the file cannot be written", "once it can be, {resume} try again"
    ),
    Reason.CHECKSUM_MISMATCH: ReasonWords(
        "checksum differs",
        "the bytes do not match the checksum",
        "{resume} start over",
        "{resume} start over",
        _RESUME,
    ),
    Reason.GAVE_UP: _again("gave up", "gave up after a long time without progress"),
}
"""The words of every reason."""
