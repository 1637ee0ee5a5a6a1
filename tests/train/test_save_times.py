"""When a run is saved: by epochs, steps and time, each by itself."""

import pytest

from striate.errors import ArgumentError
from striate.train.save_times import SaveTimes


@pytest.mark.parametrize(
    ("every", "times"),
    [
        ("epoch", SaveTimes(True)),
        (50, SaveTimes(False, 50)),
        ("50", SaveTimes(False, 50)),
        ("90s", SaveTimes(False, None, 90.0)),
        ("0.5 s", SaveTimes(False, None, 0.5)),
        ("5min", SaveTimes(False, None, 300.0)),
        ("2h", SaveTimes(False, None, 7200.0)),
        ("epoch, 60s", SaveTimes(True, None, 60.0)),
        (("epoch", 10, "1min", 5), SaveTimes(True, 5, 60.0)),
        (["30s", "1min"], SaveTimes(False, None, 30.0)),
    ],
)
def test_every_form_is_read(every, times):
    assert SaveTimes.read(every) == times


@pytest.mark.parametrize("every", ["", "never", 0, -1, True, 1.5, "0s", "-5s", "epoch,", [], None])
def test_another_word_is_refused(every):
    with pytest.raises(ArgumentError, match=r'Checkpoint: `every` must be "epoch", a number of s'):
        SaveTimes.read(every)


def test_each_rule_is_reason_enough():
    times = SaveTimes(True, 5, 60.0)
    assert times.is_due(steps=0, seconds=0.0, epoch_ended=True)
    assert times.is_due(steps=5, seconds=0.0, epoch_ended=False)
    assert times.is_due(steps=0, seconds=60.0, epoch_ended=False)
    assert not times.is_due(steps=4, seconds=59.9, epoch_ended=False)
    assert not SaveTimes(False, None, 60.0).is_due(steps=900, seconds=1.0, epoch_ended=True)
