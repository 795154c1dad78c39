"""Lay the stops of a program out along a timeline: how large their names are, and how wide each has to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from core.values import Phase
from viz_app.frame.outline import Outline, Stop
from viz_app.widgets.timeline.pages import Page, Run, evenly, one_page, page_of, phases_of, runs_of, widened

GAP = 1.0
"""What is left free on each side of a step, in pixels."""
BESIDE = 5.0
"""What is left free on each side of a name."""
_SIZES = (1.0, 0.85, 0.72)
"""The sizes of the names; the first in which all of them fit into one strip is taken, else there are pages."""
_LEAST_PIXELS = 11
_LEAST_WIDTH = 3.0
"""The least width of a step on a page, in pixels."""


@dataclass(frozen=True)
class Layout:
    """How the stops of a program are laid out: in one strip, or on pages below an overview of all of them."""

    pixels: int
    needs: tuple[float, ...]
    starts: tuple[int, ...]
    runs: tuple[Run, ...]
    phases: tuple[tuple[int, int], ...]
    all: Page
    paged: bool

    def page(self, stop: int, width: float) -> Page:
        """Return the page that a stop is on; in one strip all stops are."""
        return page_of(stop, self.needs, self.starts, width) if self.paged else self.all


def lay_out(outline: Outline, names: Sequence[str], widget: QWidget, zoom: float) -> Layout:
    """Return how stops with names are laid out in the width and the font of a widget."""
    runs = tuple(runs_of([_labelled(*pair) for pair in zip(outline.groups, outline.stops, strict=True)]))
    phases = tuple(phases_of([phase for phase, _ in outline.groups]))
    starts, width = outline.group_starts, widget.width()

    def sized(share: float) -> tuple[int, tuple[float, ...]]:
        pixels = max(round(share * widget.fontInfo().pixelSize()), _LEAST_PIXELS)
        return pixels, tuple(max(need * zoom, _LEAST_WIDTH) for need in _needs(names, runs, widget, pixels))

    for share in _SIZES if zoom == 1 else _SIZES[:1]:
        pixels, needs = sized(share)
        page = one_page(needs, width)
        if page is not None:
            return Layout(pixels, needs, starts, runs, phases, page, paged=False)
    pixels, needs = sized(1.0)
    return Layout(pixels, needs, starts, runs, phases, evenly(len(names), width), paged=True)


def named_in(font: QFont, pixels: int) -> QFont:
    """Return the font of names of a size, in pixels."""
    named = QFont(font)
    named.setPixelSize(pixels)
    return named


def _needs(names: Sequence[str], runs: tuple[Run, ...], widget: QWidget, pixels: int) -> list[float]:
    """Return the width that each step needs for its name; together those of a layer have room for its label."""
    metrics = QFontMetricsF(named_in(widget.font(), pixels))
    needs = [max(metrics.horizontalAdvance(name), pixels) + 2 * (BESIDE + GAP) for name in names]
    label = widget.fontMetrics().horizontalAdvance
    return widened(needs, ((run.start, run.end, label(f"layer {run.layer}") + BESIDE + 2 * GAP + 1) for run in runs))


def _labelled(group: tuple[Phase, int | str | None], stop: Stop) -> tuple[object, int | None]:
    """Return the phase and the layer whose label stands above a stop: a folded layer has its own name."""
    phase, layer = group
    inside = stop.span is None or any(unit.count == 1 for unit in stop.span.outer)
    return phase, layer if isinstance(layer, int) and inside else None
