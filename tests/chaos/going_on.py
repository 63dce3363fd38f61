"""A session whose worker fails once in something it does: it must say what, lose nothing, and go on.

Owns the story and what must come of it. Must never know what fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.checks import folder_problems
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import SessionControl
from tui_downloader.errors import NoSuchDownloadError, SessionUnusableError
from tui_downloader.model.lifecycle import State

SECONDS = 60.0
"""How long a story may take on a slow machine."""
SIZES = {"a.bin": 20_000, "b.bin": 1_500_000, "c.bin": 30_000}
"""A small file, one that is read from the socket, and one that is deleted again."""


@dataclass(slots=True)
class Ending:
    """How a story ended."""

    problems: list[str] = field(default_factory=list)
    """What must not be."""
    said: set[str] = field(default_factory=set)
    """What users were told: reasons of downloads, sentences of verbs."""


def go_on(root: Path, server: FaultServer) -> Ending:
    """Download three files, remove one of them with its file, whatever the first worker fails in.

    Args:
        root: Where everything lies; a fresh directory.
        server: Where the files come from.
    """
    ending, control = Ending(), SessionControl(root)
    contents = {name: body(each, size) for each, (name, size) in enumerate(SIZES.items())}
    ids: dict[str, int] = {}
    try:
        for name, content in contents.items():
            url = server.add(f"/{name}", Resource(content))
            for _ in range(3):  # one that was refused in a sentence is tried again, and found if it was added
                with _told(ending):
                    (ids[name],) = control.add(url)
                    break
        _finish(control, ending, set(ids.values()))
        with _told(ending):
            control.session.remove([ids["c.bin"]], delete_file=True)
        _until_gone(control, ending, ids["c.bin"])
        wanted = {name: {_digest(content)} for name, content in contents.items() if name != "c.bin"}
        ending.problems += folder_problems(control.downloads, wanted)
        with _told(ending):
            control.session.stop()
        ending.problems += _log_problems(control)
    finally:
        control.close()
    return ending


@contextlib.contextmanager
def _told(ending: Ending) -> Iterator[None]:
    """Let a verb end in a sentence."""
    try:
        yield
    except NoSuchDownloadError:
        pass  # it was removed already
    except SessionUnusableError as error:
        ending.said.add(type(error).__name__)


def _finish(control: SessionControl, ending: Ending, ids: set[int]) -> None:
    """Wait until all are complete, as a user would who tries again what failed."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with _told(ending):
            rows = control.session.find(sorted(ids))
            if rows.keys() < ids:
                ending.problems.append(f"only {sorted(rows)} of {sorted(ids)} are left")
                return
            ending.said |= {each.reason.value for each in rows.values() if each.reason is not None}
            if all(each.state is State.COMPLETED for each in rows.values()):
                return
            stuck = [each.id for each in rows.values() if each.state in {State.FAILED, State.WAITING}]
            if stuck:
                control.session.resume(stuck)
            control.session.ensure_worker()
        time.sleep(0.03)
    states = [(each.id, each.state.value, each.reason, each.error) for each in control.session.snapshots()]
    ending.problems.append(f"not complete in time: {states}")


def _until_gone(control: SessionControl, ending: Ending, download_id: int) -> None:
    """Wait until a removed download is gone."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with _told(ending):
            if not control.session.find([download_id]):
                return
            control.session.remove([download_id], delete_file=True)
        time.sleep(0.03)
    ending.problems.append("the removed download is still there")


def _log_problems(control: SessionControl) -> list[str]:
    """Look for what nobody foresaw."""
    log = control.session.directory / "worker.log"
    text = log.read_text() if log.exists() else ""
    at = text.find("Traceback")
    return [] if at < 0 else [f"a traceback in the log: {text[max(0, at - 300) : at + 3000]}"]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
