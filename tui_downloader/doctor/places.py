"""Directories, sessions and settings: can they be used, and is there room.

Owns these checks.
"""

from __future__ import annotations

from tui_downloader.doctor.check import Check, note, ok, wrong
from tui_downloader.doctor.facts import PlaceFacts, SessionFacts, SettingsFacts
from tui_downloader.model.display_text import safe
from tui_downloader.state.file_system import MEMORY, NETWORK
from tui_downloader.units import format_bytes

STATE_BYTES_MIN = 20_000_000
"""The state file and its log need about so much."""
DOWNLOADS_BYTES_MIN = 100_000_000
"""Less is hardly worth calling room."""

_ELSEWHERE = "name another place: --state-dir DIR, or TUIDL_STATE_DIR"


def state_place(place: PlaceFacts) -> list[Check]:
    """Says whether the state directory can be used."""
    where = safe(str(place.path))
    return [_state_rights(place, where), _state_file_system(place, where), _room("state-space", place, where)]


def _state_rights(place: PlaceFacts, where: str) -> Check:
    """Says who can read and write it."""
    name = "state-directory"
    if place.problem is not None:
        return wrong(name, safe(place.problem), f"make it yours alone (chmod 700), or {_ELSEWHERE}")
    if not place.is_writable:
        return wrong(name, f"The state directory {where} cannot be written to.", _ELSEWHERE)
    if not place.is_there:
        return ok(name, f"The state directory {where} is made with the first download.")
    return ok(name, f"The state directory {where} is yours alone.")


def _state_file_system(place: PlaceFacts, where: str) -> Check:
    """Says whether its file system can hold SQLite's log."""
    name, kind = "state-file-system", place.file_system
    if kind in NETWORK:
        return wrong(name, f"{where} lies on a network mount ({kind}); it is refused.", _ELSEWHERE)
    if kind in MEMORY:
        return note(name, f"{where} lies in memory ({kind}): after a reboot the list is empty.", _ELSEWHERE)
    return ok(name, "Its file system can hold the state file.")


def _room(name: str, place: PlaceFacts, where: str) -> Check:
    """Says whether there is room for the state."""
    if place.free_bytes is not None and place.free_bytes < STATE_BYTES_MIN:
        return wrong(name, f"Only {format_bytes(place.free_bytes)} are free at {where}.", "make room on that disk")
    return ok(name, f"{format_bytes(place.free_bytes)} are free there.")


def downloads_place(place: PlaceFacts) -> list[Check]:
    """Says whether downloads can be saved where the screen saves them."""
    name, where = "downloads", safe(str(place.path))
    if not place.is_there:
        return [wrong(name, f"The directory for downloads {where} is not there.", f"mkdir -p {where}")]
    if not place.is_writable:
        return [
            wrong(name, f"The directory for downloads {where} cannot be written to.", "directory in the settings")
        ]
    if place.free_bytes is not None and place.free_bytes < DOWNLOADS_BYTES_MIN:
        free = format_bytes(place.free_bytes)
        return [wrong(name, f"Only {free} are free at {where}.", "make room, or set directory in the settings")]
    return [ok(name, f"Downloads of the screen go to {where}, {format_bytes(place.free_bytes)} free.")]


def sessions(found: tuple[SessionFacts, ...]) -> list[Check]:
    """Says which sessions cannot be used, or lie still."""
    bad = [each for each in found if each.error is not None]
    held = [each for each in found if each.held_lock is not None]
    still = [each for each in found if each.left and each not in bad and each not in held]
    if not bad and not held and not still:
        count = f"{len(found):,} session" if len(found) == 1 else f"{len(found):,} sessions"
        return [ok("sessions", f"{count}, all usable." if found else "No session was used yet.")]
    return [
        *(_unusable(each) for each in bad),
        *(_locked(each) for each in held),
        *(_lies_still(each) for each in still),
    ]


def _unusable(session: SessionFacts) -> Check:
    """Says why a session cannot be used."""
    remedy = f"its next use mends what can be mended: tuidl -s {session.name} list"
    return wrong("sessions", f"Session “{session.name}”: {safe(str(session.error))}", remedy)


def _locked(session: SessionFacts) -> Check:
    """Says that something holds a session."""
    sentence = f"Session “{session.name}”: its lock is held, and by no worker that is known."
    return wrong("sessions", sentence, f"find who holds it: fuser {safe(str(session.held_lock))}")


def _lies_still(session: SessionFacts) -> Check:
    """Says that a session has work and no worker, and why if its log says so."""
    what = "1 download waits" if session.left == 1 else f"{session.left:,} downloads wait"
    sentence, remedy = f"Session “{session.name}”: {what} for a worker.", f"tuidl -s {session.name}, or any verb"
    if session.log_error is None:
        return note("worker", sentence, remedy)
    return wrong("worker", f"{sentence} The last one's log ends: {safe(session.log_error)}", remedy)


def settings(found: SettingsFacts) -> list[Check]:
    """Says whether the settings and the programs they name can be used."""
    if found.problem is not None:
        return [wrong("settings", safe(found.problem), "correct that line; S on the screen opens the file")]
    where = safe(str(found.path))
    says = f"The settings in {where} can be used." if found.is_there else f"No settings in {where}: defaults hold."
    checks = [ok("settings", says)]
    for name, problem in found.hooks.items():
        if problem is None:
            checks.append(ok(name, f"{name}: its program is there."))
        else:
            checks.append(wrong(name, f"{name}: its program {safe(problem)}.", f"correct {name} in the settings"))
    return checks
