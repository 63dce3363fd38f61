"""Actions on all downloads at once: `P` and `R`; and the notices of a burst."""

from __future__ import annotations

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Intent


def test_capital_p_lets_all_go_on_and_pauses_all(control: SessionControl) -> None:
    journal = Journal(control)
    one, two, done = journal.add("a.iso", "b.iso", "c.iso")
    journal.finish(done, "c.iso")
    control.session.stop()  # nothing starts by itself: what is asked for stays to be seen

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("P")
        assert screen.remark == "2 downloads go on"
        await screen.until(
            lambda: {control.row(each).intent for each in (one, two)} == {Intent.RUN}, what="both run"
        )
        await screen.until(lambda: screen.feed.snapshot.find(one).intent is Intent.RUN, what="it is known")  # type: ignore[union-attr]  # it is there
        await screen.press("P")
        assert screen.remark == "Pausing 2 downloads; P again lets them go on"
        await screen.until(
            lambda: {control.row(each).intent for each in (one, two)} == {Intent.PAUSE}, what="both are paused"
        )
        assert control.row(done).intent is Intent.PAUSE, "as it was added"

    play(control, scenario)


def test_capital_r_tries_all_failed_again_and_no_cancelled_one(control: SessionControl) -> None:
    journal = Journal(control)
    failed, other, cancelled = journal.add("a.iso", "b.iso", "c.iso")
    journal.write(failed, state="failed", reason="tls")
    journal.write(other, state="failed", reason="not-found")
    journal.write(cancelled, state="cancelled")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("R")
        assert screen.remark == "Trying 2 failed downloads again"
        await screen.until(lambda: control.row(other).intent is Intent.RUN, what="the second runs")
        assert control.row(failed).intent is Intent.RUN
        assert control.row(cancelled).intent is Intent.PAUSE

    play(control, scenario)


def test_nothing_to_do_is_said(control: SessionControl) -> None:
    journal = Journal(control)
    (done,) = journal.add("a.iso")
    journal.finish(done, "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("P")
        assert screen.remark == "Nothing to pause: everything has ended"
        await screen.press("R")
        assert screen.remark == "Nothing to try again: no download has failed"

    play(control, scenario)


def test_a_burst_makes_one_notice_of_each_sort(control: SessionControl) -> None:
    journal = Journal(control)
    one, two, bad, worse = journal.add("a.iso", "b.iso", "c.iso", "d.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.feed._posted.revision, what="the first look")
        for each in (bad, worse):
            journal.write(each, state="failed", reason="tls", filename="[red]c.iso")
            journal.tell(each, EventKind.FAILED, reason="tls")
        journal.finish(one, "a.iso")
        journal.finish(two, "b.iso")
        await screen.until(lambda: sum(map(_count, screen.notices)) == 4, what="all four are told")
        assert len(screen.notices) <= 4

    play(control, scenario)


def test_a_failure_is_told_with_its_reason_and_what_the_banner_tells_is_not(control: SessionControl) -> None:
    journal = Journal(control)
    one, two = journal.add("a.iso", "b.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.feed._posted.revision, what="the first look")
        journal.write(one, state="failed", reason="tls", filename="[red]a.iso")
        journal.tell(one, EventKind.FAILED, reason="tls")
        await screen.until(lambda: screen.notices, what="the notice")
        assert screen.notices == ["Failed: [red]a.iso, not trusted"]
        screen.app.app_focus = False
        await screen.pilot.pause()
        unfocused = screen.main._visit._unfocused_at
        assert unfocused is not None
        screen.main._visit.focus(focused=False, now=unfocused - 61)
        journal.finish(two, "b.iso")
        await screen.until(lambda: screen.main._visit.missed, what="the event")
        screen.app.app_focus = True
        await screen.until(lambda: screen.banner, what="the banner")
        await screen.pilot.pause(1.0)
        assert screen.notices == ["Failed: [red]a.iso, not trusted"], "no second word about b.iso"

    play(control, scenario)


def _count(notice: str) -> int:
    """Return how many downloads a notice tells of."""
    words = notice.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 1
