"""Convolution, one output number at a time."""

import numpy as np

from tests.oracle.gradient import exact
from tests.oracle.padding import pixels


def conv2d(x, filters, bias=None, *, strides=(1, 1), padding="valid", dilation=(1, 1), groups=1):
    """x (n, h, w, c), filters (kh, kw, c / groups, f) -> (n, h', w', f), in float64."""
    kh, kw, depth, f = filters.shape
    pads = pixels(padding, x.shape[1:3], (kh, kw), strides, dilation)
    x = np.pad(exact(x), ((0, 0), *pads, (0, 0)))
    n, h, w, _ = x.shape
    rows = range(0, h - (kh - 1) * dilation[0], strides[0])
    columns = range(0, w - (kw - 1) * dilation[1], strides[1])
    y = np.zeros((n, len(rows), len(columns), f), np.result_type(x, exact(filters)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = x[:, top :: dilation[0], left :: dilation[1]][:, :kh, :kw]
            for out in range(f):
                first = out // (f // groups) * depth
                seen = window[..., first : first + depth]
                y[:, i, j, out] = (seen * filters[..., out]).sum(axis=(1, 2, 3))
    return y if bias is None else y + bias


def conv2d_backward(
    x, filters, cotangent, *, strides=(1, 1), padding="valid", dilation=(1, 1), groups=1
):
    """d sum(conv2d(x, filters) * cotangent) by x and by filters: each product, walked backwards."""
    kh, kw, depth, f = filters.shape
    (top, bottom), (left, right) = pixels(padding, x.shape[1:3], (kh, kw), strides, dilation)
    padded = np.pad(exact(x), ((0, 0), (top, bottom), (left, right), (0, 0)))
    by_x, by_filters = np.zeros(padded.shape), np.zeros(filters.shape)
    for i, j, u, v, out in np.ndindex(*cotangent.shape[1:3], kh, kw, f):
        row, column = i * strides[0] + u * dilation[0], j * strides[1] + v * dilation[1]
        seen = slice(out // (f // groups) * depth, (out // (f // groups) + 1) * depth)
        given = exact(cotangent)[:, i, j, out, None]
        by_x[:, row, column, seen] += given * filters[u, v, :, out]
        by_filters[u, v, :, out] += (given * padded[:, row, column, seen]).sum(axis=0)
    h, w = x.shape[1:3]
    return by_x[:, top : top + h, left : left + w], by_filters


def depthwise_conv2d(x, filters, bias=None, **arguments):
    """filters (kh, kw, c, m): channel c makes the maps c m ... c m + m - 1."""
    c, m = filters.shape[2:]
    maps = [
        conv2d(x[..., k : k + 1], filters[:, :, k, None, q, None], **arguments)
        for k in range(c)
        for q in range(m)
    ]
    y = np.concatenate(maps, axis=-1)
    return y if bias is None else y + bias


def depthwise_conv2d_backward(x, filters, cotangent, **arguments):
    """d sum(depthwise_conv2d(x, filters) * cotangent) by x and by filters."""
    by_x, by_filters = np.zeros(x.shape), np.zeros(filters.shape)
    for k, q in np.ndindex(filters.shape[2:]):
        out = k * filters.shape[3] + q
        one_x, one_filter = conv2d_backward(
            x[..., k : k + 1],
            filters[:, :, k, None, q, None],
            cotangent[..., out : out + 1],
            **arguments,
        )
        by_x[..., k] += one_x[..., 0]
        by_filters[:, :, k, q] = one_filter[:, :, 0, 0]
    return by_x, by_filters


def separable_conv2d(x, depthwise, pointwise, bias=None, **arguments):
    """First each channel by itself, then a 1x1 convolution (1, 1, c m, f)."""
    return conv2d(depthwise_conv2d(x, depthwise, **arguments), pointwise, bias)


def separable_conv2d_backward(x, depthwise, pointwise, cotangent, **arguments):
    """d sum(separable_conv2d(x, depthwise, pointwise) * cotangent) by each of the three."""
    seen = depthwise_conv2d(x, depthwise, **arguments)
    by_seen, by_pointwise = conv2d_backward(seen, pointwise, cotangent)
    by_x, by_depthwise = depthwise_conv2d_backward(x, depthwise, by_seen, **arguments)
    return by_x, by_depthwise, by_pointwise


def transposed_window(size, kernel, stride, padding, output_padding, dilation):
    """(first row, number of rows) that are kept of the whole result, along one axis.

    "same" keeps the rows that a "same" convolution with these arguments reads, of a picture that
    it makes `size` rows of.
    """
    extent = (kernel - 1) * dilation + 1
    whole = (size - 1) * stride + extent
    if padding == "same":
        rows = size * stride
        if output_padding is not None:
            rows = (size - 1) * stride + extent % 2 + output_padding
        return max(whole - rows, 0) // 2, rows
    if padding == "valid":
        extra = max(stride - extent, 0) if output_padding is None else output_padding
        return 0, whole + extra
    before, after = padding
    return before, whole - before - after + (output_padding or 0)


def _stretched(x, kernel, strides, dilation):
    """x with strides - 1 zeros between pixels, and room for the kernel on all sides."""
    n, h, w, c = x.shape
    wide = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
    rows, columns = ((size - 1) * s + 1 for size, s in zip((h, w), strides, strict=True))
    y = np.zeros((n, rows + 2 * wide[0], columns + 2 * wide[1], c), exact(x).dtype)
    y[_pixels_of(wide, (rows, columns), strides)] = x
    return y


def _pixels_of(wide, sizes, strides):
    """Where the pixels of x stand in the stretched x."""
    rows, columns = (slice(k, k + n, s) for k, n, s in zip(wide, sizes, strides, strict=True))
    return slice(None), rows, columns


def _windows(x, kernel, strides, padding, output_padding, dilation):
    sides = (padding,) * 2 if isinstance(padding, str) else pixels(padding, None, 0, 0, 0)
    more = (output_padding,) * 2 if not isinstance(output_padding, tuple) else output_padding
    return list(map(transposed_window, x.shape[1:3], kernel, strides, sides, more, dilation))


def conv2d_transpose(
    x,
    filters,
    bias=None,
    *,
    strides=(1, 1),
    padding="valid",
    output_padding=None,
    dilation=(1, 1),
    groups=1,
):
    """filters (kh, kw, f / groups, c): stretch x by zeros, then convolve with the turned kernel."""
    if groups > 1:
        parts = zip(np.split(x, groups, -1), np.split(filters, groups, -1), strict=True)
        window = {"strides": strides, "padding": padding, "dilation": dilation}
        maps = [conv2d_transpose(a, b, output_padding=output_padding, **window) for a, b in parts]
        return np.concatenate(maps, -1) + (0 if bias is None else bias)
    kernel = filters.shape[:2]
    turned = np.swapaxes(exact(filters)[::-1, ::-1], 2, 3)
    whole = conv2d(_stretched(x, kernel, strides, dilation), turned, dilation=dilation)
    (top, h), (left, w) = _windows(x, kernel, strides, padding, output_padding, dilation)
    y = np.zeros((len(x), max(h, 0), max(w, 0), filters.shape[2]), whole.dtype)
    if 0 in y.shape:
        return y
    kept = whole[:, top : top + h, left : left + w]
    y[:, : kept.shape[1], : kept.shape[2]] = kept
    return y if bias is None else y + bias


def conv2d_transpose_backward(
    x,
    filters,
    cotangent,
    *,
    strides=(1, 1),
    padding="valid",
    output_padding=None,
    dilation=(1, 1),
):
    """d sum(conv2d_transpose(x, filters) * cotangent) by x and by filters."""
    kernel = filters.shape[:2]
    stretched = _stretched(x, kernel, strides, dilation)
    turned = np.swapaxes(filters[::-1, ::-1], 2, 3)
    wide = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
    sizes = [whole - k for whole, k in zip(stretched.shape[1:3], wide, strict=True)]
    (top, h), (left, w) = _windows(x, kernel, strides, padding, output_padding, dilation)
    by_whole = np.zeros((len(x), *sizes, filters.shape[2]))
    kept = by_whole[:, top : top + h, left : left + w]
    kept[:] = cotangent[:, : kept.shape[1], : kept.shape[2]]
    by_stretched, by_turned = conv2d_backward(stretched, turned, by_whole, dilation=dilation)
    inner = [size - k for size, k in zip(sizes, wide, strict=True)]
    by_x = by_stretched[_pixels_of(wide, inner, strides)]
    return by_x, np.swapaxes(by_turned, 2, 3)[::-1, ::-1].copy()
