"""The feed: one background thread that owns the session while the screen is open.

Owns the thread and when it does what; what it reads is `FeedReader`'s, what it is asked for `FeedVerbs`'s. Must
never touch a widget: it posts messages. One of the three borders where any exception is caught, logged and shown.
"""

from __future__ import annotations

import gc
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from textual.message import Message

from tui_downloader.errors import DamagedStateFileError, TuidlError
from tui_downloader.session.session import Session
from tui_downloader.tui.feed_reader import OLDER_PAUSE_SECONDS, FeedReader
from tui_downloader.tui.feed_verbs import Step, after_mending
from tui_downloader.tui.messages import ActionFailed
from tui_downloader.tui.screen_settings import SettingsWatch
from tui_downloader.tui.snapshot import Snapshot, Trouble

POLL_SECONDS = 0.1
"""How often it looks whether something changed."""

_STOP_SECONDS = 35.0
_AFTER_PROBLEM_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Feed(FeedReader):
    """Reads a session and runs verbs on a thread of its own; its methods return at once."""

    def __init__(
        self,
        session: Session,
        first: Snapshot,
        *,
        directory: Path,
        limit_setting: int | None = None,
        preferences: Mapping[str, str] | None = None,
        settings_watch: SettingsWatch | None = None,
    ) -> None:
        """Takes over a session; nothing runs before `start`.

        Args:
            session: Owned by the feed's thread from `start` on.
            first: What was read before the screen opened.
            directory: Where downloads are saved by default; its free space is watched.
            limit_setting: What the settings file limits all downloads to, in bytes a second; `None` or 0 is none.
            preferences: What the session remembered before the screen opened.
            settings_watch: Notices changes of the settings file; `None` is deaf to them.
        """
        super().__init__(
            session,
            first,
            directory=directory,
            limit_setting=limit_setting,
            preferences=preferences or {},
            settings_watch=settings_watch,
        )
        self._thread = threading.Thread(target=self._run, name="tuidl-feed", daemon=True)
        self._receive: Callable[[Message], object] | None = None
        self._as_of = time.time()
        self._next_look = 0.0
        self._unsaid: list[str] = []

    # --------------------------------------------------------------------------------------- called by the screen

    def start(self, receive: Callable[[Message], object]) -> None:
        """Starts the thread; for after the first frame. What was asked for before is done then.

        Args:
            receive: Takes its messages; it must be callable from any thread.
        """
        gc.enable()  # the start ran without: loading modules makes no garbage
        self._receive = receive
        self._thread.start()

    def stop(self) -> list[str]:
        """Runs the verbs that wait, ends the thread and closes the session; for after the screen has gone.

        Returns:
            Sentences about verbs that failed too late to be shown.
        """
        self._receive = None
        if self._thread.ident is None and not self._verbs.empty():
            self._thread.start()  # the screen went before its first frame, but not before its user had asked
        if self._thread.ident is not None:
            self._verbs.put(None)
            self._thread.join(_STOP_SECONDS)
        self._session.close()
        return self._unsaid

    # ----------------------------------------------------------------------------------------------- on the thread

    def _run(self) -> None:
        """Opens the session, looks ten times a second until the screen has gone, then once more."""
        self._begin()
        self._try(self._session.reconnect)
        self._try(self._replay)
        while self._run_verbs():
            if time.monotonic() >= self._next_look:
                self._look()
        self._problem(self._read_older)  # what goes on is counted at the end
        self._problem(self._lookout.end)
        self._problem(self._read_changes)

    def _look(self) -> None:
        """Reads what changed and shows it; when that fails, says so and tries again a little later."""
        problem = self._problem(self._read)
        if problem is None:
            self._as_of, trouble = time.time(), self._worker_trouble
        else:
            self._next_look = time.monotonic() + _AFTER_PROBLEM_SECONDS
            trouble = Trouble(problem, since=self._as_of)
        self._lost = problem is not None
        self.snapshot = replace(self.snapshot, trouble=trouble)
        self._show()

    def _problem(self, step: Step) -> str | None:
        """Runs a step; returns a sentence if it failed, and logs what nobody foresaw."""
        try:
            step()
        except DamagedStateFileError:
            self._lost = True  # what is read next is another file
            return after_mending(self._session, step)
        except TuidlError as error:
            return str(error)
        except Exception:  # noqa: BLE001 -- a border: logged and shown, the screen lives on
            _log.exception("a step of the screen's feed failed")
            return "Something went wrong that should not have; the log has the details."
        return None

    def _try(self, step: Step) -> None:
        """Runs what was asked for; a failure is shown, or kept for the shell if the screen has gone."""
        problem = self._problem(step)
        if problem is not None and self._receive is None:
            self._unsaid.append(problem)
        elif problem is not None:
            self._post(ActionFailed(problem))

    def _post(self, message: Message) -> None:
        """Posts a message, unless the screen has gone."""
        receive = self._receive
        if receive is None:
            return
        try:
            receive(message)
        except RuntimeError:
            _log.info("the screen had gone before a message")  # its event loop was closed in this very moment

    def _run_verbs(self) -> bool:
        """Waits a little for verbs and runs all that are there; tells whether to go on."""
        try:
            reading = self.snapshot.oldest_read is not None
            verb = self._verbs.get(timeout=OLDER_PAUSE_SECONDS if reading else POLL_SECONDS)
            while verb is not None:
                self._try(verb)
                verb = self._verbs.get_nowait()
        except queue.Empty:
            return True
        return False
