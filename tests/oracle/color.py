"""Contrast and brightness, from their definitions."""

import numpy as np

from tests.oracle.gradient import exact


def contrast(x, factors):
    """Each channel of each picture is drawn apart about its mean."""
    x = exact(x)
    mean = x.sum(axis=(1, 2), keepdims=True) / (x.shape[1] * x.shape[2])
    return mean + (x - mean) * np.asarray(factors, dtype=np.float64).reshape(-1, 1, 1, 1)


def brightness(x, deltas):
    return exact(x) + np.asarray(deltas, dtype=np.float64).reshape(-1, 1, 1, 1)


def cut(x, low, high):
    """Numbers kept between two others, complex ones by their real part."""
    x = np.where(x.real < low, low, x)
    return np.where(x.real > high, high, x)
