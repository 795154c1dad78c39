"""Arrange one sample as it enters the network: an image where it is one, else its numbers in a row."""

from dataclasses import replace

from core.values import Array, Value
from viz_app.frame.levels import levels_for
from viz_app.frame.views import MapView
from viz_app.picture.elements import Heatmap, Picture, Rect
from viz_app.picture.grid import Grid, montage, row_as_image


def arrange_sample(value: Value, numbers: Array, size: tuple[float, float], em: float) -> Picture:
    """Arrange a sample in the middle of a picture, as large as fits.

    Parameters
    ----------
    value : Value
        The network's input, of whatever batch.
    numbers : ndarray of the shape of one sample
        What enters the network.
    size : tuple of float
        The width and height of the picture.
    em : float
        The size of its text, in pixels.
    """
    array = numbers[None]
    grid = sample_grid(replace(value, shape=array.shape))
    image = value.row_image is not None or numbers.ndim == 3
    least = 1.0 if image else 0.0  # a pale image looks pale
    levels = levels_for(value.range, float(array.min()), max(float(array.max()), least), image=image)
    view = MapView(replace(value, shape=array.shape), value.key, value.key, array, levels)
    rows, columns = grid.size
    unit = min((size[0] - 2) / columns, (size[1] - 2) / rows)
    rect = Rect(0, 0, *size).centered(unit * columns, unit * rows)
    return Picture(*size, em, (Heatmap(rect, view, grid),))


def sample_grid(value: Value) -> Grid:
    """Return how the first sample of a batch is laid out."""
    shape = value.shape
    if value.row_image:
        return row_as_image(shape, 0, value.row_image)
    if len(shape) == 4:
        return montage(shape, (0,)) if shape[1] > 1 else Grid(shape, (0, 0, None, None))
    return Grid(shape, (0, *(None,) * (len(shape) - 1)))
