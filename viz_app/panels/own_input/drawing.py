"""Prepare what is drawn, as a photo of it would be: in the same stages."""

from dataclasses import dataclass, field

import numpy as np

from core.experiment import Experiment
from core.images.photo import Photo, PhotoError
from core.images.preparation import prepare
from core.images.settings import Preparation
from core.images.stages import Stage
from core.images.wanted import Wanted, wanted_of
from core.ops.base import show_shape
from core.values import Array, Value
from core.visiting import input_of
from viz_app.widgets.drawing.paper import Grey

TITLE = "Drawing"
_LEAST = 6
"""The least height and width, in pixels, of an image that is worth drawing."""
_MARGIN = 42
"""White pixels around the ink: where it reaches the edge of the paper it is ink, and not the edge of a photo."""
_DIGIT = Preparation(kind="digit", even_light=False, paper="light", threshold=0.5, specks=0.0)
"""The light on the paper is even and the paper white, and every dot is meant."""
_JUDGED = 100


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing as it enters a network.

    Parameters
    ----------
    inputs : ndarray of the shape of one sample
        What enters.
    stages : tuple of Stage
        How it came about; none where the paper is blank.
    problem : str
        Why the drawing does not enter, in one sentence; nothing where it does.
    """

    inputs: Array
    stages: tuple[Stage, ...] = ()
    problem: str = ""


@dataclass
class Drawings:
    """Prepares drawings for one network.

    Parameters
    ----------
    experiment : Experiment
        What is open; it takes an image (see ``undrawable``).
    """

    experiment: Experiment
    _wanted: Wanted = field(init=False)
    _settings: Preparation = field(init=False)

    def __post_init__(self) -> None:
        """Find out once what the network takes."""
        entry, wanted = input_of(self.experiment.program), wanted_of(self.experiment)
        assert entry is not None
        if wanted is None or wanted.any_size:  # a drawing takes the size of the image that is there
            shape = entry.shape[1:]
            channels = shape[0] if len(shape) == 3 else 1
            wanted = Wanted(shape, image_of(entry), channels, dtype=self.experiment.options.dtype)
        self._wanted = wanted
        picture = Preparation(kind="picture", invert=_is_on_black(self.experiment), placing="fit")
        self._settings = _DIGIT if wanted.kind == "digit" else picture

    def prepared(self, pixels: Grey) -> Drawn:
        """Return a drawing as it enters the network: as a photo of white paper does."""
        if self._settings.kind == "digit" and bool((pixels == 255).all()):
            return Drawn(self._wanted.blank())
        photo = Photo(_cut(pixels) if self._settings.kind == "digit" else pixels.copy(), TITLE)
        try:
            made = prepare(photo, self._wanted, self._settings)
        except PhotoError as error:
            return Drawn(self._wanted.blank(), problem=str(error))
        return Drawn(made.inputs, made.stages)


def _cut(pixels: Grey) -> Grey:
    """Return the ink with a margin: all else is the same white, and takes time."""
    inked = pixels < 255
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    return np.pad(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], _MARGIN, constant_values=255)


def undrawable(experiment: Experiment) -> str:
    """Return in one sentence why there is nothing to draw for a network; nothing where there is."""
    entry = input_of(experiment.program)
    if entry is None or (entry.row_image is None and (len(entry.shape) != 4 or entry.shape[1] not in (1, 3))):
        return "This network takes no image, so there is nothing to draw for it."
    if min(image_of(entry)) < _LEAST:
        return f"This network takes an image of {show_shape(image_of(entry))} pixels, too few to draw on."
    return ""


def image_of(entry: Value) -> tuple[int, int]:
    """Return the height and width of the image that a network takes."""
    high, wide = entry.row_image or entry.shape[-2:]
    return high, wide


def _is_on_black(experiment: Experiment) -> bool:
    """Tell whether the data show light things on a black ground: then paper is to be black, and ink light."""
    dataset = experiment.dataset
    if dataset is None:
        return False
    shown = np.asarray(dataset.inputs[:_JUDGED])
    if dataset.normalisation is not None:
        shown = dataset.normalisation.undo(shown)
    return float(np.median(shown)) < 0.5 * float(shown.max(initial=0.0))
