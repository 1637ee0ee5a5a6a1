"""Each architecture, trained for some dozen steps on photographs: its loss falls, and it lives."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from striate import structure
from striate.architectures import ARCHITECTURES
from striate.layers.mode import mode
from striate.losses import SparseCategoricalCrossentropy
from striate.optimizers import Adam
from tests.architectures.moving import still

CLASSES = ("dress", "hat", "pants", "shoes")
A_CLASS, EPOCHS, BATCH = 16, 10, 16


@dataclass(frozen=True)
class Net:
    """A net and how it is trained.

    Args:
        name: of the architecture.
        side_px: of the pictures.
        rate: of Adam.
        epochs: of all pictures; nets without normalisation need more.
    """

    name: str
    side_px: int = 64
    rate: float = 1e-3
    epochs: int = EPOCHS

    def __str__(self):
        return self.name


NETS = (
    Net("alexnet", side_px=67, rate=1e-4, epochs=40),
    Net("alexnet_one_tower", rate=1e-4, epochs=40),
    Net("convnext_tiny", rate=3e-4),
    Net("cspdarknet53"),
    Net("cspresnet50"),
    Net("cspresnext50"),
    Net("darknet53"),
    Net("densenet121"),
    Net("efficientnet_b0"),
    Net("efficientnet_lite0"),
    Net("efficientnet_v2_s"),
    Net("googlenet", side_px=79, rate=2e-4, epochs=40),
    Net("googlenet_3x3", side_px=79),
    Net("inception_v3", side_px=96),
    Net("lenet5_modern", side_px=32, rate=2e-3),
    Net("mobilenet_v1"),
    Net("mobilenet_v2"),
    Net("mobilenet_v3_large"),
    Net("mobilenet_v3_small"),
    Net("resnet18"),
    Net("resnet20", side_px=32),
    Net("resnet50_v2"),
    Net("resnext50_32x4d"),
    Net("se_resnet20", side_px=32, rate=3e-3),
    Net("se_resnet50"),
    Net("se_resnext50_32x4d"),
    Net("squeezenet", rate=1e-4, epochs=60),
    Net("squeezenet_1_1", rate=1e-4, epochs=60),
    Net("vgg11", rate=3e-4, epochs=20),
    Net("vgg16_bn", rate=3e-4),
    Net("xception", side_px=96),
)


def photographs(folder, side):
    """16 pictures of each of four kinds of clothes, of this many pixels a side, around 0."""
    x, y = [], []
    for number, kind in enumerate(CLASSES):
        paths = sorted((folder / "clothing128" / "train" / kind).iterdir())[:A_CLASS]
        assert len(paths) == A_CLASS
        for path in paths:
            with Image.open(path) as picture:
                x.append(np.asarray(picture.convert("RGB").resize((side, side))))
            y.append(number)
    return np.stack(x).astype(np.float32) / 127.5 - 1, np.array(y)


def dead(model, x, y):
    """Parameters whose gradient, over all pictures at once, is not finite or all zero."""
    with mode(still(model), True):
        outputs = structure.leaves(model(torch.from_numpy(x)))
    wanted = torch.from_numpy(y)
    sum(functional.cross_entropy(each, wanted) for each in outputs).backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.requires_grad}
    return [
        name
        for name, gradient in gradients.items()
        if gradient is None or not gradient.isfinite().all() or not gradient.any()
    ]


@pytest.mark.long
@pytest.mark.parametrize("net", NETS, ids=str)
def test_learns(net, shared_data):
    torch.manual_seed(0)
    x, y = photographs(shared_data, net.side_px)
    build = ARCHITECTURES.get(net.name)
    model = build(x.shape[1:], len(CLASSES), classifier_activation=None)
    model.compile(Adam(net.rate), loss=SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(x, y, epochs=net.epochs, batch_size=BATCH, seed=0, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert min(losses[-3:]) < 0.7 * losses[0], losses
    assert dead(model, x, y) == []
