"""The stops of the colour maps, light and dark, from the low end to the high end, evenly spaced.

Zero has the colour of paper in each of them, and lightness is monotone from there, so that they read without colour,
too. No map needs red to be told from green: purple and green differ in how blue they are.

References
----------
C. Brewer, "ColorBrewer" (2002), RdBu and PRGn; S. van der Walt and N. Smith, viridis (2015); J. Nunez, C. Anderton and
R. Renslow, "Optimizing colormaps with consideration for color vision deficiency" (2018), cividis.
"""

from collections.abc import Mapping

from viz_app.frame.color_maps import ColorMap
from viz_app.frame.levels import MapKind

Stops = tuple[str, ...]
Maps = Mapping[MapKind, Stops]

_SIGNED, _POSITIVE, _SHARE = MapKind.DIVERGING, MapKind.SEQUENTIAL, MapKind.PROBABILITY
_GREY = {MapKind.GREY: ("#000000", "#ffffff")}
_PAPER, _NIGHT = "#fbfbfa", "#22252c"

_BLUES, _ORANGES = ("#0b3a80", "#2f7fd0", "#a3cdf2"), ("#fbc58a", "#d9741a", "#7d3200")
_TEALS = "#a5dcc5", "#2f9c82", "#00433f"
_REDS = "#f8b9a8", "#d4473c", "#6d0013"
_PURPLES, _GREENS = ("#43087a", "#9048c8", "#d6b8ee"), ("#abdd9c", "#2f9a38", "#0a4300")
_VIRIDIS = "#dde36c", "#84cb5f", "#35a87f", "#25768d", "#3d4486", "#3a0750"
_NAVIES, _OCHRES = ("#00224e", "#3e6296", "#a9c0de"), ("#ecd98a", "#a5863a", "#4d3700")
_CIVIDIS = "#eddc7d", "#b9a962", "#7d7c78", "#434e6c", "#00224e"

_NIGHT_BLUES, _NIGHT_ORANGES = ("#b9e0ff", "#4f9fee", "#1d4f8c"), ("#85481a", "#e58a35", "#ffdfae")
_NIGHT_TEALS = "#17624f", "#36b48d", "#c4f7df"
_NIGHT_REDS = "#94302a", "#f57a5c", "#ffd0b0"
_NIGHT_PURPLES, _NIGHT_GREENS = ("#e6c4ff", "#b27cee", "#5f3494"), ("#1b6124", "#4cbb4a", "#c2fa9e")
_NIGHT_VIRIDIS = "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725"
_NIGHT_NAVIES, _NIGHT_OCHRES = ("#c3d8ff", "#6b98e6", "#2b4a88"), ("#6a5210", "#cca330", "#ffe79a")
_NIGHT_CIVIDIS = "#33446b", "#5a6073", "#8a8678", "#c3b369", "#fee838"


def _maps(zero: str, low: Stops, high: Stops, positive: Stops, share: Stops) -> Maps:
    return {_SIGNED: (*low, zero, *high), _POSITIVE: (zero, *positive), _SHARE: (zero, *share), **_GREY}


LIGHT_MAPS: Mapping[ColorMap, Maps] = {
    ColorMap.BLUE_ORANGE: _maps(_PAPER, _BLUES, _ORANGES, _ORANGES, _TEALS),
    ColorMap.BLUE_RED: _maps(_PAPER, _BLUES, _REDS, _REDS, _TEALS),
    ColorMap.PURPLE_GREEN: _maps(_PAPER, _PURPLES, _GREENS, _GREENS, _PURPLES[::-1]),
    ColorMap.VIRIDIS: _maps(_PAPER, _BLUES, _ORANGES, _VIRIDIS, _VIRIDIS),
    ColorMap.CIVIDIS: _maps(_PAPER, _NAVIES, _OCHRES, _CIVIDIS, _CIVIDIS),
}
DARK_MAPS: Mapping[ColorMap, Maps] = {
    ColorMap.BLUE_ORANGE: _maps(_NIGHT, _NIGHT_BLUES, _NIGHT_ORANGES, _NIGHT_ORANGES, _NIGHT_TEALS),
    ColorMap.BLUE_RED: _maps(_NIGHT, _NIGHT_BLUES, _NIGHT_REDS, _NIGHT_REDS, _NIGHT_TEALS),
    ColorMap.PURPLE_GREEN: _maps(_NIGHT, _NIGHT_PURPLES, _NIGHT_GREENS, _NIGHT_GREENS, _NIGHT_PURPLES[::-1]),
    ColorMap.VIRIDIS: _maps(_NIGHT, _NIGHT_BLUES, _NIGHT_ORANGES, _NIGHT_VIRIDIS, _NIGHT_VIRIDIS),
    ColorMap.CIVIDIS: _maps(_NIGHT, _NIGHT_NAVIES, _NIGHT_OCHRES, _NIGHT_CIVIDIS, _NIGHT_CIVIDIS),
}
