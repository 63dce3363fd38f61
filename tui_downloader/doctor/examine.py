"""All checks, by topic.

Owns their order.
"""

from __future__ import annotations

from tui_downloader.doctor import places, surroundings
from tui_downloader.doctor.check import Check
from tui_downloader.doctor.facts import Facts
from tui_downloader.doctor.survival import survival


def examine(facts: Facts) -> dict[str, list[Check]]:
    """Returns the answers, by topic, in the order they are shown."""
    return {
        "survival": survival(facts.survival),
        "places": [
            *places.state_place(facts.state),
            *places.downloads_place(facts.downloads),
            *places.sessions(facts.sessions),
            *places.settings(facts.settings),
        ],
        "network": surroundings.network(facts.network),
        "here": [
            *surroundings.terminal(facts.terminal),
            *surroundings.notifications(facts.settings, facts.desktop, facts.terminal.notice),
            *surroundings.clock(facts.clock),
            *surroundings.versions(facts.versions),
        ],
    }
