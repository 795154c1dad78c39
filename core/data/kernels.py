"""The kernels that image processing has names for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Weights = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Kernel:
    """A kernel with a name.

    Parameters
    ----------
    title : str
        What a person calls it.
    weights : tuple of tuples of float
        Its rows.
    about : str
        What it does.
    """

    title: str
    weights: Weights
    about: str


def _scaled(factor: float, *rows: tuple[float, ...]) -> Weights:
    return tuple(tuple(factor * weight for weight in row) for row in rows)


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "identity": Kernel("Identity", _scaled(1, (0, 0, 0), (0, 1, 0), (0, 0, 0)), "Leaves the image as it is."),
        "blur": Kernel(
            "Blur", _scaled(1 / 16, (1, 2, 1), (2, 4, 2), (1, 2, 1)), "Averages neighbours; the middle counts most."
        ),
        "sharpen": Kernel(
            "Sharpen", _scaled(1, (0, -1, 0), (-1, 5, -1), (0, -1, 0)), "Adds what a pixel differs from its neighbours."
        ),
        "sobel-x": Kernel(
            "Sobel x", _scaled(1, (-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), "Finds edges between left and right."
        ),
        "sobel-y": Kernel(
            "Sobel y", _scaled(1, (-1, -2, -1), (0, 0, 0), (1, 2, 1)), "Finds edges between above and below."
        ),
        "laplacian": Kernel(
            "Laplacian", _scaled(1, (0, 1, 0), (1, -4, 1), (0, 1, 0)), "Finds spots and edges of any direction."
        ),
        "emboss": Kernel(
            "Emboss", _scaled(1, (-2, -1, 0), (-1, 1, 1), (0, 1, 2)), "Lights the image from the upper left."
        ),
    }
)
"""The kernels by name; all are 3 × 3.

References
----------
R. C. Gonzalez and R. E. Woods, "Digital Image Processing", chapters 3 and 10.
"""
