"""Prepare what is drawn as a photo of it would be."""

import numpy as np

from core.experiment import Experiment
from core.images.scaling import fit
from core.ops.base import show_shape
from core.values import Array, Value
from core.visiting import input_of
from viz_app.widgets.paper import Grey

_LEAST = 6
"""The least height and width, in pixels, of an image that is worth drawing."""


def undrawable(experiment: Experiment) -> str:
    """Return in one sentence why there is nothing to draw for a network; nothing where there is."""
    entry = input_of(experiment.program)
    if entry is None or (entry.row_image is None and len(entry.shape) != 4):
        return "This network takes no image, so there is nothing to draw for it."
    if min(entry.row_image or entry.shape[-2:]) < _LEAST:
        return f"This network takes an image of {show_shape(entry.shape[-2:])} pixels, too few to draw on: type them."
    return ""


def prepared(pixels: Grey, value: Value) -> Array:
    """Return the numbers that enter a network, of the shape of one sample of ``value``."""
    ink = 1 - pixels.astype(np.float32) / 255
    shape = value.shape[1:]
    size = value.row_image or shape[-2:]
    if not (ink > 0).any():
        return np.zeros(shape, np.float32)
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inner = tuple(round(side * 20 / 28) for side in size)
    small = fit(crop, inner)
    out = np.zeros(size, np.float32)
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    out[top : top + inner[0], left : left + inner[1]] = small
    return out.reshape(shape) if value.row_image else np.broadcast_to(out, shape).copy()
