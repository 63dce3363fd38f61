"""The parts of the Add form: how they are arranged and what they show.

Owns the arrangement and the drawing. Must never read what is typed, nor ask anybody anything: the form does, and
hands over what to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_downloader.model.display_text import safe
from tui_downloader.tui.adding.cards import CARDS_MAX, Outlook, card_lines, command_words
from tui_downloader.tui.adding.entries import Entries, add_words, count_words
from tui_downloader.tui.adding.findings import Finding
from tui_downloader.tui.adding.options import OptionError, Typed, option_words, read_options
from tui_downloader.tui.adding.pasted import Pasted
from tui_downloader.tui.adding.result import AddResult
from tui_downloader.tui.keys import key_of, named
from tui_downloader.tui.screens.add_directory import DirectoryCheck
from tui_downloader.tui.widgets.directory_field import DirectoryField
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.option_fields import OptionFields
from tui_downloader.tui.widgets.text_button import TextButton
from tui_downloader.tui.widgets.url_area import UrlArea
from tui_downloader.units import format_bytes

LOOKS_MAX = 1000
"""With more downloads than this nothing is looked at beforehand."""

_OTHER_ROWS, _OTHER_ROWS_LOW, _OTHER_ROWS_TINY = 13, 11, 9
"""Rows of the form beside the cards: usual, without gaps, URLs in one line."""
_CARD_ROWS = 2 * CARDS_MAX + 1
_OPTION_ROWS = 3
_NARROW, _LEAST = 76, 14
_LABEL, _LABEL_NARROW = "URLs, or a curl command, or the path of a list", "URLs, a command or a list"
_KEYS = "{add-submit} add · {add-new-line} new line · Tab next field · {add-close} close, text is kept"
_DIRECTORY_KEYS = (
    "Enter add · {directory-complete} complete · {directory-earlier} {directory-later} places used before"
    " · {add-close} close, text is kept"
)


class AddPanes(ModalScreen[AddResult | None]):
    """What the form shows."""

    CSS_PATH = "add.tcss"

    def __init__(self, pasted: Pasted, directory: str, places: Sequence[Path]) -> None:
        """Makes the parts.

        Args:
            pasted: What stands in the form at first.
            directory: What stands in the field for the directory at first.
            places: Directories used before, the last one first.
        """
        super().__init__()
        self._pasted = pasted
        self._first_directory = directory
        self._places = places
        self.entries = Entries()
        """What was read last."""
        self.directory = DirectoryCheck("")
        """What is known of the directory."""
        self.findings: dict[str, Finding] = {}
        """What was found, by URL."""

    def compose(self) -> ComposeResult:
        """Builds the form from the top: URLs, directory, options, cards, buttons."""
        with Vertical(id="box") as box:
            with Horizontal(id="head"):
                yield Static(_LABEL, id="label", markup=False)
                yield Static("", id="count", markup=False)
            yield UrlArea(self._pasted.text, id="urls", highlight_cursor_line=False, soft_wrap=False)
            with Horizontal(id="place"):
                yield Static("Save in", classes="label", markup=False)
                yield DirectoryField(self._first_directory, self._places, id="directory")
                yield Static("", id="free", markup=False)
            yield Static("", id="problem", markup=False)
            yield Static("", id="command", markup=False)
            with Horizontal(id="options"):
                yield Static("Options", classes="label", markup=False)
                yield Static("", id="option-words", markup=False)
                yield Static("", id="option-key", markup=False)
            yield OptionFields(id="option-fields")
            yield Lines(id="cards")
            with Horizontal(id="buttons"):
                yield TextButton("Add", id="add", main=True)
                yield TextButton("Cancel", id="cancel")
                yield Static("the look at the servers never holds up Add", id="hint", markup=False)
        box.border_title = Content("Add downloads")
        box.border_subtitle = Content(named(_KEYS))

    def on_resize(self, event: Resize) -> None:
        """Keeps the buttons in sight on a low terminal."""
        self.set_class(event.size.width < _NARROW, "-narrow")
        self.query_one("#label", Static).update(_LABEL if event.size.width >= _NARROW else _LABEL_NARROW)
        self.set_class(event.size.height < _OTHER_ROWS + _CARD_ROWS, "-low")
        self.set_class(event.size.height < _OTHER_ROWS_LOW + 2 * _OPTION_ROWS + 2, "-tiny")
        self.set_class(event.size.height < _LEAST, "-least")
        self.draw_cards()
        self.call_after_refresh(self.query_one(UrlArea).scroll_cursor_visible)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Says which keys hold in the field that has the focus."""
        keys = _DIRECTORY_KEYS if isinstance(event.widget, DirectoryField) else _KEYS
        self.query_one("#box").border_subtitle = Content(named(keys))

    def draw(self) -> None:
        """Shows counter, button, free space, problem and options for what was read."""
        self.query_one("#count", Static).update(count_words(self.entries) if self.entries.entries else "")
        self.query_one("#add", TextButton).label = add_words(self.entries)
        free = self.directory.free_bytes
        self.query_one("#free", Static).update(f"{format_bytes(free)} free" if free is not None else "")
        problem = self.query_one("#problem", Static)
        problem.update(safe(self.directory.problem or ""))
        problem.display = self.directory.problem is not None
        said, command = command_words(self.entries), self.query_one("#command", Static)
        command.update(safe(said))
        command.display = bool(said)
        self._draw_options()
        self.draw_cards()

    def _draw_options(self) -> None:
        """Shows the options as a sentence, or what is wrong with one."""
        words = self.query_one("#option-words", Static)
        try:
            text = option_words(read_options(self.typed, count=len(self.entries.fine)))
            words.set_class(False, "-problem")
        except OptionError as error:
            text = safe(str(error))
            words.set_class(True, "-problem")
        words.update(text)
        opened = self.query_one(OptionFields).display
        self.query_one("#option-key", Static).update(f"{key_of('add-options')} {'fold' if opened else 'change'}")

    def draw_cards(self) -> None:
        """Shows as many cards as there is room for."""
        lines = self.query_one("#cards", Lines)
        if not lines.line_width:
            return
        few = len(self.entries.fine) <= LOOKS_MAX
        outlook = Outlook(self.findings if few else {}, self.directory.free_bytes, self._chosen_name)
        lines.show(card_lines(self.entries, outlook, width=lines.line_width, rows=self._card_rows))

    @property
    def typed(self) -> Typed:
        """The options as they stand in their fields."""
        return self.query_one(OptionFields).typed

    @property
    def _chosen_name(self) -> str | None:
        """The name that the user chose, if there is one download only."""
        name = self.typed.name.strip()
        return name if name and len(self.entries.fine) == 1 else None

    @property
    def _card_rows(self) -> int:
        """How many rows there are for cards."""
        other = _OTHER_ROWS_LOW if self.has_class("-low") else _OTHER_ROWS
        other = _OTHER_ROWS_TINY if self.has_class("-tiny") else other
        other += _OPTION_ROWS if self.query_one(OptionFields).display else 0
        other += 2 if self.directory.problem is not None else 0
        other += self.query_one("#command").display
        return max(1, min(_CARD_ROWS, self.size.height - other))
