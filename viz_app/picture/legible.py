"""Tell how large a cell must be for its number to be read, from a desk and from the back row."""

from viz_app.picture.elements import Heatmap

LEAST = 9.0
"""No text is smaller than so many pixels."""
_WANTED = 0.68
"""How large the numbers in cells are to be, in em."""
_CHARACTERS = 4
_ADVANCE, _SIDES = 0.62, 0.6
"""The width of a figure and the room beside a number, in sizes of its type."""
_MOST = 4000
"""Maps with more cells have no numbers."""


def size_wanted(em: float) -> float:
    """Return how large the numbers in cells are to be, in pixels."""
    return max(LEAST, _WANTED * em)


def cell_wanted(em: float) -> tuple[float, float]:
    """Return the least width and height of a cell whose number is read well, in pixels."""
    size = size_wanted(em)
    return size * (_ADVANCE * _CHARACTERS + _SIDES) + 0.01, 2 * size + 0.01


def is_legible(heatmap: Heatmap, em: float) -> bool:
    """Tell whether the cells of a map have room for their numbers."""
    rows, columns = heatmap.grid.size
    width, height = cell_wanted(em)
    roomy = heatmap.rect.width >= columns * width and heatmap.rect.height >= rows * height
    return roomy and not heatmap.compact and rows * columns <= _MOST
