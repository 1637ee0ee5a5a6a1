import subprocess
import sys
import threading
import time

import pytest

from striate.io.aside import Aside


def test_jobs_are_done_one_after_the_other_beside_the_caller():
    order, gate = [], threading.Event()

    def slow():
        gate.wait(10)
        order.append(("slow", threading.current_thread().name))

    with Aside() as aside:
        aside.submit(slow)
        assert aside.busy
        order.append("caller")
        gate.set()
        aside.submit(lambda: order.append(("next", threading.current_thread().name)))
    assert not aside.busy
    assert order[0] == "caller"
    assert [name for name, _ in order[1:]] == ["slow", "next"]
    assert all(thread.startswith("striate-aside") for _, thread in order[1:])


def test_wait_returns_when_the_job_is_done():
    done = []
    with Aside() as aside:
        aside.wait()
        aside.submit(lambda: (time.sleep(0.05), done.append(1)))
        aside.wait()
        assert done == [1]


def test_an_error_comes_out_once_at_the_next_submit_which_begins_nothing():
    done = []
    aside = Aside()
    aside.submit(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        aside.submit(lambda: done.append(1))
    aside.submit(lambda: done.append(2))
    aside.close()
    assert done == [2]


def test_an_error_comes_out_at_the_end():
    aside = Aside()
    aside.submit(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        aside.close()
    aside.close()
    with pytest.raises(RuntimeError, match="shutdown"):
        aside.submit(print)
    with pytest.raises(ZeroDivisionError), Aside() as aside:
        aside.submit(lambda: 1 / 0)


@pytest.mark.parametrize(
    ("job", "notes"), [(lambda: 1 / 0, ["And beside it: division by zero"]), (lambda: None, [])]
)
def test_an_error_of_the_body_carries_that_of_the_job(job, notes):
    def body():
        with Aside() as aside:
            aside.submit(job)
            raise KeyError("body")

    with pytest.raises(KeyError) as failure:
        body()
    assert getattr(failure.value, "__notes__", []) == notes


def test_a_program_that_ends_waits_for_its_job(tmp_path):
    code = (
        "import sys, time\nfrom striate.io.aside import Aside\n"
        "Aside().submit(lambda: (time.sleep(0.3), open(sys.argv[1], 'w').write('saved')))\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], check=True, timeout=60)
    assert (tmp_path / "x").read_text() == "saved"
