"""What the list of sessions says: one line for each, and what removing one would do.

Owns these words as pure functions. Must never read a session or a style.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_downloader.model.display_text import safe
from tui_downloader.session.overview import SessionOverview
from tui_downloader.tui.detail_words import counted
from tui_downloader.tui.styled_line import Line, Role, clip_end, line
from tui_downloader.tui.widgets.choices import Choice
from tui_downloader.tui.widgets.row import clipped

NOTHING = "No session was used yet; n makes one."
"""What an empty list says."""

_NAME_CELLS_MAX = 32
_GAP = "  "


def session_choices(sessions: Sequence[SessionOverview], *, here: str, width: int) -> list[Choice]:
    """Lays the sessions out: mark of the open one, name, what is in it, what is new in its inbox.

    Args:
        sessions: All of them; the key of each choice is its name.
        here: The session that the screen shows.
        width: Cells of a line.
    """
    if not sessions:
        return [Choice(None, line(clip_end(NOTHING, width), Role.QUIET))]
    longest = max(cell_len(each.session) for each in sessions)
    name_cells = max(7, min(longest, _NAME_CELLS_MAX, width // 3))
    return [
        Choice(each.session, _line(each, is_here=each.session == here, name_cells=name_cells, width=width))
        for each in sessions
    ]


def removal_lines(session: SessionOverview) -> list[str]:
    """Words what removing a session would do, one sentence a line."""
    lines = [f"{session.session}, {counted(session.downloads, 'download')}"]
    if session.running:
        goes = "goes" if session.running == 1 else "go"
        lines.append(f"{counted(session.running, 'download')} still {goes} on in it.")
    if session.unfinished:
        lines.append("What was received of unfinished downloads is deleted. This cannot be undone.")
    lines.append("Finished files stay where they are.")
    return lines


def _line(session: SessionOverview, *, is_here: bool, name_cells: int, width: int) -> Line:
    """Lays out one session; one that cannot be used tells why."""
    mark = ("● " if is_here else "  ", Role.KEY)
    name = (clipped(session.session, name_cells), Role.STRONG if is_here else Role.PLAIN)
    room = max(0, width - 2 - name_cells - len(_GAP))
    if session.error is not None:
        return (mark, name, (_GAP + clip_end(safe(session.error), room), Role.WAIT))
    facts = [(counted(session.downloads, "download"), Role.QUIET)]
    if session.running:
        stopped = session.held and not session.worker_running
        facts.append((f"{session.running:,} {'stopped' if stopped else 'running'}", Role.ACTIVE))
    if session.unread:
        facts.append((f"inbox {session.unread:,}", Role.STRONG))
    parts = []
    for number, (text, role) in enumerate(facts):
        piece = f"{' · ' if number else _GAP}{text}"
        if cell_len(piece) > room + (0 if number else len(_GAP)):
            break
        room -= cell_len(piece)
        parts.append((piece, role))
    return (mark, name, *parts)
