"""Local response normalisation, one output number at a time: three conventions."""

import numpy as np

from tests.oracle.gradient import exact


def tensorflow(x, depth_radius, bias, alpha, beta):
    """As TensorFlow defines its operation: a radius, and the plain sum of squares."""
    x = exact(x)
    y = np.empty_like(x)
    for i in range(x.shape[-1]):
        seen = x[..., max(i - depth_radius, 0) : i + depth_radius + 1]
        y[..., i] = x[..., i] / (bias + alpha * (seen**2).sum(axis=-1)) ** beta
    return y


def paper(a, k, n, alpha, beta):
    """b_i = a_i / (k + alpha sum_j a_j^2)^beta, j from max(0, i - n/2) to min(N - 1, i + n/2)."""
    a = exact(a)
    b = np.empty_like(a)
    last = a.shape[-1] - 1
    for i in range(last + 1):
        total = 0.0
        for j in range(max(0, i - n // 2), min(last, i + n // 2) + 1):
            total = total + a[..., j] ** 2
        b[..., i] = a[..., i] / (k + alpha * total) ** beta
    return b


def torchs(x, size, alpha, beta, k):
    """As torch's layer: alpha is divided by the size of the window."""
    return paper(x, k, size, alpha / size, beta)
