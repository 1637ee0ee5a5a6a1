"""Several arrays as one, one number at a time."""

import functools
import operator

import numpy as np

from tests.oracle.gradient import exact

JOIN = {
    "Add": sum,
    "Multiply": lambda numbers: functools.reduce(operator.mul, numbers),
    "Average": lambda numbers: sum(numbers) / len(numbers),
    "Maximum": np.max,
    "Subtract": lambda numbers: numbers[0] - numbers[1],
}


def merge(kind, *arrays):
    """Sizes agree or are 1; an array of fewer axes gets axes of size 1 after the batch."""
    rank = max(np.ndim(x) for x in arrays)
    wide = [exact(x).reshape(len(x), *[1] * (rank - np.ndim(x)), *x.shape[1:]) for x in arrays]
    shape = tuple(max(x.shape[axis] for x in wide) for axis in range(rank))
    y = np.zeros(shape, np.result_type(*wide))
    for index in np.ndindex(shape):
        places = [
            tuple(i if size > 1 else 0 for i, size in zip(index, x.shape, strict=True))
            for x in wide
        ]
        y[index] = JOIN[kind]([x[place] for x, place in zip(wide, places, strict=True)])
    return y


def concatenate(axis, *arrays):
    """Arrays one after the other along an axis."""
    arrays = [exact(x) for x in arrays]
    axis = axis % arrays[0].ndim
    shape = list(arrays[0].shape)
    shape[axis] = sum(x.shape[axis] for x in arrays)
    y, start = np.zeros(shape, np.result_type(*arrays)), 0
    for x in arrays:
        for i in range(x.shape[axis]):
            np.moveaxis(y, axis, 0)[start + i] = np.moveaxis(x, axis, 0)[i]
        start += x.shape[axis]
    return y
