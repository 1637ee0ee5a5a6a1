"""The generators of torch, NumPy and Python come back to where they stood."""

import json
import random

import numpy as np
import torch

from striate.train.generators import generators, set_generators
from striate.train.state_tree import put_together, take_apart

CPU = torch.device("cpu")


def draws():
    return [
        torch.rand(3).tolist(),
        torch.randn(2).tolist(),
        np.random.rand(3).tolist(),
        np.random.standard_normal(),
        random.random(),
        random.gauss(0, 1),
    ]


def test_all_draw_again_what_they_drew():
    for warm_up in range(3):  # an odd number of normal draws leaves one in store
        torch.randn(warm_up)
        np.random.standard_normal(warm_up)
        random.gauss(0, 1)
        state = generators(CPU)
        first = draws()
        draws()
        set_generators(state, CPU)
        assert draws() == first


def test_the_state_passes_through_json():
    form, tensors = take_apart("fit", generators(CPU))
    first = draws()
    set_generators(put_together(json.loads(json.dumps(form)), tensors), CPU)
    assert draws() == first


def test_asking_draws_nothing():
    torch.manual_seed(1)
    wanted = torch.rand(1)
    torch.manual_seed(1)
    generators(CPU)
    assert torch.equal(torch.rand(1), wanted)
