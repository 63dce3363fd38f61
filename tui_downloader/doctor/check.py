"""A check's answer.

Owns the value. Every answer that is not good says in one line what helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How an answer is meant."""

    OK = "ok"
    NOTE = "note"
    """Works, but less than it could."""
    WRONG = "wrong"
    """Something will fail, or is lost."""


@dataclass(frozen=True, slots=True)
class Check:
    """One answer; its fields are the keys of the JSON."""

    name: str
    """What was looked at, a stable word: `logout`, `state-file-system`."""
    level: Level
    """How it is meant."""
    sentence: str
    """What was found, safe to print."""
    remedy: str | None = None
    """One line that helps; `None` where nothing needs to."""


def ok(name: str, sentence: str) -> Check:
    """Makes a good answer."""
    return Check(name, Level.OK, sentence)


def note(name: str, sentence: str, remedy: str | None = None) -> Check:
    """Makes an answer about something that could be better."""
    return Check(name, Level.NOTE, sentence, remedy)


def wrong(name: str, sentence: str, remedy: str) -> Check:
    """Makes a bad answer."""
    return Check(name, Level.WRONG, sentence, remedy)
