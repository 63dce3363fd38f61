"""The footer's keys, and why one cannot act."""

from __future__ import annotations

import pytest

from tests.tui.factories import download
from tui_downloader.model.lifecycle import Intent, Reason, State
from tui_downloader.tui.hints import cannot, hints, left_out, pauses, selection_hints, selection_words
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.line import width_of


def keys(state: State, **fields: object) -> str:
    """Return the keys of a row as one text."""
    return " ".join(each.key for each in hints(download(1, state, **fields)))


def test_each_state_offers_what_helps() -> None:
    assert keys(State.TRANSFERRING) == "a p x L Enter d"
    assert keys(State.QUEUED) == "a p x K J Enter d"
    assert keys(State.WAITING) == "a r p x Enter d"
    assert keys(State.FAILED, reason=Reason.LINK_EXPIRED) == "a u r Y Enter d"
    assert keys(State.FAILED, reason=Reason.TLS) == "a r Y Enter d"
    assert keys(State.PAUSED) == "a r Y Enter d"
    assert keys(State.COMPLETED) == "a Enter o O y d D"
    assert [each.key for each in hints(None)] == ["a"]


def test_enter_is_named_after_what_it_shows() -> None:
    picture = hints(download(1, State.COMPLETED, filename="moon.png"))
    assert "Picture" in {each.label for each in picture}
    assert "Detail" in {each.label for each in hints(download(1, State.COMPLETED))}
    assert hints(download(1), full=True)[0].key == "Esc"


@pytest.mark.parametrize(
    ("verb", "state", "reason"),
    [
        ("resume", State.COMPLETED, "already finished"),
        ("pause", State.COMPLETED, "already finished"),
        ("cancel", State.COMPLETED, "already finished"),
        ("pause", State.FAILED, "it has failed"),
        ("pause", State.CANCELLED, "it has been cancelled"),
        ("cancel", State.CANCELLED, "already cancelled"),
        ("resume", State.TRANSFERRING, "it is transferring"),
        ("copy", State.PAUSED, "the file is not finished; Y copies its URL"),
        ("link", State.COMPLETED, "already finished"),
        ("move", State.COMPLETED, "already finished"),
        ("move", State.FAILED, "it has failed"),
        ("move", State.CANCELLED, "it has been cancelled"),
        ("move", State.TRANSFERRING, "it is transferring"),
        ("move", State.PAUSED, "it is paused"),
        ("move", State.QUEUED, None),
        ("link", State.TRANSFERRING, None),
        ("link", State.FAILED, None),
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
    assert left_out("pause", []) == "Nothing to pause: no download is selected"
    assert left_out("move", []) == "Not in line: no download is selected"
    pausing = download(1, State.QUEUED, intent=Intent.PAUSE, intent_number=2)
    assert cannot("move", pausing) == "it is pausing"
    assert cannot("pause", pausing) == "already paused"


def test_the_pause_key_undoes_a_pause_that_is_on_its_way() -> None:
    pausing = download(1, State.TRANSFERRING, intent=Intent.PAUSE, intent_number=2)
    assert not pauses(pausing)
    assert cannot("resume", pausing) is None
    assert pauses(download(1, State.TRANSFERRING))
    assert not pauses(download(1, State.PAUSED, intent=Intent.PAUSE))
    resuming = download(1, State.PAUSED, intent=Intent.RUN, intent_number=2)
    assert pauses(resuming)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (100, "a Add u New link r Try again Y Copy URL Enter Detail d Remove ? Help q Quit"),
        (60, "a Add u New link r Try again d Remove ? Help q Quit"),
        (48, "a Add u New link r Try again ? Help q Quit"),
    ],
)
def test_a_narrow_footer_leaves_out_what_helps_least(width: int, expected: str) -> None:
    footer = Footer()
    footer.set_reactive(Footer.hints, hints(download(1, State.FAILED, reason=Reason.LINK_EXPIRED)))
    left, right = footer.pieces(width)
    words = ("".join(each.text for each in part) for part in (left, right))
    assert " ".join(" ".join(words).split()) == expected
    assert width_of(left) + width_of(right) <= width


def test_whom_a_verb_leaves_out_of_a_selection() -> None:
    done, failed, runs = download(1, State.COMPLETED), download(2, State.FAILED), download(3, State.TRANSFERRING)
    assert left_out("pause", [runs]) is None
    assert left_out("pause", [done]) == "Nothing to pause: already finished"
    assert left_out("pause", [done, done]) == "Nothing to pause: already finished"
    assert left_out("pause", [done, done, failed]) == "Nothing to pause: 2 already finished, 1 has failed"
    assert left_out("pause", [done, runs]) == "1 of 2 left out: already finished"
    assert left_out("pause", [done, failed, runs]) == "2 of 3 left out: 1 already finished, 1 has failed"
    assert left_out("copy", [runs]) == "Nothing to copy yet: the file is not finished; Y copies its URL"
    assert left_out("move", [done, failed]) == "Not in line: 1 already finished, 1 has failed"


def test_the_footer_of_a_selection_begins_with_its_count() -> None:
    assert selection_words(0, hidden=0) == ""
    assert selection_words(1200, hidden=0) == "1,200 selected"
    assert selection_words(3, hidden=1) == "3 selected, 1 not shown"
    footer = Footer()
    footer.set_reactive(Footer.selected, "3 selected")
    for width in (60, 80, 120):
        footer.set_reactive(Footer.hints, selection_hints(ranging=False))
        left, right = footer.pieces(width)
        text = "".join(each.text for each in left)
        assert text.startswith(" 3 selected ")
        assert "Esc Clear" in text
        assert width_of(left) + width_of(right) <= width
    assert selection_hints(ranging=True)[0].label == "End range"
