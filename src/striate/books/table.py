"""The listings of the five texts, in the order of the texts."""

from __future__ import annotations

from .listing import Listing

__all__ = ["LISTINGS"]

LISTINGS: dict[str, Listing] = {
    each.name: each
    for each in (
        Listing("000_1_mnist_convnet"),
        Listing("001_1_mnist_convnet"),
        Listing("001_2_without_pooling"),
        Listing("001_3_mnist_training", trains=True),
        Listing("002_1_mnist_convnet"),
        Listing("002_2_without_pooling"),
        Listing("002_3_mnist_training", trains=True),
        Listing("002_4_dense_training", trains=True),
        Listing("003_1_convolution", ("tf.keras",)),
        Listing("003_2_pooling", ("tf.keras", "tf.reduce_mean")),
        Listing(
            "003_3_depth_pooling",
            ("tf.keras", "tf.shape", "tf.concat", "tf.reshape", "tf.reduce_max"),
        ),
        Listing("003_4_fashion_mnist", ("tf.keras",)),
        Listing("003_5_fashion_mnist_training", ("tf.keras",), trains=True),
        Listing("004_1_line_filters", ("tf.nn.conv2d",)),
        Listing("004_2_pooling", ("tf.nn.max_pool", "tf.reduce_mean")),
        Listing("004_3_fashion_mnist"),
        Listing("004_4_resnet34"),
        Listing("004_5_pretrained", ("tf.image.resize",)),
        Listing("004_6_transfer_learning", ("tf.image.resize",), trains=True),
    )
}
"""Name -> listing."""
