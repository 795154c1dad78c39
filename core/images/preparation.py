"""Prepare an image for a network: every stage is kept, and the last one is what enters."""

import numpy as np

from core.images.digit import DigitDesk, as_entered
from core.images.photo import Photo
from core.images.picture import PictureDesk
from core.images.settings import Preparation
from core.images.stages import Prepared, Stage
from core.images.wanted import Wanted
from core.values import Array

_DEFAULT = Preparation()


def prepare(photo: Photo, wanted: Wanted, settings: Preparation = _DEFAULT) -> Prepared:
    """Return every stage of an image on its way into a network, and the values that enter.

    Parameters
    ----------
    photo : Photo
        As it was read.
    wanted : Wanted
        What the network takes.
    settings : Preparation
        What a person has set; all else is found automatically.

    Raises
    ------
    PhotoError
        If the image of a digit has no ink on its paper.
    """
    kind = settings.kind or wanted.kind
    desk = DigitDesk(photo, wanted, settings) if kind == "digit" else PictureDesk(photo, wanted, settings)
    made = desk.make()
    entered = as_entered(made[-1], wanted)
    stages, inputs = (_original(photo, kind), *made, entered), wanted.arranged(np.asarray(entered.array, wanted.dtype))
    if wanted.normalisation is None:
        return Prepared(stages, inputs)
    inputs = wanted.normalisation.apply(inputs)
    return Prepared((*stages, _normalised(wanted.pictured(inputs.copy()))), inputs)


def _normalised(image: Array) -> Stage:
    least, most = float(image.min()), float(image.max())
    sentence = f"As the data are: from {least:.2f} to {most:.2f}. Exactly these numbers enter the network."
    return Stage("Normalised", sentence, image, (least, max(most, least + 1e-6)))


def _original(photo: Photo, kind: str) -> Stage:
    height, width = photo.size
    parts = [f"{height} × {width} pixels, {'colour' if photo.coloured else 'grey'}, 0 to {photo.white}.", *photo.notes]
    if photo.factor > 1:
        parts.append(f"The stages compute with the mean of every {photo.factor} × {photo.factor} pixels.")
    shown = photo.pixels if photo.factor == 1 else photo.working * photo.white
    return Stage("Original", " ".join(parts), shown, (0.0, float(photo.white)), ("kind",), {"kind": kind})
