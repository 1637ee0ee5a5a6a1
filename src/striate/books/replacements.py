"""What the texts call from TensorFlow, and what it is called here: a table."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["REPLACEMENTS", "Replacement"]


@dataclass(frozen=True)
class Replacement:
    """A call of TensorFlow and its counterpart.

    Args:
        theirs: as the texts have it.
        ours: in a listing here; `ops` is `striate.ops`, `x` the first argument.
        note: what else differs.
    """

    theirs: str
    ours: str
    note: str = ""


_FOUR = "size and strides may be one number, two, or TensorFlow's four"

REPLACEMENTS: dict[str, Replacement] = {
    each.theirs: each
    for each in (
        Replacement("tf.keras", "keras", "after `import striate as keras`"),
        Replacement("tf.nn.conv2d", "ops.conv2d", "strides may be four numbers as well"),
        Replacement("tf.nn.max_pool", "ops.max_pool", f"`ksize` is the second argument; {_FOUR}"),
        Replacement("tf.nn.avg_pool", "ops.avg_pool", f"`ksize` is the second argument; {_FOUR}"),
        Replacement("tf.nn.depthwise_conv2d", "ops.depthwise_conv2d"),
        Replacement("tf.nn.conv2d_transpose", "ops.conv2d_transpose", "`output_shape` follows"),
        Replacement("tf.nn.local_response_normalization", "ops.local_response_normalization"),
        Replacement(
            "tf.image.resize",
            "ops.resize",
            "`method` is `interpolation`; one picture alone is `images[None]`",
        ),
        Replacement(
            "tf.image.crop_and_resize", "ops.crop_and_resize", "`method` is `interpolation`"
        ),
        Replacement(
            "tf.image.random_crop",
            "ops.random_crop",
            "`size` is (height, width), and each picture has a place of its own",
        ),
        Replacement("tf.shape", "x.shape", "a tuple of numbers"),
        Replacement("tf.concat", "(*a, *b)", "of two shapes, which are tuples here"),
        Replacement("tf.reshape", "x.reshape"),
        Replacement("tf.reduce_max", "x.amax"),
        Replacement("tf.reduce_mean", "x.mean"),
    )
}
"""Name in TensorFlow -> its counterpart."""
