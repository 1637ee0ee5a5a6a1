"""The summaries that the texts print, line by line; a name too long is cut as they cut it."""

from __future__ import annotations

__all__ = ["SUMMARIES"]

SUMMARIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "000_1_mnist_convnet": (
        (
            "input_1 (InputLayer) [(None, 28, 28, 1)] 0",
            "conv2d (Conv2D) (None, 26, 26, 32) 320",
            "max_pooling2d (MaxPooling2D) (None, 13, 13, 32) 0",
            "conv2d_1 (Conv2D) (None, 11, 11, 64) 18496",
            "max_pooling2d_1 (MaxPooling2 (None, 5, 5, 64) 0",
            "conv2d_2 (Conv2D) (None, 3, 3, 128) 73856",
            "flatten (Flatten) (None, 1152) 0",
            "dense (Dense) (None, 10) 11530",
            "Total params: 104,202",
            "Trainable params: 104,202",
            "Non-trainable params: 0",
        ),
    ),
    "001_1_mnist_convnet": (
        (
            "conv2d (Conv2D) (None, 26, 26, 32) 320",
            "max_pooling2d (MaxPooling2D) (None, 13, 13, 32) 0",
            "conv2d_1 (Conv2D) (None, 11, 11, 64) 18496",
            "max_pooling2d_1 (MaxPooling2 (None, 5, 5, 64) 0",
            "conv2d_2 (Conv2D) (None, 3, 3, 64) 36928",
            "Total params: 55,744",
            "Trainable params: 55,744",
            "Non-trainable params: 0",
        ),
        # The text breaks off within the line of the first Dense; from there on it is computed.
        (
            "conv2d (Conv2D) (None, 26, 26, 32) 320",
            "max_pooling2d (MaxPooling2D) (None, 13, 13, 32) 0",
            "conv2d_1 (Conv2D) (None, 11, 11, 64) 18496",
            "max_pooling2d_1 (MaxPooling2 (None, 5, 5, 64) 0",
            "conv2d_2 (Conv2D) (None, 3, 3, 64) 36928",
            "flatten (Flatten) (None, 576) 0",
            "dense (Dense) (None, 64) 36928",
            "dense_1 (Dense) (None, 10) 650",
            "Total params: 93,322",
            "Trainable params: 93,322",
            "Non-trainable params: 0",
        ),
    ),
    "001_2_without_pooling": (
        (
            "conv2d_3 (Conv2D) (None, 26, 26, 32) 320",
            "conv2d_4 (Conv2D) (None, 24, 24, 64) 18496",
            "conv2d_5 (Conv2D) (None, 22, 22, 64) 36928",
            "Total params: 55,744",
            "Trainable params: 55,744",
            "Non-trainable params: 0",
        ),
    ),
}
"""Listing -> the tables that it prints, in order."""
