"""Ctrl-C and SIGTERM: the first is remembered, the second acts, and the handlers come back."""

import os
import signal
import subprocess
import sys
import textwrap
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


def test_sigterm_asks_for_its_exit_code():
    with interruptible() as interrupt:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(SystemExit) as ended:
            interrupt.raise_if_asked()
        assert ended.value.code == 143
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("SIGTERM", "SIGTERM", -15),
        ("SIGINT", "SIGTERM", -15),
        ("SIGINT", "SIGINT", -2),
        ("SIGTERM", "SIGINT", -2),
    ],
)
def test_a_second_one_ends_the_process_at_once(first, second, code):
    child = f"""
        import os, signal, time
        from striate.train.interrupt import interruptible
        with interruptible():
            os.kill(os.getpid(), signal.{first})
            os.kill(os.getpid(), signal.{second})
            time.sleep(60)
    """
    words = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(child)], env=words, timeout=50, capture_output=True
    )
    assert done.returncode == code


def test_the_handler_comes_back_after_an_error():
    with pytest.raises(RuntimeError, match="mine"), interruptible():
        raise RuntimeError("mine")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_programs_own_handler_is_left_alone(number):
    heard = []
    before = signal.signal(number, lambda *_: heard.append(1))
    try:
        with interruptible() as interrupt:
            signal.raise_signal(number)
            assert heard == [1]
            assert not interrupt.asked
    finally:
        signal.signal(number, before)


def test_another_thread_changes_nothing():
    seen = []

    def run():
        with interruptible() as interrupt:
            seen.append((interrupt.asked, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [(False, signal.default_int_handler)]
