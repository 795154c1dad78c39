"""How the room of a stage can be used."""

from dataclasses import dataclass

from viz_app.picture.stages.excerpts import Limits


@dataclass(frozen=True)
class Plan:
    """How the room is used.

    Parameters
    ----------
    limits : Limits or None
        The size of excerpts; ``None`` draws whole maps.
    strip : bool
        Whether a close-up of the current cell stands below the maps.
    alone : bool
        Whether the close-up takes the room of the maps.
    images : bool
        Whether it is of two images.
    terse : bool
        Whether the header leaves out the live numbers; it does where a close-up shows them.
    large : float
        How much larger than usual the close-up below the maps is drawn, where it is larger than they are.
    zoom : float
        How much larger than usual all of it is drawn.
    """

    limits: Limits | None = None
    strip: bool = False
    alone: bool = False
    images: bool = False
    terse: bool = False
    large: float = 0.0
    zoom: float = 1.0

    @property
    def live(self) -> bool:
        """Whether the header writes the numbers of a cell."""
        return not (self.strip or self.alone or self.terse)
