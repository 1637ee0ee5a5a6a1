"""The operations that are timed: every kind, in both number types, so that its rates are known."""

import collections

import torch

from striate.plan.operations import KINDS, work_of
from striate.plan.trials import DTYPES, trials


def test_every_kind_is_tried_with_enough_sizes():
    with torch.no_grad():
        listed = trials(torch.device("cpu"))
        works = [
            work_of(trial.function, trial.args, trial.function(*trial.args)) for trial in listed
        ]
    sizes = collections.defaultdict(set)
    for work in works:
        sizes[work.kind, work.dtype].add(work.amounts)
    assert {kind for kind, _ in sizes} == set(KINDS)
    assert {dtype for _, dtype in sizes} == set(DTYPES)
    assert {len(amounts) >= 3 for amounts in sizes.values()} == {True}
    updates = {kind for kind in KINDS if kind.endswith("of weights")}
    once = {kind for kind in KINDS if (kind, "bfloat16") not in sizes}
    packed = {kind for kind in KINDS if kind.endswith(" packed")}
    assert once == updates | packed | {"cast"}
    held = {
        t.untyped_storage().data_ptr(): t
        for trial in listed
        for t in trial.args
        if torch.is_tensor(t) and not t.is_mkldnn
    }
    assert sum(tensor.untyped_storage().nbytes() for tensor in held.values()) < 700 * 10**6
