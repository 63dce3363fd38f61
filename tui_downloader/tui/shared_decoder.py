"""The one decoder of an app.

Owns who uses it: it is made for the first and closed after the last. Must never decode anything itself.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from textual.app import App

from tui_downloader.preview.decode import Decoder


@dataclass(slots=True)
class _Share:
    """A decoder and how many widgets use it."""

    decoder: Decoder
    users: int = 0


_shares: WeakKeyDictionary[App[object], _Share] = WeakKeyDictionary()
_shares_lock = threading.Lock()
"""Several apps may live in several threads of one process."""


def borrow(app: App[object]) -> Decoder:
    """Returns the app's one decoder."""
    with _shares_lock:
        share = _shares.setdefault(app, _Share(Decoder()))
        share.users += 1
        return share.decoder


def give_back(app: App[object]) -> None:
    """Takes one user off; the decoder is closed after the last."""
    with _shares_lock:
        share = _shares[app]
        share.users -= 1
        if not share.users:
            del _shares[app]
    if not share.users:
        share.decoder.close()
