"""Say in words what a step does, and what it is for."""

from collections.abc import Sequence

from core.program import Program, Step
from core.values import Role


def title(program: Program, step: Step) -> str:
    """Return the headline of a step: ``Matrix product · layer 1: dense 32, ReLU``."""
    name = "Update" if step.output.role is Role.UPDATED else step.op.called
    layer = next((layer for layer in program.layers if layer.number == step.layer), None)
    return f"{name} · layer {layer.number}: {layer.name}" if layer else name


def caption(step: Step, names: Sequence[str]) -> str:
    """Return one sentence: what the step is for where it stands, else what its operation does."""
    if not step.purpose.says:
        return step.op.sentence(*names)
    first, second = (*names, "", "")[:2]
    return step.purpose.says.format(a=first, b=second)
