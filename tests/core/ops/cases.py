"""The examples of every registered operation, with numbers drawn from the domains that they ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from core.ops.base import REGISTRY, Example, Op, show_shape
from core.values import Array, Shape

NAMES = ("alpha", "beta", "gamma", "kappa", "omega")


@dataclass(frozen=True, eq=False)
class Case:
    """One example of one operation."""

    label: str
    op: Op
    shapes: tuple[Shape, ...]
    domains: tuple[str, ...]

    def arrays(self, dtype: str = "float64", seed: int = 0) -> list[Array]:
        """Draw read-only inputs."""
        generator = np.random.default_rng(seed)
        arrays = [
            draw(domain, shape, generator).astype(dtype)
            for domain, shape in zip(self.domains, self.shapes, strict=True)
        ]
        for array in arrays:
            array.flags.writeable = False
        return arrays

    def redraw(self, i: int, seed: int = 99) -> Array:
        """Draw other numbers for input ``i``."""
        return draw(self.domains[i], self.shapes[i], np.random.default_rng(seed))

    @property
    def output_shape(self) -> Shape:
        return self.op.output_shape(*self.shapes)

    @property
    def names(self) -> tuple[str, ...]:
        return NAMES[: len(self.shapes)]


def draw(domain: str, shape: Shape, generator: np.random.Generator) -> Array:
    """Draw numbers of a domain; no cell is near a kink, or near the end of its domain."""
    match domain:
        case "real":
            return np.asarray(generator.choice([-1, 1], shape) * generator.uniform(0.1, 2, shape))
        case "positive":
            return np.asarray(generator.uniform(0.2, 2, shape))
        case "distribution":
            weights = generator.uniform(0.2, 1, shape)
            return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
        case "whole":
            return np.asarray(generator.integers(0, 3, shape).astype(float))
        case "one_hot":
            return np.asarray(np.eye(shape[-1])[generator.integers(0, shape[-1], shape[:-1])])
    raise ValueError(f"expected a known domain; got {domain!r}")


def case(example: Example) -> Case:
    domains = example.domains or ("real",) * len(example.shapes)
    return Case(label(example), example.op, example.shapes, domains)


def label(example: Example) -> str:
    """Write an example as the id of a test: ``MatMul(transpose_b=True)-3x4,2x4``."""
    fields = getattr(example.op, "__dict__", {})
    attributes = ",".join(f"{key}={value}" for key, value in fields.items() if value != getattr(type(example.op), key))
    shapes = ",".join(show_shape(shape).replace(" × ", "x") for shape in example.shapes)
    return f"{type(example.op).__name__}({attributes.replace(' ', '')})-{shapes}"


def registered() -> Iterator[type[Op]]:
    yield from (REGISTRY[name] for name in sorted(REGISTRY))


EXAMPLES = [example for op in registered() for example in op.examples()]
CASES = [case(example) for example in EXAMPLES]
every_example = pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
every_op = pytest.mark.parametrize("op", [pytest.param(op, id=op.__name__) for op in registered()])
