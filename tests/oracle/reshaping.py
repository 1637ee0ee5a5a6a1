"""Other axes for the same numbers, one number at a time."""

import math

import numpy as np

from tests.oracle.gradient import exact


def reshape(x, target):
    """x (n, ...) -> (n, *target): the numbers of a sample in the order of their last axis first."""
    count = math.prod(x.shape[1:])
    known = math.prod(size for size in target if size != -1)
    sizes = tuple(count // known if size == -1 else size for size in target)
    y = np.zeros((len(x), *sizes), exact(x).dtype)
    for sample in range(len(x)):
        numbers = (x[(sample, *index)] for index in np.ndindex(x.shape[1:]))
        for index, number in zip(np.ndindex(sizes), numbers, strict=True):
            y[(sample, *index)] = number
    return y


def permute(x, dims):
    """x (n, ...) -> its axis i the axis dims[i] of x, counted from 1."""
    y = np.zeros((len(x), *(x.shape[axis] for axis in dims)), exact(x).dtype)
    for index in np.ndindex(y.shape):
        source = [index[0]] + [0] * len(dims)
        for place, axis in enumerate(dims, 1):
            source[axis] = index[place]
        y[index] = x[tuple(source)]
    return y
