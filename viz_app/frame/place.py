"""A place: what identifies a moment of any run. A session is at one, and whoever writes pictures is given some."""

from dataclasses import dataclass, field, replace

from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Focus, Frame, ViewOptions, resolve
from viz_app.frame.quiz.covering import Cover, asked_cell, covered
from viz_app.frame.words.writing import written


@dataclass(frozen=True)
class Place:
    """Where in a run, which cell is focused, and how it is viewed; it says nothing of what is run.

    ``cell`` is the output cell that is walked inside the step, in raster order; ``None`` shows the step as a whole.
    """

    iteration: int = 0
    step: int = 0
    cell: int | None = None
    focus: Focus | None = None
    options: ViewOptions = field(default_factory=ViewOptions)
    cover: Cover | None = None
    """What a quiz covers; nothing where there is none."""

    @property
    def cursor(self) -> Cursor:
        """Where in the run."""
        return Cursor(self.iteration, self.step, self.cell)

    @property
    def begun_anew(self) -> "Place":
        """The first place of another run, viewed in the same way, with nothing revealed."""
        return Place(options=self.options, cover=self.cover and self.cover.anew())

    def at(self, cursor: Cursor, focus: Focus | None = None) -> "Place":
        """Return the place somewhere else in the run, viewed in the same way; a cell stays focused only if given."""
        return replace(self, iteration=cursor.iteration, step=cursor.step, cell=cursor.cell, focus=focus)


def resolve_place(trace: Trace, place: Place, hovered: Focus | None = None, before: Frame | None = None) -> Frame:
    """Return what is shown at a place of a run.

    Parameters
    ----------
    trace : Trace
        The run.
    place : Place
        The place; it is in the run.
    hovered : Focus or None
        The cell under the mouse, which is told of instead of the focused one.
    before : Frame or None
        Any other frame, to take over what has not changed.
    """
    if place.cover is None:
        return resolve(trace, place.cursor, place.options, hovered or place.focus, place.focus, before)
    asked = asked_cell(trace, place.cursor, place.options, place.focus)
    shown = place.focus or Focus(trace.program.steps[place.step].output.key, asked)  # so that it is highlighted
    frame = resolve(trace, place.cursor, place.options, hovered or shown, shown, before)
    with written(place.options.writing):
        return covered(frame, place.cover, asked)
