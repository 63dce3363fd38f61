"""Drives an app without a terminal and reads its screen back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.pilot import Pilot

DEADLINE_SECONDS = 60.0
"""How long a condition may take on a slow machine."""


def drive(
    app: App[None], script: Callable[[Pilot[None]], Awaitable[None]], *, size: tuple[int, int] = (100, 34)
) -> None:
    """Runs an app and a script beside it; an exception in either fails the test.

    Args:
        app: The app.
        script: What the user does.
        size: Columns and rows.
    """

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await script(pilot)

    asyncio.run(run())


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str = "condition") -> None:
    """Waits until a condition holds.

    Raises:
        AssertionError: It does not within the deadline; the text shows the screen.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} never came:\n" + "\n".join(rows(pilot.app)))
        await pilot.pause(0.02)


def rows(app: App[Any]) -> list[str]:
    """Returns the rows of the topmost screen as text, blanks at the right cut off."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def shows(app: App[Any], text: str) -> bool:
    """Tells whether a text stands in one row of the topmost screen."""
    return any(text in row for row in rows(app))


def colours(app: App[None], column: int, row: int) -> tuple[str, str, str]:
    """Returns glyph, foreground and background (hexadecimal) of a cell of the topmost screen."""
    strip = app.screen._compositor.render_strips()[row].crop(column, column + 1)
    (segment,) = list(strip)
    assert segment.style is not None
    assert segment.style.color is not None
    assert segment.style.bgcolor is not None
    return segment.text, segment.style.color.get_truecolor().hex, segment.style.bgcolor.get_truecolor().hex
