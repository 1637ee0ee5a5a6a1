"""Batch normalisation, channel by channel."""

import numpy as np

from tests.oracle.gradient import exact


def batch_norm(x, mean, variance, gamma, beta, epsilon):
    """x (n, ..., c) normalised by given statistics, in float64."""
    y = np.empty(x.shape, np.result_type(exact(x), mean, gamma, beta))
    for c in range(x.shape[-1]):
        y[..., c] = (x[..., c] - mean[c]) / np.sqrt(variance[c] + epsilon) * gamma[c] + beta[c]
    return y


def batch_norm_training(x, mean, variance, gamma, beta, momentum, epsilon):
    """(y, new running mean, new running variance): the batch's variance divides by the count."""
    flat = exact(x).reshape(-1, x.shape[-1])
    batch_mean = flat.sum(axis=0) / len(flat)
    batch_variance = ((flat - batch_mean) ** 2).sum(axis=0) / len(flat)
    y = batch_norm(x, batch_mean, batch_variance, gamma, beta, epsilon)
    return (
        y,
        momentum * mean + (1 - momentum) * batch_mean,
        momentum * variance + (1 - momentum) * batch_variance,
    )


def layer_norm(x, axes, gamma, beta, epsilon):
    """x normalised along axes (rising, from 0), place by place of the others, in float64."""
    x = exact(x)
    others = [axis for axis in range(x.ndim) if axis not in axes]
    y = np.empty(x.shape, np.result_type(x, gamma, beta))
    for place in np.ndindex(*(x.shape[axis] for axis in others)):
        index = [slice(None)] * x.ndim
        for axis, at in zip(others, place, strict=True):
            index[axis] = at
        y[tuple(index)] = _normalised(x[tuple(index)], epsilon) * gamma + beta
    return y


def group_norm(x, groups, gamma, beta, epsilon, axis=-1):
    """Each group of channels of each sample normalised, in float64; -1 groups: one a channel."""
    x = np.moveaxis(exact(x), axis, -1)
    channels = x.shape[-1]
    deep = channels // (channels if groups == -1 else groups)
    y = np.empty(x.shape, np.result_type(x, gamma, beta))
    for n in range(len(x)):
        for first in range(0, channels, deep):
            group = slice(first, first + deep)
            y[n, ..., group] = _normalised(x[n, ..., group], epsilon) * gamma[group] + beta[group]
    return np.moveaxis(y, -1, axis)


def _normalised(values, epsilon):
    mean = values.sum() / values.size
    variance = ((values - mean) ** 2).sum() / values.size
    return (values - mean) / np.sqrt(variance + epsilon)


def moments(data, axes):
    """(mean, variance) of data in float64, one each for each place along axes (rising, from 0)."""
    data = exact(data)
    sizes = [data.shape[axis] for axis in axes]
    mean, variance = np.empty(sizes), np.empty(sizes)
    for place in np.ndindex(*sizes):
        index = [slice(None)] * data.ndim
        for axis, at in zip(axes, place, strict=True):
            index[axis] = at
        values = data[tuple(index)]
        mean[place] = values.sum() / values.size
        variance[place] = ((values - mean[place]) ** 2).sum() / values.size
    return mean, variance


def standardised(x, mean, variance, axes, invert=False):
    """x by the statistics of each place along axes; a deviation below 1e-7 counts as 1e-7."""
    spread = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    mean = np.reshape(mean, spread)
    deviation = np.reshape(np.maximum(np.sqrt(variance), 1e-7), spread)
    return exact(x) * deviation + mean if invert else (exact(x) - mean) / deviation
