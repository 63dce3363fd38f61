"""The options of the Add form: what is typed becomes values, and reads as one sentence while it is folded.

Owns the checks and the words. Must never add anything itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.checksum import checked_checksum
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import checked_filename
from tui_downloader.tui.limit_words import OFF, limit_words, parse_limit
from tui_downloader.tui.styled_line import clip_end

CONNECTIONS_MAX = 64
"""Most connections that can be asked for."""

Value = TypeVar("Value")

_NAME_CELLS = 32


class OptionError(InvalidInputError):
    """An option that cannot be used; its text is one sentence."""

    def __init__(self, option: str, sentence: str) -> None:
        """Keeps which one.

        Args:
            option: Name of the field of `Typed`.
            sentence: Why.
        """
        super().__init__(sentence)
        self.option = option


@dataclass(frozen=True, slots=True)
class Typed:
    """The options as they stand in their fields; empty is as usual."""

    name: str = ""
    """What the file is to be called."""
    checksum: str = ""
    """The digest it must have."""
    connections: str = ""
    """Most connections."""
    limit: str = ""
    """Speed limit."""
    paused: bool = False
    """Whether it is added only, and started later."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options as values."""

    filename: str | None = None
    """`None` takes the server's."""
    checksum: tuple[str, str] | None = None
    """Algorithm and hexadecimal value; `None` expects none."""
    connections_max: int | None = None
    """`None` leaves it to the engine."""
    bytes_per_second_max: int | None = None
    """`None` is none."""
    paused: bool = False
    """Whether it is added only."""


def read_options(typed: Typed, *, count: int) -> Options:
    """Reads the options.

    Args:
        typed: What stands in the fields.
        count: How many downloads are added: name and checksum are one file's.

    Raises:
        OptionError: One of them cannot be used.
    """
    for option in ("name", "checksum"):
        if getattr(typed, option).strip() and count > 1:
            raise OptionError(option, f"The {option} is for one URL only; there are {count:,}.")
    return Options(
        filename=_read(typed, "name", checked_filename),
        checksum=_read(typed, "checksum", checked_checksum),
        connections_max=_read(typed, "connections", _connections),
        bytes_per_second_max=_read(typed, "limit", parse_limit),
        paused=typed.paused,
    )


def _read(typed: Typed, option: str, read: Callable[[str], Value]) -> Value | None:
    text = getattr(typed, option).strip()
    try:
        return read(text) if text else None
    except InvalidInputError as error:
        raise OptionError(option, str(error)) from error


def _connections(text: str) -> int:
    """Reads a number of connections."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= number <= CONNECTIONS_MAX:
        raise InvalidInputError(f"Connections: write a number from 1 to {CONNECTIONS_MAX}.")
    return number


def option_words(options: Options) -> str:
    """Words the options: `name as the server says · limit off · start now`."""
    name = (
        f"name {clip_end(safe(options.filename), _NAME_CELLS)}" if options.filename else "name as the server says"
    )
    parts = [name]
    if options.checksum:
        algorithm, value = options.checksum
        parts.append(f"{algorithm} {value[:8]}…")
    if options.connections_max is not None:
        parts.append("1 connection" if options.connections_max == 1 else f"{options.connections_max} connections")
    limit = options.bytes_per_second_max
    parts.append(f"limit {OFF if limit is None else limit_words(limit)}")
    parts.append("add paused" if options.paused else "start now")
    return " · ".join(parts)
