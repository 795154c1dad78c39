# mypy: allow-untyped-defs
"""Write operations out as a student would: with loops over the places, and nothing but NumPy.

Nothing here is run by a program. ``Op.source`` calls these functions, and whoever shows that line prints them in full;
the tests paste both together into Python. They have no annotations, since they are read as an example.
"""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np


def softmax(z):
    """Make each row a probability distribution; less its maximum, nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(s, least=0):
    """Return how each probability of a row moves with each score."""
    shares = np.maximum(s, least)
    jacobian = -shares[..., :, None] * s[..., None, :]
    for j in range(s.shape[-1]):
        jacobian[..., j, j] += shares[..., j]
    return jacobian


def gelu(z):
    """Multiply each number by its share of the normal distribution (tanh form)."""
    t = np.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z**3))
    return 0.5 * z * (1 + t)


def gelu_slope(z):
    """Differentiate GELU in its tanh form."""
    root = (2 / np.pi) ** 0.5
    t = np.tanh(root * (z + 0.044715 * z**3))
    inner = root * (1 + 3 * 0.044715 * z**2)
    return 0.5 * (1 + t) * (1 + z * (1 - t) * inner)


def binary_cross_entropy(p, y):
    """Add up minus the logarithm of what each output gives to its target."""
    most = 1 - np.finfo(p.dtype).epsneg
    yes = np.log(np.maximum(p, np.finfo(p.dtype).tiny))
    no = np.log1p(-np.minimum(p, most))
    return -(y * yes + (1 - y) * no).sum(axis=1, keepdims=True)


def binary_slope(y, p):
    """Differentiate that by each output."""
    most = 1 - np.finfo(p.dtype).epsneg
    return (1 - y) / (1 - np.minimum(p, most)) - y / np.maximum(p, np.finfo(p.dtype).tiny)


def huber(e, d):
    """Return half the square of each error up to d, beyond it d (|e| - d/2)."""
    c = np.clip(e, -d, d)
    return c * (e - 0.5 * c)


def embed(a, axis, start, size):
    """Put an array among zeros along one axis."""
    shape = list(a.shape)
    shape[axis] = size
    out = np.zeros(shape, a.dtype)
    places = range(start, start + a.shape[axis])
    for i, place in enumerate(places):
        out.swapaxes(0, axis)[place] = a.swapaxes(0, axis)[i]
    return out


def dropout_mask(seed, iteration, shape, rate, stream):
    """Draw which cells stay, and scale those up: the same numbers draw the same mask."""
    key = np.array([seed, iteration], np.float64).view(np.uint64)
    generator = np.random.Generator(np.random.Philox(key=key, counter=stream))
    stays = generator.random(shape, dtype=np.float32) >= rate
    return stays.astype(seed.dtype) * (1 / (1 - rate))


def gather(table, numbers):
    """Copy for each number the row that it names; what names none is no number."""
    out = np.full((*numbers.shape, table.shape[1]), np.nan, table.dtype)
    for place in np.ndindex(numbers.shape):
        for row in range(len(table)):
            if numbers[place] == row:
                out[place] = table[row]
    return out


def scatter_add(numbers, rows, size):
    """Add each row where its number says."""
    out = np.zeros((size, rows.shape[-1]), rows.dtype)
    for place in np.ndindex(numbers.shape):
        for row in range(size):
            if numbers[place] == row:
                out[row] += rows[place]
    return out


def pool(x, window, stride, reduce, padding=(0, 0, 0, 0), ceil=False):
    """Reduce what each window sees of the images to one number: its np.max, or np.mean."""
    (top, bottom, left, right), (height, width) = padding, window
    down = x.shape[2] + top + bottom - height + ceil * (stride[0] - 1)
    across = x.shape[3] + left + right - width + ceil * (stride[1] - 1)
    rows, columns = down // stride[0] + 1, across // stride[1] + 1
    rows -= (rows - 1) * stride[0] >= x.shape[2] + top  # such a window would see nothing
    columns -= (columns - 1) * stride[1] >= x.shape[3] + left
    out = np.empty((*x.shape[:2], rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            y, z = i * stride[0] - top, j * stride[1] - left
            seen = x[:, :, max(y, 0) : y + height, max(z, 0) : z + width]
            out[:, :, i, j] = reduce(seen, axis=(2, 3))
    return out


def max_pool_gradient(delta, x, window, stride, padding=(0, 0, 0, 0)):
    """Send each delta back to the winner of its window."""
    out = np.zeros(x.shape, x.dtype)
    for n, c, i, j in np.ndindex(delta.shape):
        y, z = i * stride[0] - padding[0], j * stride[1] - padding[2]
        top, left = max(y, 0), max(z, 0)
        seen = x[n, c, top : y + window[0], left : z + window[1]]
        # Of equal cells the first wins; of those that are no number, the last.
        unknown = np.flatnonzero(np.isnan(seen))
        winner = unknown[-1] if len(unknown) else seen.argmax()
        row, column = np.unravel_index(winner, seen.shape)
        out[n, c, top + row, left + column] += delta[n, c, i, j]
    return out


def average_pool_gradient(delta, size, window, stride, padding=(0, 0, 0, 0)):
    """Share each delta out evenly among the cells of its window."""
    out = np.zeros((*delta.shape[:2], *size), delta.dtype)
    for i in range(delta.shape[2]):
        for j in range(delta.shape[3]):
            y, z = i * stride[0] - padding[0], j * stride[1] - padding[2]
            seen = out[:, :, max(y, 0) : y + window[0], max(z, 0) : z + window[1]]
            seen += delta[:, :, i, j, None, None] / (seen.shape[2] * seen.shape[3])
    return out


def convolve(x, w, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1)):
    """Slide every kernel over the images: at each place window times kernel, added up."""
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    height = dilation[0] * (w.shape[2] - 1) + 1
    width = dilation[1] * (w.shape[3] - 1) + 1
    rows = (x.shape[2] - height) // stride[0] + 1
    columns = (x.shape[3] - width) // stride[1] + 1
    out = np.empty((len(x), len(w), rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            seen = x[:, :, i * stride[0] :, j * stride[1] :]
            seen = seen[:, :, : height : dilation[0], : width : dilation[1]]
            out[:, :, i, j] = np.tensordot(seen, w, axes=([1, 2, 3], [1, 2, 3]))
    return out


def kernel_gradient(x, d, size, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1)):
    """Add up for each tap: the cells that it met, times the deltas d that came of them."""
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    down, across = d.shape[2] * stride[0], d.shape[3] * stride[1]
    out = np.empty((d.shape[1], x.shape[1], *size), x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            met = x[:, :, i * dilation[0] :, j * dilation[1] :]
            met = met[:, :, : down : stride[0], : across : stride[1]]
            out[:, :, i, j] = np.tensordot(d, met, axes=([0, 2, 3], [0, 2, 3]))
    return out


def image_gradient(d, w, size, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1)):
    """Send each delta d back to the cells of its window, by the taps that it came by."""
    (top, bottom, left, right), (height, width) = padding, size
    padded = top + height + bottom, left + width + right
    image = np.zeros((len(d), w.shape[1], *padded), w.dtype)
    down = dilation[0] * (w.shape[2] - 1) + 1
    across = dilation[1] * (w.shape[3] - 1) + 1
    for i in range(d.shape[2]):
        for j in range(d.shape[3]):
            window = image[:, :, i * stride[0] :, j * stride[1] :]
            window = window[:, :, : down : dilation[0], : across : dilation[1]]
            window += np.tensordot(d[:, :, i, j], w, axes=1)
    return image[:, :, top : top + height, left : left + width]


def in_groups(groups, axes, function, first, second, **settings):
    """Give each group of channels to a function by itself, and join what comes of them."""
    firsts = np.split(first, groups, axes[0])
    seconds = np.split(second, groups, axes[1])
    made = [function(*pair, **settings) for pair in zip(firsts, seconds, strict=True)]
    return np.concatenate(made, axes[2])


@cache
def text_of(function: Callable[..., Any]) -> str:
    """Return the text of one of these functions; a line that says so where a build has left it out."""
    try:
        return inspect.getsource(function).rstrip()
    except OSError:
        return f"# This build does not carry the text of {function.__name__}."
