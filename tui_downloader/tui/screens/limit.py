"""The dialog for a speed limit: for all downloads together, or for each of the selected ones.

Owns the choice between them and the reading of the field. Must never set a limit itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import Input, Static

from tui_downloader.errors import InvalidInputError
from tui_downloader.tui.keys import named
from tui_downloader.tui.limit_words import limit_words, parse_limit, typed_limit
from tui_downloader.tui.screens.one_field import OneFieldScreen
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.line import Line
from tui_downloader.tui.widgets.scope_line import ScopeLine


@dataclass(frozen=True, slots=True)
class Scope:
    """What a limit can be for."""

    ids: tuple[int, ...]
    """Downloads, each for itself; empty is all together."""
    label: str
    """What to call it, safe to print."""
    bytes_per_second: int | None
    """The present limit; `None` is none."""
    differs: bool = False
    """Whether others of them have another limit."""


@dataclass(frozen=True, slots=True)
class NewLimit:
    """What the dialog ends with."""

    ids: tuple[int, ...]
    """For which downloads, each for itself; empty is for all together."""
    bytes_per_second: int | None
    """The limit; `None` is none."""


class LimitScreen(OneFieldScreen[NewLimit]):
    """Asks for a limit; dismisses with it."""

    BINDING_GROUP_TITLE = "Speed limit"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Previous", id="limit-previous", tooltip="Limit what stands above"),
        Binding("down", "choose(1)", "Next", id="limit-next", tooltip="Limit what stands below"),
    ]
    heading = "Speed limit"
    label = "Limit"
    act = "Set"
    hint = "off, or bytes a second: 500k, 2M"

    chosen: reactive[int] = reactive(0, init=False)
    """Number of the scope that is limited."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        """Makes the dialog.

        Args:
            scopes: What can be limited, at least one; the first is chosen.
        """
        super().__init__()
        self._scopes = tuple(scopes)
        if len(self._scopes) > 1:
            self.keys = named("{limit-previous} {limit-next} which")

    def compose_above(self) -> ComposeResult:
        """Builds one line for each scope, with its present limit."""
        for at, each in enumerate(self._scopes):
            now = "now different" if each.differs else f"now {limit_words(each.bytes_per_second)}"
            line = ScopeLine(each.label, now, action=f"choose_at({at})")
            line.set_reactive(ScopeLine.chosen, at == 0)
            yield line

    def compose_field(self) -> ComposeResult:
        """Builds the field with the present limit, and room for how the text is read."""
        yield Field(typed_limit(self._scopes[0].bytes_per_second), id="field")
        yield Static("", id="echo", markup=False)

    def read(self, text: str) -> NewLimit:
        """Returns the limit; raises `InvalidInputError` with the reason if the text is none."""
        return NewLimit(self._scopes[self.chosen].ids, parse_limit(text))

    def action_choose(self, step: int) -> None:
        """Chooses the next scope or the one before."""
        self.action_choose_at(self.chosen + step)

    def action_choose_at(self, at: int) -> None:
        """Chooses a scope by its number, or the nearest there is."""
        self.chosen = max(0, min(at, len(self._scopes) - 1))

    def watch_chosen(self, before: int, chosen: int) -> None:
        """Marks the scope; the field follows to its present limit unless something was typed."""
        for at, each in enumerate(self.query(ScopeLine)):
            each.chosen = at == chosen
        field = self.query_one(Field)
        if field.value == typed_limit(self._scopes[before].bytes_per_second):
            field.value = typed_limit(self._scopes[chosen].bytes_per_second)
            field.action_select_all()
        field.focus()

    @on(Line.Pressed)
    async def _on_pressed(self, message: Line.Pressed) -> None:
        message.stop()
        await self.run_action(message.action)

    @on(Input.Changed)
    def _on_typed(self, message: Input.Changed) -> None:
        """Shows how the text is read."""
        self.query_one("#echo", Static).update(_echo(message.value))


def _echo(text: str) -> str:
    """Words how a text is read as a limit; empty if it is none."""
    try:
        limit = parse_limit(text)
    except InvalidInputError:
        return ""
    return "no limit" if limit is None else limit_words(limit)
