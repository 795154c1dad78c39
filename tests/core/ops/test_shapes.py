"""Every operation says which shape it makes, and refuses what does not fit."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from core.ops.base import REGISTRY, Op, ShapeError, show_shape
from core.values import Shape
from tests.core.ops.cases import Case, draw, every_example, every_op


def test_the_registry_holds_the_operations_by_name() -> None:
    assert {"MatMul", "AddBias", "Hadamard", "ReLU", "Softmax", "CrossEntropy", "Mean"} <= set(REGISTRY)
    assert all(name == op.__name__ for name, op in REGISTRY.items())


@every_op
def test_has_examples(op: type[Op]) -> None:
    examples = list(op.examples())
    assert examples
    for example in examples:
        assert isinstance(example.op, op)
        assert len(example.shapes) == op.arity
        assert len(example.domains) in (0, op.arity)


@every_op
def test_is_a_frozen_value(op: type[Op]) -> None:
    first, second = (next(iter(op.examples())).op for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    with pytest.raises(AttributeError):
        first.title = "Other"  # type: ignore[misc]


@every_example
def test_output_shape_is_what_is_computed(case: Case) -> None:
    result = case.op.compute(*case.arrays())
    assert isinstance(result, np.ndarray)
    assert result.shape == case.output_shape


@every_example
@pytest.mark.parametrize("change", [-1, 1], ids=["one input too few", "one input too many"])
def test_a_wrong_number_of_inputs_is_refused(case: Case, change: int) -> None:
    shapes = case.shapes[:-1] if change < 0 else (*case.shapes, (2, 3))
    with pytest.raises(ShapeError) as refusal:
        case.op.output_shape(*shapes)
    assert_tells_all(str(refusal.value), case.op, shapes)


@every_example
def test_shapes_nearby_are_refused_or_computed(case: Case) -> None:
    refused = 0
    for shapes in shapes_nearby(case.shapes):
        try:
            expected = case.op.output_shape(*shapes)
        except ShapeError as refusal:
            assert_tells_all(str(refusal), case.op, shapes)
            refused += 1
        else:
            generator = np.random.default_rng(0)
            arrays = [draw(domain, shape, generator) for domain, shape in zip(case.domains, shapes, strict=True)]
            assert case.op.compute(*arrays).shape == expected
    assert refused or case.op.arity == 1


def shapes_nearby(shapes: tuple[Shape, ...]) -> Iterator[tuple[Shape, ...]]:
    """Yield the shapes with one input changed: an axis dropped, put in front, or one longer."""
    for i, shape in enumerate(shapes):
        changed: list[Shape] = [(3, *shape)]
        if shape:
            changed.append(shape[1:])
        changed += [(*shape[:axis], size + 1, *shape[axis + 1 :]) for axis, size in enumerate(shape)]
        for other in changed:
            yield (*shapes[:i], other, *shapes[i + 1 :])


def assert_tells_all(message: str, op: Op, shapes: tuple[Shape, ...]) -> None:
    """Check that a refusal names the operation, what was expected and what came."""
    assert message.startswith(op.title)
    assert re.search(r"expected .+; got .+", message)
    for shape in shapes:
        assert show_shape(shape) in message.split("; got ")[1]
