"""Threads that are used again."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from tests.support.session_control import wait_until
from tui_downloader.worker.threads import Threads

WAIT_SECONDS = 60.0


def idents(threads: Threads, count: int) -> set[int]:
    """Have so many pieces of work done at the same time; return the threads that did them."""
    together = threading.Barrier(count)
    answers: list[Future[int]] = [Future() for _ in range(count)]

    def work(answer: Future[int]) -> None:
        together.wait(WAIT_SECONDS)
        answer.set_result(threading.get_ident())

    for each in answers:
        threads.run(lambda each=each: work(each))  # type: ignore[misc]  # binds the answer
    return {each.result(WAIT_SECONDS) for each in answers}


def test_work_at_the_same_time_has_a_thread_each() -> None:
    assert len(idents(Threads("test"), 8)) == 8


def test_an_idle_thread_is_used_again() -> None:
    threads = Threads("test")
    first = idents(threads, 4)
    wait_until(lambda: threads.idle == 4, what="idle threads")
    assert idents(threads, 4) == first


def test_a_hanging_thread_holds_up_nobody() -> None:
    threads, never = Threads("test"), threading.Event()

    def hang(event: threading.Event) -> None:
        event.wait(WAIT_SECONDS)

    threads.run(lambda: hang(never))
    assert len(idents(threads, 3)) == 3
    never.set()


def test_nothing_is_lost_between_many_hands() -> None:
    threads, lock, done = Threads("test"), threading.Lock(), []

    def give(begin: int) -> None:
        for number in range(begin, begin + 200):
            threads.run(lambda number=number: note(number))  # type: ignore[misc]  # binds the number

    def note(number: int) -> None:
        with lock:
            done.append(number)

    givers = [threading.Thread(target=give, args=(begin,)) for begin in (0, 1000, 2000)]
    for each in givers:
        each.start()
    for each in givers:
        each.join(WAIT_SECONDS)
    wait_until(lambda: len(done) == 600, what="all work")
    assert len(set(done)) == 600
