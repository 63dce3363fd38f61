"""Events that wait in a real state file: delivered in order, told, acknowledged exactly once."""

from __future__ import annotations

from tests.support.session_control import SessionControl
from tests.tui.factories import happening
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.events import EventKind
from tui_downloader.tui import messages
from tui_downloader.tui.feed_verbs import CLIENT


def acknowledged(control: SessionControl) -> int:
    """Return how far the screen has acknowledged."""
    return control.session.cursor(CLIENT)


def test_what_was_missed_is_told_and_acknowledged(control: SessionControl) -> None:
    journal = Journal(control)
    picture, archive, broken = journal.add("nebula.jpg", "tiles.zip", "talk.mkv")
    journal.finish(picture, "nebula.jpg")
    journal.finish(archive, "tiles.zip")
    journal.write(broken, state="failed", reason="link-expired")
    journal.tell(broken, EventKind.FAILED, reason="link-expired", error="The link has expired.")

    async def first(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.banner, what="the banner")
        assert screen.banner == "While you were away: 2 finished, 1 failed (link expired)"
        assert screen.current.id == picture, "the newest picture that finished"
        await screen.until(lambda: acknowledged(control) == 3, what="the acknowledgement")
        await screen.press("escape")
        assert screen.banner == ""

    async def second(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.feed._position == 3, what="the replay")
        await screen.pilot.pause()
        assert screen.banner == ""
        assert screen.current.id == picture, "where it was"

    play(control, first)
    play(control, second)


def test_one_outcome_names_its_file(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.finish(download_id, "[red]a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.banner, what="the banner")
        assert screen.banner == "While you were away: [red]a.iso finished"

    play(control, scenario)


def test_the_handler_is_called_once_after_the_last_event(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.finish(download_id, "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: acknowledged(control) == 1, what="the replay at the start")
        told: list[str] = []
        identifier = control.session.identifier
        event = happening(screen.current, EventKind.FINISHED, path="/a.iso")
        for message in (
            messages.BackgroundSessionUpdated(identifier, lambda: told.append(f"called at {screen.banner!r}")),
            messages.EventsDelivered((event,), replayed=True),
            messages.EventsFinished(identifier),
            messages.EventsFinished(identifier),
        ):
            screen.main.post_message(message)
        await screen.pilot.pause()
        assert told == ["called at 'While you were away: a.iso finished'"]

    play(control, scenario)


def test_the_handler_of_another_session_is_never_called(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        told: list[str] = []
        screen.main.post_message(messages.BackgroundSessionUpdated("other", lambda: told.append("called")))
        screen.main.post_message(messages.EventsFinished("other"))
        screen.main.post_message(messages.EventsFinished(control.session.identifier))
        await screen.pilot.pause()
        assert told == []

    play(control, scenario)


def test_a_cursor_that_the_user_moved_is_left_alone(control: SessionControl) -> None:
    journal = Journal(control)
    picture, other, third = journal.add("a.png", "b.zip", "c.zip")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("j")
        event = happening(screen.feed.snapshot.find(picture), EventKind.FINISHED, path="/a.png")
        screen.main.post_message(messages.EventsDelivered((event,), replayed=True))
        screen.main.post_message(messages.EventsFinished(control.session.identifier))
        await screen.pilot.pause()
        assert screen.current.id == other
        assert third != other

    play(control, scenario)


def test_live_events_are_acknowledged_and_told(control: SessionControl) -> None:
    journal = Journal(control)
    first, second = journal.add("a.iso", "b.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.feed._posted.revision, what="the first look")
        journal.finish(first, "a.iso")
        journal.finish(second, "b.iso")
        await screen.until(lambda: acknowledged(control) == 2, what="the acknowledgement")
        await screen.until(lambda: screen.notices, what="the notice")
        assert screen.notices[0].startswith("Finished: ")
        assert screen.banner == ""

    play(control, scenario)


def test_what_happens_while_the_terminal_is_elsewhere_counts_as_missed(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        screen.app.app_focus = False
        await screen.pilot.pause()
        assert screen.main._visit._unfocused_at is not None
        screen.main._visit.focus(focused=False, now=screen.main._visit._unfocused_at - 61)
        journal.finish(download_id, "a.iso")
        await screen.until(lambda: screen.main._visit.missed, what="the event")
        await screen.pilot.pause()
        assert acknowledged(control) == 0
        screen.app.app_focus = True
        await screen.until(lambda: screen.banner, what="the banner")
        assert screen.banner == "While you were away: a.iso finished"
        await screen.until(lambda: acknowledged(control) == 1, what="the acknowledgement")

    play(control, scenario)
