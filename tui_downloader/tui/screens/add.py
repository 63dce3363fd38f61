"""The Add form: what is typed or pasted, a directory and options become requests.

Owns the form and what it says. Must never add anything itself, read the disk on the UI thread, nor make Enter wait
for a server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea
from textual.worker import get_current_worker

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import Request
from tui_downloader.tui.adding.entries import Entries, parse_entries
from tui_downloader.tui.adding.findings import Finding
from tui_downloader.tui.adding.lists import read_lists
from tui_downloader.tui.adding.options import OptionError, Options, read_options
from tui_downloader.tui.adding.pasted import Meaning, Pasted, read_paste
from tui_downloader.tui.adding.result import AddResult
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.feed_verbs import FeedVerbs
from tui_downloader.tui.lookout import LookedAhead
from tui_downloader.tui.screens.add_directory import (
    DirectoryCheck,
    check_directory,
    create_directory,
    default_directory,
)
from tui_downloader.tui.screens.add_panes import LOOKS_MAX, AddPanes
from tui_downloader.tui.widgets.directory_field import DirectoryField
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.option_fields import OptionFields
from tui_downloader.tui.widgets.text_button import TextButton
from tui_downloader.tui.widgets.url_area import UrlArea

READ_SECONDS: Final = 0.12
"""How long the text must stay the same before it is read."""
LOOK_SECONDS: Final = 0.4
"""How much longer it must stay the same before servers are asked."""


class AddScreen(AddPanes):
    """Takes URLs, a directory and options; dismisses with requests, or with `None` when it was closed."""

    AUTO_FOCUS = "#urls"
    BINDING_GROUP_TITLE = "Add downloads"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="add-close", tooltip="Close the form; the text is kept"),
        Binding("ctrl+n", "create", "Create directory", id="add-create", tooltip="Create the directory typed"),
        Binding(
            "ctrl+o",
            "options",
            "Options",
            id="add-options",
            priority=True,
            tooltip="Open or fold name, checksum, limit and more",
        ),
    ]

    kept_text: ClassVar[str] = ""
    """What stood in the form when it was closed, or could not be added; the next one begins with it."""
    kept_meanings: ClassVar[dict[str, Meaning]] = {}
    """What stood behind its lines."""

    @dataclass
    class Checked(Message, bubble=False):
        """The thread read the form; for this screen alone."""

        entries: Entries
        """What the text says."""
        directory: DirectoryCheck
        """What is known about the directory."""

    def __init__(
        self,
        text: str = "",
        directory: Path | None = None,
        *,
        feed: FeedVerbs | None = None,
        places: Sequence[Path] = (),
    ) -> None:
        """Makes a form.

        Args:
            text: What to begin with, such as a paste; empty takes what the last form kept.
            directory: Where to save; `None` is the downloads folder, else the current directory.
            feed: Looks at the servers beforehand; `None` looks at none.
            places: Directories used before, the last one first.
        """
        kept = type(self)
        pasted = read_paste(text) if text.strip() else Pasted(kept.kept_text, dict(kept.kept_meanings))
        super().__init__(pasted, tilde(directory) if directory is not None else "", places)
        self._meanings = dict(pasted.meanings)
        self._feed = feed
        self._asked: tuple[Path | None, set[str]] = (None, set())
        self._timer: Timer | None = None
        self._look_timer: Timer | None = None
        self._has_default = directory is None
        self._is_submitting = False

    def on_mount(self) -> None:
        """Puts the cursor behind the text and reads the form."""
        self.query_one(Lines).can_focus = False
        self.query_one(OptionFields).display = False
        urls = self.query_one(UrlArea)
        urls.move_cursor(urls.document.end)
        self._fill_options(self._pasted)
        self.draw()
        self._check()

    def on_unmount(self) -> None:
        """Withdraws what nobody waits for any more."""
        if self._feed is not None:
            self._feed.look_away()

    def on_paste(self, event: Paste) -> None:
        """A paste anywhere in the form goes to the URLs."""
        event.stop()
        self.query_one(UrlArea).paste(event.text)

    # ----------------------------------------------------------------------------------------------- what is typed

    @on(UrlArea.CommandPasted)
    def _on_pasted(self, message: UrlArea.CommandPasted) -> None:
        """Keeps what a pasted command said beside its URLs."""
        self._meanings |= message.pasted.meanings
        self._fill_options(message.pasted)
        self._on_changed()

    @on(OptionFields.Changed)
    def _on_option(self) -> None:
        """Says how the options read."""
        self.draw()

    @on(Lines.WidthChanged)
    def _on_width(self) -> None:
        self.draw_cards()

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _on_changed(self) -> None:
        """Reads the form once it stays the same for a moment."""
        self._stop_timers()
        self._timer = self.set_timer(READ_SECONDS, self._check)

    def _fill_options(self, pasted: Pasted) -> None:
        """Takes over what a command says about its file, where nothing was typed."""
        command, fields = pasted.command, self.query_one(OptionFields)
        if command is not None and command.filename is not None and len(command.urls) == 1:
            fields.fill("name", safe(command.filename.rpartition("/")[2]))
        if command is not None and command.limit is not None:
            fields.fill("limit", safe(command.limit[:24]))

    # ---------------------------------------------------------------------------------------------- what was asked

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
        self._keep(self.query_one(UrlArea).text)
        self.dismiss(None)

    def action_create(self) -> None:
        """Creates the directory, if that is all it needs."""
        if self.directory.can_create:
            self._check(creates=True)

    def action_options(self) -> None:
        """Opens the options, or folds them."""
        fields = self.query_one(OptionFields)
        if fields.display:
            fields.display = False
            self.query_one(UrlArea).focus()
        else:
            self._open_options("name")
        self.draw()

    def _open_options(self, option: str) -> None:
        fields = self.query_one(OptionFields)
        fields.display = True
        fields.focus_on(option)

    # ----------------------------------------------------------------------------------------------------- reading

    def _stop_timers(self) -> None:
        for each in (self._timer, self._look_timer):
            if each is not None:
                each.stop()

    def _check(self, *, creates: bool = False) -> None:
        self._stop_timers()
        typed = self.query_one(DirectoryField).value
        chosen = None if self._has_default and not typed else typed
        self._read(self.query_one(UrlArea).text, dict(self._meanings), chosen, self.entries, creates=creates)

    @work(thread=True, exclusive=True, group="add-read", description="reads the form")  # else all of it is worded
    def _read(
        self, text: str, meanings: Mapping[str, Meaning], chosen: str | None, known: Entries, *, creates: bool
    ) -> None:
        """Reads text and directory in a thread; a text that was read before is not read again."""
        if (known.text, known.meanings) != (text, meanings):
            known = parse_entries(text, meanings, read_lists(text.splitlines()), known)
        typed = default_directory() if chosen is None else chosen
        directory = create_directory(typed) if creates else check_directory(typed)
        if not get_current_worker().is_cancelled:  # else a later reading is on its way, and may be there already
            self.post_message(self.Checked(known, directory))

    def on_add_screen_checked(self, message: Checked) -> None:
        """Shows what was read and, if that was asked for, adds it."""
        field = self.query_one(DirectoryField)
        if self._has_default and not field.value:
            with self.prevent(Input.Changed):
                field.value = message.directory.typed
        self._has_default = False
        self.entries, self.directory = message.entries, message.directory
        now = (self.query_one(UrlArea).text, self._meanings, field.value)
        is_current = now == (message.entries.text, message.entries.meanings, message.directory.typed)
        if not self._is_submitting:
            self._expect_findings()
        self.draw()
        if self._is_submitting and is_current:
            self._is_submitting = False
            self._submit()
        elif self._is_submitting:
            self._check()

    def _submit(self) -> None:
        """Closes the form with requests, or puts the focus where something is missing."""
        directory, fine = self.directory.directory, self.entries.fine
        if not fine:
            self.query_one(UrlArea).focus()
            if not self.entries.entries:
                self.query_one("#count", Static).update("nothing to add yet")
            return
        if directory is None:
            self.query_one(DirectoryField).focus()
            return
        try:
            options = read_options(self.typed, count=len(fine))
        except OptionError as error:
            self._open_options(error.option)
            return
        self._keep("\n".join(self.entries.wrong))
        self.dismiss(AddResult(self._requests(directory, options), directory))

    def _keep(self, text: str) -> None:
        """Keeps a text for the next form, with what stands behind its lines."""
        type(self).kept_text = text
        lines = set(text.split("\n"))
        type(self).kept_meanings = {line: each for line, each in self._meanings.items() if line in lines}

    def _requests(self, directory: Path, options: Options) -> tuple[Request, ...]:
        """Makes a request of each entry that can be downloaded."""
        return tuple(
            Request(
                url=entry.url,
                directory=directory,
                filename=options.filename,
                fields=entry.fields,
                connections_max=options.connections_max,
                bytes_per_second_max=options.bytes_per_second_max,
                checksum=options.checksum,
                paused=options.paused,
                added_by="screen",
            )
            for entry in self.entries.fine
            if entry.url is not None
        )

    # ---------------------------------------------------------------------------------------------- the look ahead

    def _expect_findings(self) -> None:
        """Has servers looked at in a moment, if there are any that were not and they are not too many."""
        directory, fine = self.directory.directory, self.entries.fine
        if self._feed is None or directory is None or len(fine) > LOOKS_MAX:
            return
        for each in fine:
            self.findings.setdefault(each.url or "", Finding())
        if self._asked[0] != directory:
            self._asked = (directory, set())
        if any(each.url not in self._asked[1] for each in fine):
            self._look_timer = self.set_timer(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        """Has the servers looked at that were not."""
        directory, asked = self._asked
        if self._feed is None or directory is None:
            return
        requests = [each for each in self._requests(directory, Options()) if each.url not in asked]
        asked.update(each.url for each in requests)
        self._feed.look_ahead(requests, self.post_message)

    @on(LookedAhead)
    def _looked_ahead(self, message: LookedAhead) -> None:
        """Shows what was found."""
        self.findings |= message.findings
        self.draw_cards()
