"""Say in a paragraph why a step is there, where it comes from, and what to look for."""

from core.notation import Notation, plain, right_side, symbol
from core.program import Program, Step
from core.values import Role, Value

MOST_WORDS = 80
_SHORT = 9
"""The most words of a formula that is written into a sentence."""


def reason(program: Program, step: Step, notation: Notation = Notation.NET_OUT) -> str:
    """Return why a step is there, where it comes from, and what to look for, in at most ``MOST_WORDS`` words.

    In the backward pass it comes from the chain rule, which is written out for the step; before that, the chain rule is
    the one by which gradients will come back through it.
    """
    whole = _paragraph(step, _Written(program, notation))
    return whole if len(whole.split()) <= MOST_WORDS else _paragraph(step, _Written(program, notation, short=True))


def _paragraph(step: Step, written: "_Written") -> str:
    purpose, op = step.purpose, step.op
    names = dict(zip("ab", map(written.name, step.inputs), strict=False), c=written.name(step.output))
    parts = (purpose.why or op.why).format(**names), written.chain(step), (purpose.look or op.look).format(**names)
    return " ".join(part for part in parts if part)


class _Written:
    """The values of a program as they are written in one notation; ``short`` where their names are long."""

    def __init__(self, program: Program, notation: Notation, *, short: bool = False) -> None:
        self._program, self._notation, self._is_short = program, notation, short

    def name(self, value: Value) -> str:
        return plain(symbol(self._program, value, self._notation))

    def chain(self, step: Step) -> str:
        """Return the chain rule for a step; nothing where no gradient is made by it, or comes back through it."""
        if step.link is None:
            return "" if self._is_short else self._coming_back(step)
        of, forward = step.link.of, self._program.steps[step.link.step]
        path, made = self._path(forward, of), self.name(step.output)
        whole, product = _slope("L", self.name(of)), " · ".join(_slope(*pair) for pair in path)
        if step.output.role is Role.DERIVATIVE:
            return f"It is the factor {_slope(*path[-1])} of the chain rule {whole} = {product}."
        if step.output.role not in (Role.GRADIENT, Role.DELTA):
            return f"It is a part of the chain rule {whole} = {product}."
        if step.output.part:
            rule = f"{whole} adds up {product} over all paths; {made} is what this one adds"
        else:
            rule = f"{whole} = {product}" if made == whole else f"{made} = {whole} = {product}"
        return f"By the chain rule {rule}{self._right(step)}{self._known(step, forward)}."

    def _coming_back(self, step: Step) -> str:
        rules, parts = dict[str, str](), dict[str, str]()
        alone = self._program.derivatives.get(step.number, ())
        for backward in alone or self._of_both(step):
            assert backward.link is not None
            of = backward.link.of
            path = self._path(self._program.steps[backward.link.step], of)
            whole, product = _slope("L", self.name(of)), " · ".join(_slope(*pair) for pair in path)
            rules[whole] = f"{whole} = {product}"
            if backward.output.part and backward.output.subject == of.key:
                parts[whole] = f"{self.name(backward.output)} = {product} is a part of {whole}"
        both = ", and " if parts else " and "
        written = both.join(parts.get(whole, rule) for whole, rule in rules.items())
        through = "it" if alone else "it and the next step at once"
        return f"The gradient will come back through {through} by the chain rule: {written}." if written else ""

    def _of_both(self, step: Step) -> list[Step]:
        """Return what differentiates a step together with the one that reads it."""
        readers = self._program.consumers.get(step.output.key, ())
        found = (after for reader in readers for after in self._program.derivatives.get(reader.number, ()))
        return [after for after in found if after.link is not None and after.link.of in step.inputs]

    def _path(self, forward: Step, of: Value) -> list[tuple[str, str]]:
        """Return the slopes from the loss to a value: what changes, and with what."""
        after = self.name(forward.output)
        path = [("L", after)] if forward.output.key != self._program.loss else []
        if of not in forward.inputs:
            makers = (self._program.producers.get(value.key) for value in forward.inputs)
            between = next(self.name(maker.output) for maker in makers if maker and of in maker.inputs)
            path, after = [*path, (after, between)], between
        return [*path, (after, self.name(of))]

    def _known(self, step: Step, forward: Step) -> str:
        """Say under which name the gradient that arrives is known, where that is another than it is written."""
        assert step.link is not None
        delta = step.link.delta
        if delta is None or delta not in step.inputs or self._is_short:
            return ""
        name, written = self.name(delta), f"∂L/∂{self.name(forward.output)}"
        return "" if name == written else f", with {name} for {written}"

    def _right(self, step: Step) -> str:
        """Return the right-hand side of a step's equation, where it is short."""
        text = plain(right_side(self._program, step, self._notation))
        return f", here {text}" if len(text.split()) <= _SHORT and not self._is_short else ""


def _slope(above: str, below: str) -> str:
    return f"∂{above}/∂{below}"
