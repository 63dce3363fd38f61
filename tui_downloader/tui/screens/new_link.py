"""The dialog for a new link: another URL for a download that is not finished.

Owns what it says about the download. Must never show a secret of the old link nor resume anything itself.
"""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.request import checked_url
from tui_downloader.tui.detail_words import moving, sentence
from tui_downloader.tui.explanation import explain
from tui_downloader.tui.screens.one_field import OneFieldScreen
from tui_downloader.tui.styled_line import clip_end
from tui_downloader.tui.widgets.field import Field

_URL_CELLS = 400
"""Most of the old link that is shown."""


class NewLinkScreen(OneFieldScreen[str]):
    """Asks for a URL; dismisses with it, checked."""

    BINDING_GROUP_TITLE = "New link"
    heading = "New link"
    label = "New link"
    act = "Go on"

    def __init__(self, download: Download) -> None:
        """Makes the dialog.

        Args:
            download: Which download gets the link; not finished.
        """
        super().__init__()
        self._download = download
        if download.bytes_received:
            self.hint = "What is on disk is kept if it proves to be the same file; otherwise it starts over."

    def compose_above(self) -> ComposeResult:
        """Builds the name, how the download stands, and its old link without secrets."""
        download = self._download
        yield Static(Content(safe(download.shown_name)), classes="strong")
        yield Static(Content(safe(_standing(download))))
        with Horizontal():
            yield Static("Old link", classes="label", markup=False)
            yield Static(Content(clip_end(download.shown_url, _URL_CELLS)), classes="value")

    def compose_field(self) -> ComposeResult:
        """Builds the empty field."""
        yield Field(placeholder="paste or type a URL of the same file", id="field")

    def read(self, text: str) -> str:
        """Returns the URL; raises `InvalidUrlError` with the reason if it cannot be downloaded."""
        return checked_url(text)


def _standing(download: Download) -> str:
    """Words how a download stands: `The link has expired (403). 1.1 of 1.9 GB kept.`."""
    explanation = explain(download, now=time.time())
    if explanation is None:
        return sentence(moving(download))
    return " ".join(sentence(each) for each in (explanation.happened, explanation.kept) if each)
