"""Hold a sample that is stepped in place of the data's: a person's own, or one of the data whose turn it is not."""

from dataclasses import dataclass

import numpy as np

from core.values import Array


@dataclass(frozen=True, eq=False)
class Guest:
    """A sample that is stepped in place of one of the data's; the arrays are read-only.

    Parameters
    ----------
    inputs : ndarray of shape (*sample_shape,)
        The values that enter the network, to the last bit as they are displayed.
    target : ndarray of shape (k,) or None
        What the network should answer; ``None`` takes its own guess, where the outputs are classes.
    title : str
        What a person calls it: the name of a file, or what it is.
    sample : int or None
        Its number, where it is one of the data's samples; ``None`` where it is a person's own.

    Raises
    ------
    ValueError
        If an input or a target is not finite.
    """

    inputs: Array
    target: Array | None = None
    title: str = "Own input"
    sample: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers and make the arrays read-only."""
        for what, array in (("inputs", self.inputs), ("targets", self.target)):
            if array is None:
                continue
            if not np.all(np.isfinite(array)):
                raise ValueError(f"{self.title}: expected finite numbers as {what}; got NaN or infinity")
            array.flags.writeable = False

    def has_numbers_of(self, other: "Guest") -> bool:
        """Tell whether another guest is made of the same numbers."""
        if self.target is None or other.target is None:
            same = self.target is other.target
        else:
            same = np.array_equal(self.target, other.target)
        return same and np.array_equal(self.inputs, other.inputs)
