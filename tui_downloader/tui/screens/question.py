"""One question with a harmless answer.

Owns nothing but the asking: title, lines and two answers come from the caller. Must never act itself and never
interpret what it shows as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_downloader.model.display_text import safe
from tui_downloader.tui.keys import key_of
from tui_downloader.tui.widgets.text_button import TextButton

_OTHER_ROWS = 6
"""Rows of the box beside the lines."""


class QuestionScreen(ModalScreen[bool]):
    """Asks whether to do something that cannot be undone; dismisses with the answer.

    The harmless answer has the focus: Enter and Esc keep, only `y` (or going to the other button) acts.
    """

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "#keep"
    BINDING_GROUP_TITLE = "Question"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "act", "Yes", id="question-act", tooltip="Do what the question asks"),
        Binding("escape,n,q", "keep", "Keep", id="question-keep", tooltip="Leave everything as it is"),
        Binding("left,right,h,l", "other", "Other answer", id="question-other", tooltip="Go to the other answer"),
    ]

    def __init__(self, title: str, lines: Sequence[str], keep: str = "Keep", act: str = "Delete") -> None:
        """Makes a question.

        Args:
            title: The question itself: `Delete image?`.
            lines: What it is about and what would happen, one sentence each; may hold text from outside.
            keep: Words of the harmless answer.
            act: Words of the other answer.
        """
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._keep = keep
        self._act = act

    def compose(self) -> ComposeResult:
        """Builds the box: the lines above the answers."""
        with Vertical(id="box") as box:
            with VerticalScroll(id="lines", can_focus=False):
                for line in self._lines:
                    yield Static(Content(safe(line)))
            with Horizontal(id="answers"):
                yield TextButton(self._keep, id="keep")
                yield TextButton(self._act, id="act")
        box.border_title = Content(safe(self._title))
        keep, act = safe(self._keep.lower()), safe(self._act.lower())
        box.border_subtitle = Content(
            f"{key_of('button-press')} {keep} · {key_of('question-act')} {act} · {key_of('question-keep')} {keep}"
        )

    def on_resize(self, event: Resize) -> None:
        """Keeps the answers in sight: the lines scroll where there is little room."""
        self.query_one("#lines").styles.max_height = max(1, event.size.height - _OTHER_ROWS)

    @on(TextButton.Pressed, "#act")
    def action_act(self) -> None:
        """Answers yes."""
        self.dismiss(True)

    @on(TextButton.Pressed, "#keep")
    def action_keep(self) -> None:
        """Answers no."""
        self.dismiss(False)

    def action_other(self) -> None:
        """Moves the focus to the other answer."""
        self.focus_next()
