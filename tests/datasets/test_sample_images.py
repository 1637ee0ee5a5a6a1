import numpy as np
from sklearn import datasets as peers

from striate.datasets import load_sample_images


def test_china_and_flower():
    images = load_sample_images()
    assert images.shape == (2, 427, 640, 3)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[0], peers.load_sample_image("china.jpg"))
    np.testing.assert_array_equal(images[1], peers.load_sample_image("flower.jpg"))
