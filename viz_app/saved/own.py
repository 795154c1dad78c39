"""Write what a person has brought to the pages of the own input, and read it: an image, a drawing, a text."""

from dataclasses import asdict, dataclass, fields
from typing import cast

import numpy as np
from numpy.typing import NDArray

from core.description import Count, fields_from
from core.images.photo import Photo, Pixels
from core.images.scaling import block_means
from core.images.settings import PARAMETERS, Preparation
from core.writing import Taste
from viz_app.saved.arrays import FoundArrays, KeptArrays
from viz_app.saved.container import SessionError
from viz_app.saved.records import OwnRecord, PhotoRecord, Plain, TextRecord

_LONGEST = 20_000
"""So many characters a text has at most."""


@dataclass(frozen=True, eq=False)
class Own:
    """What is on the pages of the own input.

    Parameters
    ----------
    photo : Photo or None
        The image that was brought.
    preparation : Preparation
        How it is prepared.
    drawing : ndarray of shape (h, h) or None
        The sheet that is drawn on, ``uint8`` from 0 for ink to 255 for paper; ``None`` where nobody has drawn.
    """

    photo: Photo | None = None
    preparation: Preparation = Preparation()
    drawing: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Continued:
    """A text that the network continues, what came after it, and how the next token is chosen."""

    typed: str = ""
    came: str = ""
    taste: Taste = Taste()


def own_record(own: Own, arrays: KeptArrays) -> OwnRecord:
    """Return the record of what was brought."""
    photo = own.photo
    if photo is not None and photo.factor > 1:
        photo = _brought_down(photo)
    settings = {name: value for name, value in asdict(own.preparation).items() if value is not None}
    kept = photo and PhotoRecord(arrays.put(photo.pixels), photo.title, photo.notes, settings)
    return OwnRecord(kept or None, None if own.drawing is None else arrays.put(own.drawing))


def _brought_down(photo: Photo) -> Photo:
    """Return a large image in the size that the preparation computes with."""
    pixels = cast(Pixels, np.rint(block_means(photo.pixels, photo.factor)).astype(photo.pixels.dtype))
    high, wide = photo.size
    note = f"Brought down from {wide:,} × {high:,} pixels when the session was saved."
    return Photo(pixels, photo.title, (*photo.notes, note))


def own_from(data: object, arrays: FoundArrays) -> Own:
    """Return what a record tells of; raise ValueError where it makes no sense."""
    record = fields_from(OwnRecord, data)
    drawing = None
    if record.drawing is not None:
        drawing = arrays.get(record.drawing)
        if drawing.dtype != np.uint8 or drawing.ndim != 2 or drawing.shape[0] != drawing.shape[1]:
            raise SessionError(f"expected a square sheet of uint8; got {drawing.dtype} of {drawing.shape}")
    if record.photo is None:
        return Own(drawing=drawing)
    pixels = cast(Pixels, arrays.get(record.photo.pixels))  # ``Photo`` checks it
    photo = Photo(pixels, record.photo.title, record.photo.notes)
    return Own(photo, _preparation(record.photo.settings), drawing)


def _preparation(settings: Plain) -> Preparation:
    """Return how an image is prepared; every setting is one that a person can choose."""
    names = {one.name for one in fields(Preparation)}
    for name, value in settings.items():
        if name not in names:
            raise SessionError(f"expected settings among {', '.join(sorted(names))}; got {name[:20]!r}")
        parameter, usual = PARAMETERS[name], getattr(Preparation(), name)
        if parameter.choices:
            fits = value in [choice for choice, _ in parameter.choices]
        elif parameter.limits is not None:
            kind = (int,) if parameter.whole else (int, float)
            low, high = parameter.limits
            fits = isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high
        else:
            fits = isinstance(value, type(usual))
        if not fits:
            raise SessionError(f"expected for {name} what a person can choose; got {str(value)[:20]}")
    return Preparation(**settings)  # type: ignore[arg-type]


def text_record(text: Continued) -> TextRecord:
    """Return the record of a text."""
    taste = text.taste
    return TextRecord(text.typed, text.came, float(taste.temperature), taste.top_k, Count(taste.seed))


def text_from(data: object) -> Continued:
    """Return the text that a record tells of; raise ValueError where it makes no sense."""
    record = fields_from(TextRecord, data)
    if len(record.typed) + len(record.came) > _LONGEST:
        raise SessionError(f"expected a text of at most {_LONGEST:,} characters")
    return Continued(record.typed, record.came, Taste(record.temperature, record.top_k, int(record.seed)))
