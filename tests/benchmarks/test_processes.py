import sys
import time
from pathlib import Path

import pytest
from benchmarks.pictures import grey
from benchmarks.processes import Contender, ContenderFailed, workers
from benchmarks.results import Measured
from benchmarks.rounds import filled, in_turn, ready

from striate.datasets import fashion_mnist
from striate.datasets.find import at_hand

TUNED = Contender("tuned", "torch_tuned", sys.executable)
BROKEN = Contender("broken", "nothing_of_this_name", sys.executable)
pytestmark = [
    pytest.mark.skipif(not at_hand(fashion_mnist.RECORD), reason="Fashion-MNIST is not at hand"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


def stops(worker):
    """Whether the process is stopped before long."""
    stat = Path(f"/proc/{worker._process.pid}/stat")
    for _ in range(1000):
        if stat.read_text().rpartition(")")[2].split()[0] == "T":
            return True
        time.sleep(0.01)
    return False


def test_a_contender_learns_sleeps_and_is_ended(tmp_path):
    pictures = grey("fashion_mnist", tmp_path, train=96, test=8)
    given = {"net": "S1", "pictures": pictures, "batch": 32, "seed": 0, "threads": 1}
    with workers([TUNED, BROKEN], threads=1) as found:
        standing, failed = ready(found, "Training", **given)
        (worker,) = standing
        assert [each.contender for each in failed] == ["broken"]
        assert "nothing_of_this_name" in failed[0].note
        assert stops(worker)
        learned = worker.ask("learn", pictures=64)
        assert 0 <= learned["test"] <= 1
        samples = in_turn(standing, 2, "measure", seconds=0.01)["tuned"]
        assert len(samples) == 2
        assert min(samples) > 0
        peak = worker.ask("peak", batches=2)
        assert 0 <= peak["new"] < peak["all"]
        with pytest.raises(ContenderFailed, match="no_such_call"):
            worker.ask("no_such_call")
        failed = [Measured("tuned")]
        filled(failed, in_turn(standing, 2, "no_such_call"))
        assert failed == [Measured("tuned", note="failed in a round")]
        worker._process.kill()
        with pytest.raises(ContenderFailed, match="tuned: ended with -9"):
            worker.ask("versions")
    assert worker._process.returncode == -9
