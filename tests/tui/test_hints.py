"""The footer's keys, and why one cannot act."""

from __future__ import annotations

import pytest

from tests.tui.factories import download
from tui_downloader.model.lifecycle import Intent, Reason, State
from tui_downloader.tui.hints import cannot, hints, pauses


def keys(state: State, **fields: object) -> str:
    """Return the keys of a row as one text."""
    return " ".join(each.key for each in hints(download(1, state, **fields)))


def test_each_state_offers_what_helps() -> None:
    assert keys(State.TRANSFERRING) == "a p x Enter d"
    assert keys(State.WAITING) == "a r p x Enter d"
    assert keys(State.FAILED, reason=Reason.LINK_EXPIRED) == "a r Y Enter d"
    assert keys(State.PAUSED) == "a r Y Enter d"
    assert keys(State.COMPLETED) == "a Enter y d D"
    assert [each.key for each in hints(None)] == ["a"]


def test_enter_is_named_after_what_it_shows() -> None:
    picture = hints(download(1, State.COMPLETED, filename="moon.png"))
    assert "Picture" in {each.label for each in picture}
    assert "Detail" in {each.label for each in hints(download(1, State.COMPLETED))}
    assert hints(download(1), full=True)[0].key == "Esc"


@pytest.mark.parametrize(
    ("verb", "state", "reason"),
    [
        ("resume", State.COMPLETED, "Nothing to resume: already finished"),
        ("pause", State.COMPLETED, "Nothing to pause: already finished"),
        ("cancel", State.COMPLETED, "Nothing to cancel: already finished"),
        ("pause", State.FAILED, "Nothing to pause: it has failed"),
        ("pause", State.CANCELLED, "Nothing to pause: it has been cancelled"),
        ("cancel", State.CANCELLED, "Nothing to cancel: already cancelled"),
        ("resume", State.TRANSFERRING, "Nothing to resume: it is transferring"),
        ("copy", State.PAUSED, "Nothing to copy yet: the file is not finished; Y copies its URL"),
        ("pause", State.TRANSFERRING, None),
        ("resume", State.WAITING, None),
        ("resume", State.CANCELLED, None),
        ("cancel", State.FAILED, None),
        ("remove", State.COMPLETED, None),
        ("copy", State.COMPLETED, None),
    ],
)
def test_why_a_key_cannot_act(verb: str, state: State, reason: str | None) -> None:
    assert cannot(verb, download(1, state)) == reason


def test_nothing_selected_is_said() -> None:
    assert cannot("pause", None) == "Nothing to pause: no download is selected"


def test_the_pause_key_undoes_a_pause_that_is_on_its_way() -> None:
    pausing = download(1, State.TRANSFERRING, intent=Intent.PAUSE, intent_number=2)
    assert not pauses(pausing)
    assert cannot("resume", pausing) is None
    assert pauses(download(1, State.TRANSFERRING))
    assert not pauses(download(1, State.PAUSED, intent=Intent.PAUSE))
    resuming = download(1, State.PAUSED, intent=Intent.RUN, intent_number=2)
    assert pauses(resuming)
