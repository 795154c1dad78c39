"""Lines beside the losses of a run: how they are drawn, and what stands at an iteration. Without Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.run.record import Series
from viz_app.frame.words.numbers import number, percent
from viz_app.picture.elements import Tone
from viz_app.widgets.curves.losses import LossCurve, loss_curve


class Stroke(StrEnum):
    """How a line is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    THIN = "thin"


@dataclass(frozen=True)
class CurveLine:
    """A line beside the losses.

    Parameters
    ----------
    series : Series
        Its numbers by iteration.
    tone : Tone
        Its colour.
    stroke : Stroke
        How it is drawn.
    label : str
        What stands on it; nothing where the legend says enough.
    """

    series: Series
    tone: Tone
    stroke: Stroke = Stroke.SOLID
    label: str = ""

    def drawn(self, *, logarithmic: bool) -> LossCurve:
        """Return what of it has a place on the axis."""
        return loss_curve(self.series, np.zeros(len(self.series), bool), logarithmic=logarithmic)


def read_out(known: Sequence[Series], iteration: float, *, shares: bool) -> tuple[int, str] | None:
    """Return the iteration with a number that is nearest to a place, and what stands there; ``None`` without any."""
    every = np.concatenate([series.iterations for series in known])
    if not len(every):
        return None
    nearest = int(every[np.abs(every - iteration).argmin()])
    texts = []
    for series in known:
        place = np.searchsorted(series.iterations, nearest)
        if place < len(series) and series.iterations[place] == nearest:
            one = float(series.numbers[place])
            texts.append(percent(one, 2) if shares else number(one))
    return nearest, f"{nearest:,}: {' · '.join(texts)}"
