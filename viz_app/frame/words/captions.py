"""Say in words what a step does, and what it is for."""

from collections.abc import Sequence

from core.ops.sums import SUMS, Reduction
from core.program import Program, Step
from core.values import Role, Scope


def title(program: Program, step: Step) -> str:
    """Return the headline of a step: ``Matrix product · time step 2, forget gate · layer 1: LSTM 3``."""
    name = "Update" if step.output.role is Role.UPDATED else called(step)
    layer = next((layer for layer in program.layers if layer.number == step.layer), None)
    if layer is None:
        return name
    inside = ", ".join(_parts(program, step, layer))
    return " · ".join(text for text in (name, inside, f"layer {layer.number}: {layer.name}") if text)


def _parts(program: Program, step: Step, layer: Scope) -> list[str]:
    """Return what the parts of a layer are called that a step belongs to, or in the backward pass comes from."""
    scope = step.output.scope
    if scope == layer and step.link is not None:
        scope = program.steps[step.link.step].output.scope
    around = (
        part
        for part in program.scopes
        if part.number == layer.number and part != layer and part.path == scope.path[: len(part.path)]
    )
    return [part.name for part in around] if scope.number == layer.number else []


def called(step: Step) -> str:
    """Return what a person calls the operation of a step; what it reduces is called as the axes of its operand are."""
    op, (value, *_) = step.op, step.inputs
    of_sequences = len(value.shape) == 3  # whose first axis is no row
    if not isinstance(op, Reduction) or not op.axes or not value.axes:
        return op.called
    if op.called in SUMS.values() and not of_sequences:
        return op.called
    *first, last = (f"{value.axis(axis).kind}s" for axis in op.axes)
    return f"{op.noun} over the {', '.join(first)} and {last}" if first else f"{op.noun} over the {last}"


def caption(step: Step, names: Sequence[str]) -> str:
    """Return one sentence: what the step is for where it stands, else what its operation does."""
    if not step.purpose.says:
        return step.op.sentence(*names)
    first, second = (*names, "", "")[:2]
    return step.purpose.says.format(a=first, b=second)
