"""Tell what a folded block of steps reads and makes, and what of that counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from core.notation import Notation, plain, symbol
from core.program import Program, Step
from core.spans import Span
from core.values import Phase, Role, Value
from core.wording import counted
from viz_app.frame.outline.stops import is_copy
from viz_app.frame.per_program import PerProgram
from viz_app.frame.words.captions import called
from viz_app.frame.words.source import line_of, text_of

_PARAMETERS = (Role.WEIGHT, Role.BIAS)
_KEPT_FROM_BEFORE = (Role.STATE, Role.RUNNING)
_GRADIENTS = (Role.GRADIENT, Role.DELTA)
_NO_DATA = (Role.CONSTANT, Role.HYPERPARAMETER)
_WRITTEN = 2
"""So many values are written out on one side of an equation."""
_LISTED = 12
_WRITTEN_OUT = 60
"""So many steps are written out as NumPy."""


@dataclass(frozen=True, eq=False)
class Block:
    """A folded span: what goes in and what comes out, as the picture of one step shows it.

    Parameters
    ----------
    span : Span
        Its steps.
    inputs : tuple of Value
        What it is given: data in the forward pass, the gradient of its output in the backward pass, gradients in the
        update.
    kept : tuple of Value
        What the backward pass reads that the forward pass has made.
    parameters : tuple of Value
        The weights and biases that it reads; in the update also what a layer remembers.
    outputs : tuple of Value
        What others read of it: its output, the gradient that it hands back.
    gradients : tuple of Value
        The gradients of parameters that it makes; in the update the new parameters.
    parts : tuple of str
        What is inside, in order: the titles of parts, and of the steps beside them.
    """

    span: Span
    inputs: tuple[Value, ...]
    kept: tuple[Value, ...]
    parameters: tuple[Value, ...]
    outputs: tuple[Value, ...]
    gradients: tuple[Value, ...]
    parts: tuple[str, ...]

    @cached_property
    def made(self) -> tuple[Value, ...]:
        """What it makes, what counts most first."""
        return (*self.outputs, *self.gradients)

    @cached_property
    def read(self) -> tuple[Value, ...]:
        """What it reads, what counts most first."""
        return (*self.inputs, *self.parameters)

    @property
    def title(self) -> str:
        """The headline: ``Block of 47 steps · layer 3: transformer block, 2 heads``."""
        layer = self.span.outer[-1:] if self.span.unit.scope.path and self.span.outer else ()
        inside = "".join(f" in {unit.place}" for unit in layer if unit.count == 1)
        return f"{self.span.unit.title}{inside}"

    def caption(self, program: Program, notation: Notation) -> str:
        """Return in one sentence what goes in and what comes out."""
        steps = counted(len(self.span.steps), "step")
        made, given = (_listed(program, values, notation) for values in (self.outputs, self.inputs))
        if self.span.phase is Phase.UPDATE:
            return f"{steps} as one: {self._what_goes_on(program)}."
        if self.span.phase is Phase.BACKWARD:
            count = len(self.gradients)
            gradients = f"the {'gradient' if count == 1 else 'gradients'} of {counted(count, 'parameter')}"
            both = " and ".join(part for part in (made, gradients if count else "") if part)
            return f"{steps} as one: from {given} back to {both}."
        own = f" with {counted(len(self.parameters), 'parameter')}" if self.parameters else ""
        return f"{steps} as one: from {given} to {made}{own}."

    def _what_goes_on(self, program: Program) -> str:
        """Return in words what an update does: to parameters, to what a layer remembers, or to both."""
        averages = "its running averages go a part of the way to those of this batch"
        return ", and ".join(self._of_updated(program, averages, "every parameter of it goes against its gradient"))

    def reason(self, program: Program) -> str:
        """Return a paragraph that says what is inside and how to go there."""
        steps = counted(len(self.span.steps), "step")
        inside = "; ".join(self.parts[:_LISTED]) + ("; and more" if len(self.parts) > _LISTED else "")
        phase = {
            Phase.BACKWARD: " They are those of the forward pass from the last to the first, each by its derivative.",
            Phase.UPDATE: f" They are those of its {self._subjects(program)}, one after the other.",
        }.get(self.span.phase, "")
        return (
            f"{self.span.unit.title} stands here as one step, so that what it is given and what it makes of it can be "
            f"seen at once. Inside are {steps}: {inside}.{phase} Step into it to see them, and out of it to come back."
        )

    def _subjects(self, program: Program) -> str:
        """Return what an update is of."""
        return " and ".join(self._of_updated(program, "running averages", "parameters"))

    def _of_updated(self, program: Program, averages: str, parameters: str) -> list[str]:
        """Return of two texts those that hold of an update: of running averages, of parameters."""
        remembers = [_remembers(program, value) for value in self.gradients]
        return [averages] * any(remembers) + [parameters] * (not all(remembers))

    def equation(self, program: Program, notation: Notation) -> str:
        """Return TeX that says what is made of what."""
        most = 1 if self.span.phase is Phase.UPDATE else _WRITTEN

        def written(values: Iterable[Value]) -> str:
            names = [symbol(program, value, notation) for value in values]
            return ", ".join(names[:most]) + (r", \ldots" if len(names) > most else "")

        name = rf"\mathrm{{{_word(self.span.unit.short)}}}"
        if self.span.phase is Phase.BACKWARD:
            name = rf"{name}\;\mathrm{{backward}}"
        made = self.gradients if self.span.phase is Phase.UPDATE else (self.outputs or self.gradients)
        if self.span.phase is Phase.UPDATE:
            name = r"\mathrm{update}"
        inputs = written(self.inputs)
        around = rf"{inputs};\; {written(self.parameters)}" if self.parameters and inputs else written(self.read)
        if self.span.phase is Phase.BACKWARD:
            return rf"{written(made)} = {name}\left({inputs}\right)"
        return rf"{written(made)} = {name}\left({around}\right)"

    def source(self, program: Program, notation: Notation) -> str:
        """Return its first steps as NumPy that can be pasted and run: the functions that they call, and a line each."""
        steps = [program.steps[number] for number in self.span.steps[:_WRITTEN_OUT]]
        helpers = dict.fromkeys(text_of(helper) for step in steps for helper in step.op.calls)
        lines = [line_of(program, step, notation) for step in steps]
        if more := len(self.span.steps) - len(steps):
            lines.append(f"# {counted(more, 'more step')}: step into the block to see them.")
        return "\n\n\n".join([*helpers, "\n".join(lines)])


_KEPT = 64
_kept: PerProgram[Block] = PerProgram(_KEPT)


def block_of(program: Program, span: Span) -> Block:
    """Return what a span reads and makes; kept, because each frame of it asks."""
    return _kept.get(program, (span.fold, span.first), lambda: _block(program, span))


def _block(program: Program, span: Span) -> Block:
    steps = [program.steps[number] for number in span.steps]
    made = {step.output.key: step.output for step in steps}
    read = {value.key: value for step in steps for value in step.inputs if value.key not in made}
    given = [value for value in read.values() if value.role not in _NO_DATA]
    own = (*_PARAMETERS, Role.RUNNING) if span.phase is Phase.UPDATE else _PARAMETERS
    parameters = [value for value in given if value.role in own]
    others = [value for value in given if value.role not in (*own, *_KEPT_FROM_BEFORE)]
    inputs, kept = others, list[Value]()
    if span.phase is Phase.BACKWARD:
        inputs = [value for value in others if _is_of(program, value, Phase.BACKWARD, Phase.LOSS)]
        kept = [value for value in others if value not in inputs]
    gradients, outputs = _made(program, span, steps)
    if span.phase is Phase.UPDATE:
        inputs = [value for value in inputs if value.role in _GRADIENTS] or inputs
    else:
        outputs = outputs or ([] if gradients else [steps[-1].output])
    return Block(
        span,
        tuple(inputs),
        tuple(kept),
        tuple(parameters),
        tuple(outputs),
        tuple(gradients),
        tuple(_parts(program, span)),
    )


def _made(program: Program, span: Span, steps: list[Step]) -> tuple[list[Value], list[Value]]:
    """Return what a span makes for parameters, and what it makes for the span after it in its own phase."""
    if span.phase is Phase.UPDATE:
        updated = [step.output for step in steps if step.output.role is Role.UPDATED]
        return updated or [steps[-1].output], []
    wanted = set(program.gradients.values())
    gradients = [step.output for step in steps if step.output.key in wanted]
    outputs = [
        step.output
        for step in steps
        if step.output.key not in wanted
        and (step.output.key == program.output or any(_follows(reader, span) for reader in _readers(program, step)))
    ]
    return gradients, outputs[::-1]  # what is made last is what counts most


def _remembers(program: Program, updated: Value) -> bool:
    """Tell whether what an update makes is what a layer remembers, and no parameter."""
    return updated.subject is not None and program.values[updated.subject].role is Role.RUNNING


def _readers(program: Program, step: Step) -> tuple[Step, ...]:
    return program.consumers.get(step.output.key, ())


def _follows(reader: Step, span: Span) -> bool:
    """Tell whether a step carries on after a span, and does not look back at it."""
    if reader.number <= span.last:
        return False
    onward = {Phase.FORWARD: (Phase.FORWARD, Phase.LOSS), Phase.LOSS: (Phase.LOSS, Phase.BACKWARD)}
    return reader.phase in onward.get(span.phase, (span.phase,))


def _is_of(program: Program, value: Value, *phases: Phase) -> bool:
    producer = program.producers.get(value.key)
    return producer is not None and producer.phase in phases


def _parts(program: Program, span: Span) -> Iterator[str]:
    """Yield what is inside: parts by their titles, alike ones once, and the steps beside them, without copies."""
    depth = span.depth + 1
    inner = [one for one in program.spans if one.depth == depth and span.first <= one.first and one.last <= span.last]
    at, names = span.first, list[str]()
    for one in (*inner, None):
        end = one.first if one else span.last + 1
        names += [called(program.steps[number]) for number in range(at, end) if not is_copy(program.steps[number])]
        if one:
            names.append(one.unit.title)
            at = one.last + 1
    for name, group in groupby(names):
        count = len(list(group))
        yield name if count == 1 else f"{name} × {count}"


def _listed(program: Program, values: tuple[Value, ...], notation: Notation) -> str:
    names = [plain(symbol(program, value, notation)) for value in values]
    more = len(names) - _WRITTEN
    return ", ".join(names[:_WRITTEN]) + (f" and {more} more" if more > 0 else "")


def _word(text: str) -> str:
    """Return words as they can stand in an upright name of TeX."""
    return text.replace("_", r"\;").replace(" ", r"\;").replace("×", r"\times ")
