"""What every preparation of an image has: the photo, what is wanted of it, and the stages made so far."""

from dataclasses import dataclass, field

from core.images.photo import Photo
from core.images.settings import Preparation
from core.images.stages import Stage
from core.images.wanted import Wanted
from core.values import Array


@dataclass
class Desk:
    """Makes the stages one by one.

    Parameters
    ----------
    photo : Photo
        What is prepared.
    wanted : Wanted
        What the network takes.
    settings : Preparation
        What a person has set.
    """

    photo: Photo
    wanted: Wanted
    settings: Preparation
    stages: list[Stage] = field(default_factory=list)

    def make(self) -> tuple[Stage, ...]:
        """Return the stages, to what enters the network.

        Raises
        ------
        PhotoError
            If the photo does not show what the network takes.
        """
        raise NotImplementedError

    def _add(self, title: str, sentence: str, array: Array, *parameters: str, **found: str | float) -> Array:
        self.stages.append(Stage(title, sentence, array, (0.0, 1.0), parameters, found))
        return array
