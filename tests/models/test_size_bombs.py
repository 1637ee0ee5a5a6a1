"""Giant numbers in every argument of every layer: refused, or loaded without taking memory."""

import contextlib
import json
import sys
import time

import pytest

import striate
from striate.errors import WeightsError
from striate.io.store import write_folder
from tests.audited import forget_peak, peak_kib
from tests.catalog import LAYERS

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
ROWS = [row for row in LAYERS if len(row.shapes) == 1]
GIANTS = [10**9, [10**9, 10**9]]
MORE = [10**6, 10**12, 10**30, -(10**9), 1e300, [10**9], [10**9] * 3, [[10**9] * 2] * 2, "x" * 999]


def bombs(row, values):
    """model.json of the layer in a net, with one argument after the other changed."""
    net = striate.Sequential([striate.Input(row.shapes[0][1:]), row.make()])
    whole = json.loads(net.to_json())
    config = whole["model"]["layers"][-1]["config"]
    tensors = dict(net.state_dict())
    for argument, good in list(config.items()):
        for value in values:
            config[argument] = value
            yield argument, value, json.dumps(whole).encode(), tensors
        config[argument] = good


def throw(row, values, folder):
    for number, (argument, value, text, tensors) in enumerate(bombs(row, values)):
        path = write_folder(
            folder / f"{number}", {"model.json": text, "model.safetensors": tensors}
        )
        forget_peak()
        before, started = peak_kib(), time.process_time()
        with contextlib.suppress(WeightsError):
            striate.load_model(path)
        assert time.process_time() - started < 1, (argument, value)
        assert peak_kib() - before < 100 * 1024, (argument, value)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_giant_argument_takes_neither_time_nor_memory(row, tmp_path):
    throw(row, GIANTS[:1], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_giant_arguments_of_every_form(row, tmp_path):
    throw(row, GIANTS[1:] + MORE, tmp_path)
