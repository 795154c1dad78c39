"""Resolve everything that one moment shows into a frozen Frame. Pure: no Qt, no state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.data.guest import Guest
from core.notation import Notation, equation, plain, symbol
from core.program import Program, Step
from core.reasons import reason
from core.run.arithmetic import arithmetic
from core.run.inference import Inference
from core.run.record import Judged, Series
from core.run.trace import Cursor, Trace, broken_cells
from core.run.visit import Visit
from core.values import Array, Index, Phase
from viz_app.frame.curves import Curve, curve_of
from viz_app.frame.explain import (
    CellDetail,
    Explained,
    Focus,
    anchor_of,
    detail_of,
    explained_of,
    home_of,
    marks_of,
)
from viz_app.frame.layers import Beside, LayerView, layers_of
from viz_app.frame.outline import Block, Outline, block_of, folds_around, outline_of
from viz_app.frame.outline.cards import Cards, cards_of
from viz_app.frame.views import MapView, Mark, ViewOptions, Views
from viz_app.frame.words.captions import caption, title
from viz_app.frame.words.source import source_of
from viz_app.frame.words.writing import localised_tex, written

if TYPE_CHECKING:
    from viz_app.frame.quiz.covering import Question

__all__ = [
    "CellDetail",
    "Curve",
    "Explained",
    "Focus",
    "Frame",
    "LayerView",
    "MapView",
    "Mark",
    "ViewOptions",
    "resolve",
]


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything that one moment shows. It says what to draw, never how."""

    program: Program
    cursor: Cursor
    options: ViewOptions
    step: Step
    title: str
    caption: str
    reason: str
    """Why the step is there, where it comes from, and what to look for: a paragraph."""
    equation: str
    equation_text: str
    source: str
    live: str
    operands: tuple[MapView, ...]
    result: MapView
    detail: CellDetail | None
    layers: tuple[LayerView, ...]
    parameters: Mapping[str, Array]
    """The parameters that the network has at this moment, by key: after its update each is the new one."""
    losses: Series
    """The loss of every iteration that is known and done."""
    judged: Mapping[Judged, Series]
    """How good the network has been at the start of iterations, where it was judged."""
    warning: str | None
    broken: Step | None
    """The first step so far that made a NaN or an infinity."""
    anchor: Index | None
    """The output cell that is explained while another one is under the mouse: the one that is kept, or walked to."""
    explained: Explained | None
    """The output cell whose making the picture draws: the anchor, or the one that its kind of operation explains."""
    home: Explained
    """The output cell that an excerpt is around: kept, walked to, or the first; the mouse does not move it."""
    curve: Curve | None
    """The curve of an activation function or of a loss."""
    question: "Question | None" = None
    """What a quiz asks, while there is one."""
    guest: Guest | None = None
    """Who comes first in the batch in place of the run's own sample."""
    inference: bool = False
    """Whether it is of the forward pass alone, as of a network that has learnt."""
    block: Block | None = None
    """The folded block that is shown as one step; ``step`` is its last."""
    made: tuple[MapView, ...] = ()
    """What the block makes, what counts most first."""

    @cached_property
    def outline(self) -> Outline:
        """Where stepping halts."""
        return outline_of(self.program, self.options.folds, hide_copies=self.options.hide_copies)

    @property
    def dtype(self) -> str:
        """What the run computes in."""
        known = next((array for array in self.parameters.values()), self.result.array)
        return "float32" if known is None else str(known.dtype)

    @cached_property
    def cards(self) -> Cards:
        """The layers and parts of the network as they are folded, and who reads what of whom."""
        return cards_of(self.program, self.options.folds)

    @cached_property
    def leads_out(self) -> bool:
        """Whether there is a block around the step that going out would fold."""
        return folds_around(self.program, self.options.folds, self.cursor.step) is not None

    @property
    def phase(self) -> Phase:
        """The phase of the current step."""
        return self.step.phase

    @property
    def inside(self) -> bool:
        """Whether the cursor walks the cells inside the step."""
        return self.cursor.cell is not None

    @property
    def checkable(self) -> bool:
        """Whether the focused cell is the gradient of a parameter, which a difference of losses can check."""
        if self.detail is None or self.detail.number is None or self.program.loss is None:
            return False
        return self.detail.view.key in self.program.gradients.values()


_DRAWN = 24
"""So many of the values that a folded block reads, and of those that it makes, are drawn at most."""


@arithmetic()
def resolve(
    trace: Trace,
    cursor: Cursor,
    options: ViewOptions | None = None,
    focus: Focus | None = None,
    kept: Focus | None = None,
    before: Frame | None = None,
) -> Frame:
    """Return what is shown at a place of a run.

    Parameters
    ----------
    trace : Trace
        The run; its values up to the cursor are executed.
    cursor : Cursor
        The place.
    options : ViewOptions
        Notation and the like.
    focus : Focus or None
        The focused cell; while walking inside it is the current cell unless another is given.
    kept : Focus or None
        The cell that was clicked, while the mouse is on another one.
    before : Frame or None
        Any other frame: what has not changed is taken over from it, which saves time and changes nothing.
    """
    options = options or ViewOptions()
    with written(options.writing):
        return _resolve(trace, cursor, options, focus, kept, before)


def _resolve(
    trace: Trace, cursor: Cursor, options: ViewOptions, focus: Focus | None, kept: Focus | None, before: Frame | None
) -> Frame:
    trace.run_to(cursor)
    step = trace.program.steps[cursor.step]
    cell = trace.cell(cursor)
    walked = None if cell is None else Focus(step.output.key, cell)
    focus = focus or walked
    views = Views(trace, cursor, options)
    detail = detail_of(views, focus) if focus else None
    anchor = anchor_of(step, focus, kept, walked)
    explained = explained_of(views, step, detail, anchor)
    marks = marks_of(views, step, detail, anchor, explained)
    operands = tuple(views.view(value, marks.get(value.key, ())) for value in step.inputs)
    formula = localised_tex(equation(trace.program, step, options.notation))
    frame = Frame(
        program=trace.program,
        cursor=cursor,
        options=options,
        step=step,
        title=title(trace.program, step),
        caption=_caption(views, step),
        reason=reason(trace.program, step, options.notation),
        equation=formula,
        equation_text=plain(formula),
        source=source_of(trace.program, step, options.notation),
        live=detail.live if detail else "",
        operands=operands,
        result=views.view(step.output, marks.get(step.output.key, ())),
        detail=detail,
        layers=layers_of(views, _beside(before, trace.program, options)),
        parameters=_parameters(trace, cursor),
        losses=trace.losses(cursor),
        judged=trace.judged(cursor),
        warning=_warning(trace, cursor, options.notation),
        broken=trace.broken_step(cursor),
        anchor=anchor,
        explained=explained,
        home=home_of(views, step, detail, kept, walked),
        curve=curve_of(step.op, operands, explained.index if explained else None),
        guest=trace.guest if isinstance(trace, Visit | Inference) else None,
        inference=isinstance(trace, Inference),
    )
    span = None if frame.inside else frame.outline.span_at(cursor.step)
    return frame if span is None or span.last != cursor.step else _folded(frame, views, block_of(trace.program, span))


def _folded(frame: Frame, views: Views, block: Block) -> Frame:
    """Return the frame of a folded block, from that of its last step: it is told as one step."""
    program, notation = frame.program, frame.options.notation
    marks = {frame.detail.focus.key: frame.detail.marks} if frame.detail else {}
    formula = block.equation(program, notation)
    made, read = (
        tuple(views.view(value, marks.get(value.key, ())) for value in values[:_DRAWN])
        for values in (block.made, block.read)
    )
    return replace(
        frame,
        title=block.title,
        caption=block.caption(program, notation),
        reason=block.reason(program),
        equation=formula,
        equation_text=plain(formula),
        source=block.source(program, notation),
        operands=read,
        result=made[0],
        made=made,
        block=block,
    )


def _caption(views: Views, step: Step) -> str:
    """Return what a step does, and whether it asks for what the network has guessed."""
    said = caption(step, [views.name(value) for value in step.inputs])
    guessed = views.trace.guessed if isinstance(views.trace, Visit) else None
    asked = next((value for value in step.inputs if value.key == guessed), None)
    if asked is None:
        return said
    whose = "" if asked.shape[0] == 1 else " of the first row"
    return f"{said} The target{whose} is the network's own guess."


def _parameters(trace: Trace, cursor: Cursor) -> Mapping[str, Array]:
    program, known = trace.program, trace.known(cursor.iteration)
    found = {}
    for value in program.parameters:
        update = program.producers.get(program.state[value.key])
        done = update is not None and update.number <= cursor.step
        found[value.key] = known[update.output.key if update and done else value.key]
    return found


def _beside(before: Frame | None, program: Program, options: ViewOptions) -> Beside | None:
    """Return the layers and the step of a frame that has the same values, called and coloured the same."""
    if before is None or before.program is not program or _look(before.options) != _look(options):
        return None
    return before.layers, before.step


def _look(options: ViewOptions) -> tuple[object, ...]:
    return options.notation, options.grey_images, options.held, options.folds, options.writing


def _warning(trace: Trace, cursor: Cursor, notation: Notation) -> str | None:
    broken = trace.broken_step(cursor)
    if broken is None:
        return None
    array = trace.array(broken.output.key, cursor.iteration)
    count = broken_cells(broken, array)
    cells = "1 cell that is" if count == 1 else f"{count:,} cells that are"
    return (
        f"{broken.op.title} at step {broken.number} made {cells} not a finite number "
        f"in {plain(symbol(trace.program, broken.output, notation))}: look there before you go on."
    )
