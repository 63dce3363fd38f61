"""A dialog with one field: what it is about above it, what is wrong below it.

Owns the arrangement, and that wrong text keeps the dialog open. Must never act itself nor interpret what it shows
as markup.
"""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Paste, Resize
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe
from tui_downloader.tui.keys import named
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.text_button import TextButton

Answer = TypeVar("Answer")

_OTHER_ROWS, _OTHER_ROWS_LOW = 9, 6
"""Rows of the box beside the part above the field, with a problem of two rows: usual, without gaps."""
_LOW = 16


class OneFieldScreen(ModalScreen[Answer | None], Generic[Answer]):
    """Asks for one text; dismisses with what `read` makes of it, or with `None` when it was closed."""

    CSS_PATH = "one_field.tcss"
    AUTO_FOCUS = "#field"
    BINDING_GROUP_TITLE = "Dialog"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="field-close", tooltip="Close it; nothing is changed"),
    ]

    heading: str = ""
    """The title in the frame."""
    label: str = ""
    """What stands before the field."""
    act: str = ""
    """What Enter does, in a word or two."""
    keys: str = ""
    """Other keys, for the frame's lower edge."""
    hint: str = ""
    """What stands below the field while nothing is wrong."""

    def read(self, text: str) -> Answer:
        """Returns what the text means.

        Raises:
            InvalidInputError: It means nothing; the sentence says why.
        """
        raise NotImplementedError

    def compose_above(self) -> ComposeResult:
        """Builds what stands above the field."""
        raise NotImplementedError

    def compose_field(self) -> ComposeResult:
        """Builds the field and what stands beside it."""
        yield Field(id="field")

    def compose(self) -> ComposeResult:
        """Builds the box from the top."""
        with Vertical(id="box") as box:
            with VerticalScroll(id="above", can_focus=False):
                yield from self.compose_above()
            with Horizontal(id="entry"):
                yield Static(self.label, id="label", markup=False)
                yield from self.compose_field()
            yield Static(self.hint, id="below", markup=False)
            with Horizontal(id="buttons"):
                yield TextButton(self.act, id="act", main=True)
                yield TextButton("Cancel", id="cancel")
        box.border_title = Content(self.heading)
        keys = (f"Enter {self.act.lower()}", self.keys, named("{field-close} close"))
        box.border_subtitle = Content(" · ".join(each for each in keys if each))

    def on_resize(self, event: Resize) -> None:
        """Keeps field and buttons in sight: what stands above scrolls where there is little room."""
        low = event.size.height < _LOW
        self.set_class(low, "-low")
        other = _OTHER_ROWS_LOW if low else _OTHER_ROWS
        self.query_one("#above").styles.max_height = max(1, event.size.height - other)

    def on_paste(self, event: Paste) -> None:
        """A paste anywhere in the dialog goes to the field."""
        event.stop()
        self.query_one(Field).paste(event.text)

    @on(Input.Changed)
    def _on_changed(self) -> None:
        self._tell(None)

    @on(Input.Submitted)
    @on(TextButton.Pressed, "#act")
    def _on_submitted(self) -> None:
        """Ends with what the text means, or says why it means nothing."""
        field = self.query_one(Field)
        try:
            answer = self.read(field.value)
        except InvalidInputError as error:
            self._tell(str(error))
            field.focus()
        else:
            self.dismiss(answer)

    @on(TextButton.Pressed, "#cancel")
    def action_close(self) -> None:
        """Closes the dialog."""
        self.dismiss(None)

    def _tell(self, problem: str | None) -> None:
        """Shows what is wrong below the field; the hint if nothing is."""
        below = self.query_one("#below", Static)
        below.set_class(problem is not None, "-problem")
        below.update(self.hint if problem is None else safe(problem))
