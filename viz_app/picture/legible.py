"""Tell how large a cell must be for its number to be read, from a desk and from the back row."""

import numpy as np

from core.values import Array
from viz_app.frame.words.numbers import characters_needed
from viz_app.picture.elements import Heatmap

LEAST = 9
"""No text is smaller than so many pixels; what does not fit then is cut, or left out."""
_WANTED = 0.68
"""How large the numbers in cells are to be, in em."""
FEWEST, MOST_CHARACTERS = 4, 7
"""How many characters there is room for at least, and how many a number may take: ``−3e−123``."""
ADVANCE, SIDES = 0.62, 0.6
"""The width of a figure and the room beside a number, in sizes of its type."""
MOST = 4000
"""More cells than that have no numbers: nobody reads them, and they take time."""


def size_wanted(em: float) -> float:
    """Return how large the numbers in cells are to be, in pixels."""
    return max(LEAST, _WANTED * em)


def characters_wanted(numbers: Array) -> int:
    """Return how many characters a cell must have room for, so that any of these numbers can stand in it."""
    needed = int(characters_needed(np.abs(numbers)).max(initial=1)) + 1  # the sign, be it that of another cell
    return min(max(needed, FEWEST), MOST_CHARACTERS)


def cell_wanted(em: float, characters: int = FEWEST) -> tuple[float, float]:
    """Return the least width and height of a cell whose number is read well, in pixels."""
    size = size_wanted(em)
    return size * (ADVANCE * characters + SIDES) + 0.01, 2 * size + 0.01


def has_room(width: float, height: float, em: float) -> bool:
    """Tell whether a cell of a size has room for a number."""
    wide, high = cell_wanted(em)
    return width >= wide and height >= high


def is_legible(heatmap: Heatmap, em: float, characters: int = FEWEST) -> bool:
    """Tell whether the cells of a map have room for numbers of so many characters."""
    rows, columns = heatmap.grid.size
    width, height = cell_wanted(em, characters)
    roomy = heatmap.rect.width >= columns * width and heatmap.rect.height >= rows * height
    return roomy and not heatmap.compact and rows * columns <= MOST
