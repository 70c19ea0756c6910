"""One script at a time, first come first served; who waits for something lets the others run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from pages.parts import turn


@pytest.fixture(autouse=True)
def all_given_back() -> Iterator[None]:
    yield
    assert turn._turns.acquire(timeout=5)
    turn._turns.release()


def test_one_at_a_time_and_all_in_the_end() -> None:
    inside, most, done = 0, 0, []

    def script(name: int) -> None:
        nonlocal inside, most
        with turn.taken():
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1
        done.append(name)

    threads = [threading.Thread(target=script, args=(n,)) for n in range(10)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(10)
    assert most == 1
    assert sorted(done) == list(range(10))


def test_who_waits_for_a_worker_lets_others_run_and_goes_on_after_them() -> None:
    said: list[str] = []
    waits, ran = threading.Event(), threading.Event()

    def first() -> None:
        with turn.taken():
            with turn.given_up():
                waits.set()
                assert ran.wait(5)
            said.append("first")

    def second() -> None:
        assert waits.wait(5)
        with turn.taken():
            said.append("second")
            ran.set()
            time.sleep(0.05)
            said.append("second ends")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(10)
    assert said == ["second", "second ends", "first"]


def test_nobody_waits_for_ever_for_a_script_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "PATIENCE", 0.05)
    goes, ends = threading.Event(), threading.Event()

    def stuck() -> None:
        with turn.taken():
            goes.set()
            ends.wait(10)

    thread = threading.Thread(target=stuck)
    thread.start()
    assert goes.wait(5)
    with turn.taken():  # after its patience, without a turn of its own
        ran = True
    ends.set()
    thread.join(10)
    assert ran


def test_a_script_that_stops_or_fails_gives_its_turn_back() -> None:
    with pytest.raises(KeyError), turn.taken(), turn.given_up():
        raise KeyError
    with pytest.raises(KeyError), turn.taken():
        raise KeyError
    with turn.given_up():  # without a turn: nothing to give
        assert turn._turns.acquire(timeout=1)
        turn._turns.release()
