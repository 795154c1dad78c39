"""Name the colour maps that a person can choose among; the theme says which colours they have."""

from enum import StrEnum


class ColorMap(StrEnum):
    """The colours of numbers; with each, signs can be told apart by all who see colours otherwise."""

    BLUE_ORANGE = "blue-orange"
    BLUE_RED = "blue-red"
    PURPLE_GREEN = "purple-green"
    VIRIDIS = "viridis"
    CIVIDIS = "cividis"

    @property
    def called(self) -> str:
        """What a menu calls it."""
        return _TITLES[self]


_TITLES = {
    ColorMap.BLUE_ORANGE: "Blue and orange",
    ColorMap.BLUE_RED: "Blue and red",
    ColorMap.PURPLE_GREEN: "Purple and green",
    ColorMap.VIRIDIS: "Viridis, signs in blue and orange",
    ColorMap.CIVIDIS: "Cividis, signs in blue and yellow",
}
