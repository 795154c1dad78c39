"""Read the numbers of an optimizer as a person writes them: ``momentum=0.8`` or ``beta_1=0.95,epsilon=1e-6``."""

from collections.abc import Mapping
from dataclasses import fields

from core.optimizers.base import Optimizer
from core.wording import suggestion


def parameters_of(rule: type[Optimizer]) -> Mapping[str, float]:
    """Return the numbers of a rule besides its learning rate, by name, as they are by default."""
    numbers = {field.name: field.default for field in fields(rule)}  # type: ignore[arg-type]
    return {name: float(number) for name, number in numbers.items() if name != "learning_rate"}  # type: ignore[arg-type]


def parse_parameters(rule: type[Optimizer], text: str) -> Mapping[str, float]:
    """Return the numbers that a person wrote for a rule; what was not written is not among them.

    Raises
    ------
    ValueError
        If the rule has no such number, or it is none; the message says what would be.
    """
    known, found = parameters_of(rule), {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = (side.strip() for side in part.partition("="))
        if name not in known:
            wanted = f"parameters of {rule.title} among {', '.join(known)}" if known else f"none, for {rule.title}"
            raise ValueError(f"expected {wanted}; got {part!r}{suggestion(name, known)}")
        if name in found:
            raise ValueError(f"expected each parameter once; got {name} twice")
        try:
            found[name] = float(number)
        except ValueError:
            example = f"{name}={known[name]:g}"
            raise ValueError(f"expected a number after {name}, such as {example}; got {part!r}") from None
    return found


def make_optimizer(rule: type[Optimizer], learning_rate: float, text: str = "") -> Optimizer:
    """Return a rule with its learning rate and the numbers that a person wrote.

    Raises
    ------
    ValueError
        If a number is none that the rule can have.
    """
    return rule(learning_rate=learning_rate, **parse_parameters(rule, text))  # type: ignore[call-arg]
