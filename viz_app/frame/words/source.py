"""Write steps as NumPy."""

from core.notation import Notation, code_name
from core.ops.longhand import text_of
from core.program import Program, Step

__all__ = ["line_of", "source_of", "text_of"]


def source_of(program: Program, step: Step, notation: Notation) -> str:
    """Return a step as NumPy that can be pasted and run: the functions that it calls, and its line."""
    return "\n\n\n".join([*map(text_of, step.op.calls), line_of(program, step, notation)])


def line_of(program: Program, step: Step, notation: Notation) -> str:
    """Return the line of a step, without the functions that it calls."""
    output, *inputs = (code_name(program, value, notation) for value in (step.output, *step.inputs))
    return f"{output} = {step.op.source(*inputs)}"
