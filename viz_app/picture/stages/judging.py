"""Judge what a plan draws: whether it has the room, and whether it tells of the current cell."""

from collections.abc import Sequence

import numpy as np

from core.ops.losses import Loss
from core.ops.softmax import Softmax, SoftmaxGradient
from viz_app.frame.frame import Frame
from viz_app.picture.elements import Element, Formula, Heatmap, Legend, Rect, Sketch, Text, rect_of
from viz_app.picture.legible import is_legible
from viz_app.picture.stages.excerpts import largest_terms

_WORKED_OUT = (Softmax, SoftmaxGradient, Loss)
"""Of these the numbers in between are read, too: exponentials, products, what each output adds."""
_FEWEST = 3
"""So many of the largest terms can be read at least."""


def fits(elements: Sequence[Element], box: Rect) -> bool:
    """Tell whether all elements lie within a box, and no map, text or legend covers another one."""
    rects = [rect_of(e) for e in elements]
    edges = np.array([(r.x, r.y, r.right, r.bottom) for r in rects])
    outer = np.array([box.x - 1, box.y - 1, -box.right - 1, -box.bottom - 1])
    if not len(edges) or (edges[:, :2] < outer[:2]).any() or (-edges[:, 2:] < outer[2:]).any():
        return False
    solid = edges[[isinstance(e, (Heatmap, Text, Formula, Legend, Sketch)) for e in elements]]
    if (solid[:, 2] - solid[:, 0] <= 0).any() or (solid[:, 3] - solid[:, 1] <= 0).any():
        return False
    low = np.maximum(solid[:, None, :2], solid[None, :, :2])
    high = np.minimum(solid[:, None, 2:], solid[None, :, 2:])
    shared = (high - low > 0.5).all(axis=-1)
    np.fill_diagonal(shared, False)
    return not bool(shared.any())


def tells(elements: Sequence[Element], frame: Frame, em: float, characters: int, fewest: int = _FEWEST) -> bool:
    """Tell whether the number of the current cell and those of its largest terms can be read, at least so many."""
    maps = [e for e in elements if isinstance(e, Heatmap)]
    legible = [m for m in maps if is_legible(m, em, characters)]
    result = any(isinstance(e, Text) and e.result for e in elements) or _shows(
        legible, frame.result.key, frame.home.index
    )
    if not result:
        return False
    if isinstance(frame.step.op, _WORKED_OUT) and len(frame.home.terms.contributions) > 1:
        values = {view.key for view in (*frame.operands, frame.result)}
        if not any(m.map.key not in values for m in legible):
            return False
    made_up = [m for m in maps if m.terms]
    if made_up:
        return all(is_legible(m, em, characters) for m in made_up)
    cells = {cell for term in largest_terms(frame.home.terms, fewest) for cell in term.cells}
    return all(_shows(legible, frame.operands[i].key, index) for i, index in cells)


def _shows(maps: Sequence[Heatmap], key: str, index: tuple[int, ...]) -> bool:
    cell = np.array([index], dtype=np.intp).reshape(1, len(index))
    return any(m.map.key == key and len(m.grid.places(cell)) for m in maps)
