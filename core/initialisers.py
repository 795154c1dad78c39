"""Draw the first numbers of what an iteration hands to the next."""

from dataclasses import dataclass

import numpy as np

from core.values import Array, Shape

DRAWN = ("he", "glorot", "zeros")
"""What a person chooses among."""
_KNOWN = (*DRAWN, "constant", "seed", "normal")
_SEEDS = 1 << 20
"""So many seeds there are: float32 holds each of them."""


@dataclass(frozen=True)
class Initialiser:
    """How a value of the state begins.

    Parameters
    ----------
    kind : str
        ``he``: normal with variance 2 / fan_in (He et al. 2015). ``glorot``: uniform within
        sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010). ``zeros``. ``constant``: ``number`` everywhere.
        ``normal``: with mean 0 and ``number`` as standard deviation. ``seed``: a whole number, any of a million.
    fan_in, fan_out : int
        The numbers of inputs and outputs that one of its cells connects.
    number : float
        What ``constant`` fills with, and the spread of ``normal``.

    Raises
    ------
    ValueError
        If there is no such kind.
    """

    kind: str
    fan_in: int = 1
    fan_out: int = 1
    number: float = 0.0

    def __post_init__(self) -> None:
        """Check the kind."""
        check_initialiser(self.kind, _KNOWN)

    def draw(self, shape: Shape, generator: np.random.Generator) -> Array:
        """Draw the first numbers of an array, float64."""
        match self.kind:
            case "he":
                return generator.normal(0.0, np.sqrt(2 / self.fan_in), shape)
            case "glorot":
                limit = np.sqrt(6 / (self.fan_in + self.fan_out))
                return generator.uniform(-limit, limit, shape)
            case "constant":
                return np.full(shape, self.number)
            case "normal":
                return generator.normal(0.0, self.number, shape)
            case "seed":
                return np.asarray(generator.integers(0, _SEEDS, shape), np.float64)
        return np.zeros(shape)


def check_initialiser(kind: str | None, known: tuple[str, ...] = DRAWN) -> None:
    """Raise ValueError for an initialiser that there is not; ``None`` leaves the choice to the layer."""
    if kind not in (None, *known):
        raise ValueError(f"expected an initialiser among {', '.join(known)}; got {kind!r}")


ZEROS = Initialiser("zeros")


def filled(number: float) -> Initialiser:
    """Return how a value begins that is the same number everywhere."""
    return Initialiser("constant", number=number)
