"""The keys of the screen underneath, to read and to scroll.

Owns how help is laid out. Must never list keys by hand: they come from the bindings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_downloader.tui.keys import named
from tui_downloader.tui.screens.help_keys import HelpGroup, HelpKey, help_groups
from tui_downloader.tui.styled_line import BLANK, Line, Role, clip_end, line, wrap
from tui_downloader.tui.widgets.lines import Lines

_KEY_CELLS = 18
_DESCRIPTION_CELLS = 24
_TOOLTIP_CELLS_MIN = 24
_INDENT = 2
_MOUSE = HelpGroup(
    "Mouse",
    (
        HelpKey("Shift+drag", "Mark text", "The terminal marks and copies; on macOS it may want Option or Fn"),
        HelpKey("click", "Select, press", "Rows, views, buttons and the footer; the wheel scrolls"),
    ),
)


class HelpScreen(ModalScreen[None]):
    """Shows every key that works on the screen underneath, those of the focused pane first."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "#keys"
    BINDING_GROUP_TITLE = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "close", "Close", id="help-close", tooltip="Go back to the screen"),
    ]

    def __init__(self) -> None:
        """Makes the help; what it shows is read from the screen underneath when it opens."""
        super().__init__()
        self._groups: list[HelpGroup] = []

    def compose(self) -> ComposeResult:
        """Builds the box with one scrolling text."""
        with Vertical(id="box") as box:
            yield Lines(id="keys")
        box.border_title = Content("Keys")
        box.border_subtitle = Content(named("{lines-down} {lines-up} scroll · {help-close} close"))

    def on_mount(self) -> None:
        """Reads the bindings of the screen underneath."""
        stack = self.app.screen_stack
        beneath = stack[stack.index(self) - 1]
        self._groups = [*help_groups(beneath.active_bindings.values()), _MOUSE]

    def on_lines_width_changed(self, message: Lines.WidthChanged) -> None:
        """Lays the keys out for the width there is."""
        message.lines.show(help_lines(self._groups, width=message.width))

    def action_close(self) -> None:
        """Closes the help."""
        self.dismiss(None)


def help_lines(groups: Sequence[HelpGroup], *, width: int) -> list[Line]:
    """Lays out groups of keys: keys, description and, where there is room, what they do.

    Args:
        groups: What to show.
        width: Cells of a line.
    """
    lines: list[Line] = []
    for group in groups:
        lines += [BLANK] if lines else []
        lines.append(line(group.title, Role.STRONG))
        for key in group.keys:
            lines += _key_lines(key, width=width)
    return lines


def _key_lines(key: HelpKey, *, width: int) -> list[Line]:
    """Lays out one action; a tooltip that does not fit goes on below itself."""
    keys = " " * _INDENT + key.keys
    keys += " " * max(2, _KEY_CELLS - cell_len(keys))
    indent = max(_KEY_CELLS + _DESCRIPTION_CELLS, cell_len(keys) + cell_len(key.description) + 2)
    if width - indent < _TOOLTIP_CELLS_MIN:
        return [((keys, Role.KEY), (clip_end(key.description, width - cell_len(keys)), Role.PLAIN))]
    tooltip = wrap(key.tooltip, width - indent) or [""]
    description = key.description + " " * (indent - cell_len(keys) - cell_len(key.description))
    first: Line = ((keys, Role.KEY), (description, Role.PLAIN), (tooltip[0], Role.QUIET))
    return [first, *(line(" " * indent + text, Role.QUIET) for text in tooltip[1:])]
