"""Pictures in the form of MNIST that can be told apart at a glance."""

import numpy as np
import pytest


@pytest.fixture
def striped_pictures():
    """((x_train, y_train), (x_test, y_test)): a bright stripe at a height that is the class."""
    rng = np.random.default_rng(0)

    def part(count):
        labels = np.arange(count) % 10
        images = rng.integers(0, 60, (count, 28, 28))
        for image, label in zip(images, labels, strict=True):
            image[2 * label + 4 : 2 * label + 6] = 255
        return images.astype("uint8"), labels.astype("uint8")

    return part(600), part(100)
