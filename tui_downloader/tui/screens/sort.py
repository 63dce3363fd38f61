"""The sort menu: the orders the list can have.

Owns nothing but the choice; a row's place never depends on its state. Must never sort.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_downloader.tui.keys import named
from tui_downloader.tui.order import Order
from tui_downloader.tui.styled_line import Line, Role
from tui_downloader.tui.widgets.choices import Choice, Choices

_ABOUT: dict[Order, str] = {
    Order.NEWEST: "added last on top",
    Order.OLDEST: "added first on top",
    Order.NAME: "a to z, part 2 before part 10",
    Order.SIZE: "unknown sizes at the end",
    Order.HOST: "newest first within each",
    Order.QUEUE: "what starts first on top",
}
_LABEL_CELLS = 16


class SortScreen(ModalScreen[Order | None]):
    """Asks for an order; dismisses with it, or with `None` when it was closed."""

    CSS_PATH = "sort.tcss"
    AUTO_FOCUS = "#orders"
    BINDING_GROUP_TITLE = "Sort"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,comma", "close", "Close", id="sort-close", tooltip="Leave the order as it is"),
        *(
            Binding(str(at), f"take({at})", order.value.capitalize(), id=f"sort-{at}", tooltip=_ABOUT[order])
            for at, order in enumerate(Order, start=1)
        ),
    ]

    def __init__(self, order: Order) -> None:
        """Makes the menu.

        Args:
            order: The present one.
        """
        super().__init__()
        self._order = order

    def compose(self) -> ComposeResult:
        """Builds the box with one line for each order."""
        with Vertical(id="box") as box:
            yield Choices(id="orders")
        box.border_title = Content("Sort")
        box.border_subtitle = Content(named("{choose} or {sort-1} to {sort-6} · {sort-close} close"))

    def on_mount(self) -> None:
        """Shows the orders; the cursor is on the present one."""
        orders = self.query_one(Choices)
        orders.show_choices([Choice(at, self._line(at, order)) for at, order in enumerate(Order, start=1)])
        orders.action_cursor(list(Order).index(self._order))

    def action_take(self, at: int) -> None:
        """Chooses an order by its number, from 1."""
        self.dismiss(list(Order)[at - 1])

    def action_close(self) -> None:
        """Closes the menu."""
        self.dismiss(None)

    @on(Choices.Chosen)
    def _on_chosen(self, message: Choices.Chosen) -> None:
        """Takes what was chosen in the list."""
        message.stop()
        self.action_take(int(message.key))

    def _line(self, at: int, order: Order) -> Line:
        """Words one order."""
        chosen = order is self._order
        return (
            (" ● " if chosen else "   ", Role.KEY),
            (f"{at}  ", Role.QUIET),
            (f"{order.value:{_LABEL_CELLS}}", Role.STRONG if chosen else Role.PLAIN),
            (_ABOUT[order], Role.QUIET),
        )
