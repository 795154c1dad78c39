"""Load the handwritten digits that are shipped with the program."""

from functools import cache
from importlib.resources import files

import numpy as np

from core.data.dataset import Dataset, one_hot
from core.images.scaling import fit
from core.values import Shape

CLASS_NAMES = tuple(str(digit) for digit in range(10))
ATTRIBUTION = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, "
    "DOI 10.24432/C50P49, CC BY 4.0"
)
_LARGEST = 16


@cache
def digits(size: Shape = (8, 8), *, channels: bool = False) -> Dataset:
    """Return 1,797 real handwritten digits in the order of their file, with grey levels from 0 to 1.

    Parameters
    ----------
    size : tuple of int
        The height and width that the 8 × 8 images are brought to: aspect kept, centred, padded with zeros.
    channels : bool
        Whether a sample is an image of one channel, (1, h, w), rather than a row of pixels, (h w,).

    Returns
    -------
    Dataset
        Targets are one-hot; labels are the digits. The same arguments give the same object.

    Raises
    ------
    ValueError
        If a size is not positive.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository (1998).
    """
    with (files("resources") / "digits.npz").open("rb") as stream, np.load(stream) as stored:
        images = stored["images"].astype(np.float32) / _LARGEST
        labels = stored["labels"].astype(np.intp)
    resized = images if images.shape[1:] == size else fit(images, size)
    inputs = resized[:, None] if channels else resized.reshape(len(resized), -1)
    return Dataset(
        name=f"Handwritten digits, {size[0]} × {size[1]}",
        inputs=np.ascontiguousarray(inputs),
        targets=one_hot(labels, len(CLASS_NAMES)),
        labels=labels,
        row_image=size,
        class_names=CLASS_NAMES,
        attribution=ATTRIBUTION,
    )
