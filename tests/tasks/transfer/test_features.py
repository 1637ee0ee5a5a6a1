"""Features are what the net gives, in inference mode, each computed once."""

import numpy as np
import pytest
import torch

from striate.architectures import resnet20
from striate.data import ArraySource
from striate.records import Preprocess
from striate.tasks.nets.base import open_base
from striate.tasks.transfer import features
from striate.tasks.transfer.features import features_of

HOW = Preprocess((16, 16), channels=3, scale=1 / 255, mean=(0.5,), std=(0.25,))


@pytest.fixture
def ask(monkeypatch, tmp_path, small_base):
    """ask(images): the features of pictures, from a cache of its own."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    net = open_base(resnet20, str(small_base)).net((16, 16, 3))
    net.train()

    def call(images, say=None):
        found = features_of(net, ArraySource(images), HOW, recipe={"a": 1}, say=say or print)
        assert net.training
        return found

    call.net = net
    return call


def test_they_are_the_nets_own_and_hang_on_no_other_picture(ask):
    images = np.random.default_rng(1).integers(0, 256, (40, 16, 16, 3), np.uint8)
    found = ask(images)
    with torch.inference_mode():
        wanted = ask.net(HOW.apply(torch.from_numpy(images)), training=False).numpy()
    assert found.rows == pytest.approx(wanted, abs=1e-4)
    assert (found.computed, found.rows.dtype) == (40, np.float32)


def test_only_new_pictures_are_computed_and_all_to_the_last_bit(ask, monkeypatch):
    images = np.random.default_rng(2).integers(0, 256, (6, 16, 16, 3), np.uint8)
    first = ask(images[:4])
    second = ask(images[[3, 5, 0, 4]])
    assert (first.computed, second.computed) == (4, 2)
    assert np.array_equal(second.rows[[0, 2]], first.rows[[3, 0]])
    monkeypatch.setenv("STRIATE_CACHE_GIB", "0")
    alone = ask(images[[3, 5, 0, 4]])
    assert alone.computed == 4
    assert np.array_equal(alone.rows, second.rows)


def test_the_way_is_told_where_it_is_long(ask, monkeypatch):
    monkeypatch.setattr(features, "_SAID_EVERY_S", 0.0)
    said = []
    images = np.zeros((33, 16, 16, 3), np.uint8)
    assert ask(images, said.append).computed == 1
    assert said == ["Features of 32 of 33 pictures.", "Features of 33 of 33 pictures."]
