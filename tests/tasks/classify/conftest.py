"""Small nets whose answers NumPy can give: one dense layer, saved as a model folder."""

import numpy as np
import pytest

import striate
from striate.records import Preprocess

SIZE = (4, 4)


class Net:
    """A saved net of one layer over all pixels / 255, and the same in NumPy."""

    def __init__(self, folder, kind, classes, temperature):
        rng = np.random.default_rng(7)
        self.folder, self.kind, self.temperature = folder, kind, temperature
        self.weight = rng.normal(0, 2, (16, classes)).astype("float32")
        self.bias = rng.normal(0, 1, classes).astype("float32")
        self.names = tuple(f"class {number}" for number in range(classes))
        model = striate.Sequential(
            [
                striate.Input((*SIZE, 1)),
                striate.layers.Flatten(),
                striate.layers.Dense(classes, activation=kind, name="last"),
            ]
        )
        model.get_layer("last").set_weights([self.weight, self.bias])
        details = None if temperature is None else {"temperature": temperature}
        preprocess = Preprocess(size=SIZE, channels=1, scale=1 / 255)
        model.save(folder, labels=self.names, preprocess=preprocess, details=details)

    def probabilities(self, images, *, scaled=True):
        """(n, q) for uint8 pictures (n, h, w, c), in float64."""
        logits = images.reshape(len(images), -1) / 255 @ self.weight.astype(float) + self.bias
        logits = logits / (self.temperature if scaled and self.temperature else 1.0)
        if self.kind == "sigmoid":
            return 1 / (1 + np.exp(-logits))
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


@pytest.fixture
def net(tmp_path):
    """make(kind, classes, temperature): a `Net` in a folder of its own."""

    def make(kind="softmax", classes=3, temperature=None):
        return Net(tmp_path / f"{kind}-{classes}-{temperature}", kind, classes, temperature)

    return make
