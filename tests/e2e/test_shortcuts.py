"""On real pictures, ResNet-20 and SE-ResNet-20 beat the plain net of the same size.

The experiment of section 4.2 of "Deep Residual Learning for Image Recognition", on 3,000 pictures
of CIFAR-10 in place of 50,000: the plain net has the same convolutions, but no shortcuts. Each net
is trained twice, on the first and on the last 2,400 pictures, and asked about the other 600.
"""

import numpy as np
import pytest
import torch
from PIL import Image

import striate
from striate.architectures import resnet20, se_resnet20
from striate.layers import Dense, GlobalAveragePooling2D
from striate.layers.dialect import PAPER
from striate.losses import SparseCategoricalCrossentropy
from striate.optimizers import SGD
from striate.optimizers.schedules import CosineDecay
from tests.architectures.measures import trainable

HELD_OUT, EPOCHS, BATCH, RATE = 600, 8, 64, 0.1


def plain20():
    """ResNet-20 without its shortcuts."""
    x = inputs = striate.Input((32, 32, 3))
    x = PAPER.conv_norm(x, 16, 3, name="conv1")
    for stage, filters in enumerate((16, 32, 64)):
        for number in range(6):
            strides = 2 if stage and not number else 1
            x = PAPER.conv_norm(x, filters, 3, strides=strides, name=f"conv{stage + 2}_{number}")
    x = Dense(10, name="predictions")(GlobalAveragePooling2D(name="avg_pool")(x))
    return striate.Model(inputs, x, name="plain20")


def resnet():
    return resnet20(classifier_activation=None)


def se_resnet():
    return se_resnet20(classifier_activation=None)


def pictures(folder):
    """3,000 pictures, each channel around 0, and their classes."""
    sheets = sorted((folder / "cifar10-lossless").glob("train_batch_*.png"))
    x = np.concatenate([np.asarray(Image.open(path)) for path in sheets]).reshape(-1, 32, 32, 3)
    words = (folder / "cifar10-lossless" / "train_labels_4000.txt").read_text().split()
    x = x.astype(np.float32)
    return (x - x.mean((0, 1, 2))) / x.std((0, 1, 2)), np.array(words[: len(x)], np.int64)


def score(make, train, held_out, *, seed):
    """(loss on the pictures of the last epoch, accuracy on those held out)."""
    torch.manual_seed(seed)
    net = make()
    steps = EPOCHS * -(-len(train[0]) // BATCH)
    net.compile(
        SGD(CosineDecay(RATE, steps), momentum=0.9),
        loss=SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    told = net.fit(*train, epochs=EPOCHS, batch_size=BATCH, seed=seed, verbose=0).history
    return told["loss"][-1], net.evaluate(*held_out, verbose=0)[1]


def test_the_plain_net_is_as_large():
    assert trainable(plain20()) == trainable(resnet()) == 269_722
    assert trainable(se_resnet()) < 1.02 * trainable(plain20())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_shortcuts_help(shared_data):
    x, y = pictures(shared_data)
    assert len(x) == 3_000
    parts = (slice(HELD_OUT, None), slice(HELD_OUT)), (slice(-HELD_OUT), slice(-HELD_OUT, None))
    found = {
        make: [
            score(make, (x[train], y[train]), (x[rest], y[rest]), seed=seed)
            for seed, (train, rest) in enumerate(parts)
        ]
        for make in (plain20, resnet, se_resnet)
    }
    plain_losses, plain_accuracies = zip(*found[plain20], strict=True)
    assert min(plain_accuracies) > 0.3, found
    for make in (resnet, se_resnet):
        losses, accuracies = zip(*found[make], strict=True)
        assert all(ours < theirs for ours, theirs in zip(losses, plain_losses, strict=True)), found
        assert np.mean(accuracies) > np.mean(plain_accuracies), found
