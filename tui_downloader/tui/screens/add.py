"""The Add form: URLs and a directory become requests.

Owns the form and what it says. Must never add anything itself, nor read the disk on the UI thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Paste, Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea
from textual.worker import get_current_worker

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import Request
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.screens.add_directory import (
    DirectoryCheck,
    check_directory,
    create_directory,
    default_directory,
)
from tui_downloader.tui.screens.add_entries import (
    ENTRIES_SHOWN,
    Entries,
    add_words,
    count_words,
    entry_lines,
    parse_entries,
)
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.text_button import TextButton
from tui_downloader.tui.widgets.url_area import UrlArea, pasted_words
from tui_downloader.units import format_bytes

READ_SECONDS: Final = 0.12
"""How long the text must stay the same before it is read."""

_OTHER_ROWS, _OTHER_ROWS_LOW, _OTHER_ROWS_TINY = 17, 13, 11
"""Rows of the form beside the entries, with a problem of two rows: usual, without gaps, field of one line."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What the form ends with."""

    requests: tuple[Request, ...]
    """One for each URL that can be downloaded, in the order of the text."""
    directory: Path
    """Where they are saved, absolute; to be offered the next time."""


class AddScreen(ModalScreen[AddResult | None]):
    """Takes URLs and a directory; dismisses with requests, or with `None` when it was closed."""

    CSS_PATH = "add.tcss"
    AUTO_FOCUS = "#urls"
    BINDING_GROUP_TITLE = "Add downloads"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="add-close", tooltip="Close the form; the text is kept"),
        Binding("ctrl+n", "create", "Create directory", id="add-create", tooltip="Create the directory typed"),
    ]

    kept_text: ClassVar[str] = ""
    """What stood in the form when it was closed, or could not be added; the next one begins with it."""

    @dataclass
    class Checked(Message, bubble=False):
        """The thread read the form; for this screen alone."""

        entries: Entries
        """What the text says."""
        directory: DirectoryCheck
        """What is known about the directory."""

    def __init__(self, text: str = "", directory: Path | None = None) -> None:
        """Makes a form.

        Args:
            text: What to begin with, such as a paste; empty takes what the last form kept.
            directory: Where to save; `None` is the downloads folder, else the current directory.
        """
        super().__init__()
        self._first_text = pasted_words(text) if text.strip() else type(self).kept_text
        self._first_directory = tilde(directory) if directory is not None else ""
        self._entries = Entries()
        self._directory = DirectoryCheck("")
        self._timer: Timer | None = None
        self._has_default = directory is None
        self._is_submitting = False

    def compose(self) -> ComposeResult:
        """Builds the form from the top: URLs, directory, entries, buttons."""
        with Vertical(id="box") as box:
            with Horizontal(id="head"):
                yield Static("URLs, separated by blanks or line ends", id="label", markup=False)
                yield Static("", id="count", markup=False)
            yield UrlArea(self._first_text, id="urls", highlight_cursor_line=False)
            with Horizontal(id="place"):
                yield Static("Save in", id="place-label", markup=False)
                yield Input(self._first_directory, id="directory", compact=True)
                yield Static("", id="free", markup=False)
            yield Static("", id="problem", markup=False)
            yield Lines(id="entries")
            with Horizontal(id="buttons"):
                yield TextButton("Add", id="add", main=True)
                yield TextButton("Cancel", id="cancel")
        box.border_title = Content("Add downloads")
        box.border_subtitle = Content("Enter add · Ctrl+J new line · Tab next field · Esc close, text is kept")

    def on_mount(self) -> None:
        """Puts the cursor behind the text and reads the form."""
        self.query_one(Lines).can_focus = False
        urls = self.query_one(UrlArea)
        urls.move_cursor(urls.document.end)
        self._check()

    def on_resize(self, event: Resize) -> None:
        """Keeps the buttons in sight on a low terminal."""
        height = event.size.height
        self.set_class(height < _OTHER_ROWS + ENTRIES_SHOWN, "-low")
        self.set_class(height < _OTHER_ROWS_LOW + 2, "-tiny")
        self._draw_entries()
        self.call_after_refresh(self.query_one(UrlArea).scroll_cursor_visible)

    def on_paste(self, event: Paste) -> None:
        """A paste anywhere in the form goes to the URLs."""
        event.stop()
        self.query_one(UrlArea).paste(event.text)

    @on(Lines.WidthChanged)
    def _on_width(self) -> None:
        self._draw_entries()

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _on_changed(self) -> None:
        """Reads the form once it stays the same for a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(READ_SECONDS, self._check)

    @on(UrlArea.Submitted)
    @on(Input.Submitted)
    @on(TextButton.Pressed, "#add")
    def _on_submitted(self) -> None:
        """Adds: reads the form as it is now, then closes it."""
        self._is_submitting = True
        self._check()

    @on(TextButton.Pressed, "#cancel")
    def action_close(self) -> None:
        """Closes the form and keeps the text."""
        type(self).kept_text = self.query_one(UrlArea).text
        self.dismiss(None)

    def action_create(self) -> None:
        """Creates the directory, if that is all it needs."""
        if self._directory.can_create:
            self._check(creates=True)

    def _check(self, *, creates: bool = False) -> None:
        if self._timer is not None:
            self._timer.stop()
        typed = self.query_one(Input).value
        chosen = None if self._has_default and not typed else typed
        self._read(self.query_one(UrlArea).text, chosen, self._entries, creates=creates)

    @work(thread=True, exclusive=True, group="add-read")
    def _read(self, text: str, chosen: str | None, known: Entries, *, creates: bool) -> None:
        """Reads text and directory in a thread; a text that was read before is not read again."""
        entries = known if known.text == text else parse_entries(text)
        typed = default_directory() if chosen is None else chosen
        directory = create_directory(typed) if creates else check_directory(typed)
        if not get_current_worker().is_cancelled:  # else a later reading is on its way, and may be there already
            self.post_message(self.Checked(entries, directory))

    def on_add_screen_checked(self, message: Checked) -> None:
        """Shows what was read and, if that was asked for, adds it."""
        field = self.query_one(Input)
        if self._has_default and not field.value:
            with self.prevent(Input.Changed):
                field.value = message.directory.typed
        self._has_default = False
        self._entries, self._directory = message.entries, message.directory
        self._draw()
        is_current = (
            message.entries.text == self.query_one(UrlArea).text and message.directory.typed == field.value
        )
        if self._is_submitting:
            if is_current:
                self._is_submitting = False
                self._submit()
            else:
                self._check()

    def _submit(self) -> None:
        """Closes the form with requests, or puts the focus where something is missing."""
        directory = self._directory.directory
        urls = self._entries.urls
        if not urls:
            self.query_one(UrlArea).focus()
            if not self._entries.entries:
                self.query_one("#count", Static).update("nothing to add yet")
            return
        if directory is None:
            self.query_one(Input).focus()
            return
        type(self).kept_text = "\n".join(self._entries.wrong)
        requests = tuple(Request(url=url, directory=directory, added_by="screen") for url in urls)
        self.dismiss(AddResult(requests, directory))

    def _draw(self) -> None:
        """Shows counter, button, free space and problem for what was read."""
        self.query_one("#count", Static).update(count_words(self._entries) if self._entries.entries else "")
        self.query_one("#add", TextButton).label = add_words(self._entries)
        free = self._directory.free_bytes
        self.query_one("#free", Static).update(f"{format_bytes(free)} free" if free is not None else "")
        problem = self.query_one("#problem", Static)
        problem.update(safe(self._directory.problem or ""))
        problem.display = self._directory.problem is not None
        self._draw_entries()

    def _draw_entries(self) -> None:
        """Shows as many entries as there is room for."""
        lines = self.query_one(Lines)
        other = _OTHER_ROWS_LOW if self.has_class("-low") else _OTHER_ROWS
        other = _OTHER_ROWS_TINY if self.has_class("-tiny") else other
        most = min(ENTRIES_SHOWN, self.size.height - other)
        lines.show(entry_lines(self._entries, width=lines.line_width, most=most) if lines.line_width else [])
