"""Ctrl-C: the first is remembered, the second raises, and the handler comes back."""

import signal
import threading

import pytest

from striate.train.interrupt import interruptible


def test_the_first_is_remembered_and_the_second_raises():
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as interrupt:
        interrupt.raise_if_asked()
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            interrupt.raise_if_asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_handler_comes_back_after_an_error():
    with pytest.raises(RuntimeError, match="mine"), interruptible():
        raise RuntimeError("mine")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_programs_own_handler_is_left_alone():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        with interruptible() as interrupt:
            signal.raise_signal(signal.SIGINT)
            assert heard == [1]
            assert not interrupt.asked
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_changes_nothing():
    seen = []

    def run():
        with interruptible() as interrupt:
            seen.append((interrupt.asked, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [(False, signal.default_int_handler)]
