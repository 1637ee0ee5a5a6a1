"""What the steps of a run will need is what the steps of fit need."""

import numpy as np
import torch

from striate.data import ArraySource, Loader
from striate.data.augment import policy
from striate.models.feeding import feed
from striate.models.planning.run_memory import fetched_ahead, run_memory
from tests.models.small_net import data, net, ready


class Slow(ArraySource):
    """Fetched by threads."""

    slow = True


def test_an_unbuilt_model_is_built_and_its_loss_is_its_own():
    x, y = data()
    memory = run_memory(ready(net(declared=False)), feed(x, y, place="fit", batch_size=1))
    wanted = run_memory(ready(net()), feed(x, y, place="fit", batch_size=16))
    assert memory.tensor_bytes(40) == wanted.tensor_bytes(40)


def test_its_words_count():
    x, y = data()
    given = feed((255 * x).astype("uint8"), y, place="fit", batch_size=4)
    plain = run_memory(ready(), given).tensor_bytes(64)
    assert run_memory(ready(), given, augment=policy("light")).tensor_bytes(64) >= plain + 64 * 36
    assert run_memory(ready(), given, accumulate=4).tensor_bytes(64) < plain
    assert run_memory(ready(), given, precision="bfloat16").tensor_bytes(64) < plain
    assert run_memory(ready(), given, ema=0.9).tensor_bytes(64) > plain


def test_batches_are_fetched_ahead_of_slow_sources():
    x, y = np.zeros((8, 2)), torch.zeros(8)
    assert fetched_ahead(Loader(ArraySource(x, y), 2)) == 0
    assert fetched_ahead(Loader(Slow(x, y), 2, threads=3)) == 3
    weighted = feed(Loader(Slow(x, y), 2), place="fit", batch_size=2, class_weight={0: 2.0})
    assert fetched_ahead(weighted) == 2
    assert fetched_ahead(feed([(x, y)], place="fit", batch_size=2)) == 0
