"""Bent pictures: each pixel of the result is a weighted sum of pixels; the weights make a table."""

import math

import numpy as np

from tests.oracle.gradient import exact


def rotation(turns, size):
    """The matrix that says where a pixel (x, y) of a picture turned against the clock was."""
    angle, (h, w) = 2 * math.pi * turns, size
    return about_the_middle(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], h, w
    )


def zoom(tall, wide, size):
    """The matrix of a picture that shows 1 + tall of its height and 1 + wide of its width."""
    return about_the_middle([[1 + wide, 0.0], [0.0, 1 + tall]], *size)


def translation(down, right, size):
    """The matrix of a picture that moved by parts of its height and width."""
    return np.array([[1.0, 0.0, -right * size[1]], [0.0, 1.0, -down * size[0]]])


def about_the_middle(linear, h, w):
    middle = np.array([(w - 1) / 2, (h - 1) / 2])
    linear = np.array(linear)
    return np.concatenate([linear, (middle - linear @ middle)[:, None]], axis=1)


def affine(x, matrices, interpolation="bilinear", fill_mode="constant", fill_value=0.0):
    """x (n, h, w, c) read at m (column, row, 1) by each picture's (2, 3) matrix m."""
    x = exact(x)
    n, h, w, c = x.shape
    y = np.empty_like(x)
    for i in range(n):
        weights, outside = table(matrices[i], (h, w), interpolation, fill_mode)
        y[i] = (weights @ x[i].reshape(-1, c) + (outside * fill_value)[:, None]).reshape(h, w, c)
    return y


def affine_backward(g, matrices, interpolation="bilinear", fill_mode="constant"):
    """The gradient to x for a gradient g of the result."""
    n, h, w, c = g.shape
    found = np.empty(g.shape)
    for i in range(n):
        weights, _ = table(matrices[i], (h, w), interpolation, fill_mode)
        found[i] = (weights.T @ g[i].reshape(-1, c)).reshape(h, w, c)
    return found


def table(matrix, size, interpolation, fill_mode):
    """(h w, h w) weights of the pixels, and (h w,) the weight of what lies outside."""
    h, w = size
    weights, outside = np.zeros((h * w, h * w)), np.zeros(h * w)
    for row in range(h):
        for column in range(w):
            x, y = (m[0] * column + m[1] * row + m[2] for m in matrix)
            for i, a in taps(y, interpolation):
                for j, b in taps(x, interpolation):
                    i_in, j_in = inside(i, h, fill_mode), inside(j, w, fill_mode)
                    if i_in is None or j_in is None:
                        outside[row * w + column] += a * b
                    else:
                        weights[row * w + column, i_in * w + j_in] += a * b
    return weights, outside


def taps(place, interpolation):
    """(pixel, weight) of the pixels read for a place."""
    if interpolation == "nearest":
        return [(round(place), 1.0)]  # a half to the even pixel
    lower = math.floor(place)
    return [(lower, lower + 1 - place), (lower + 1, place - lower)]


def inside(pixel, size, fill_mode):
    """The pixel of the picture that stands for one outside it; None for the constant."""
    if 0 <= pixel < size:
        return pixel
    if fill_mode == "constant":
        return None
    if fill_mode == "nearest":
        return 0 if pixel < 0 else size - 1
    if fill_mode == "wrap":
        return pixel % size
    while not 0 <= pixel < size:  # reflect, about the outer sides of the pixels at the edge
        pixel = -1 - pixel if pixel < 0 else 2 * size - 1 - pixel
    return pixel
