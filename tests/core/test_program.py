"""A builder checks what it is given, and writes every value once."""

import pytest

from core.builder import Builder
from core.initialisers import ZEROS
from core.layers import Dense
from core.network import Network
from core.ops.base import ShapeError
from core.ops.elementwise import Add, Hadamard, Scale
from core.ops.linear import MatMul
from core.values import DuplicateNameError, Phase, Range, Role


def test_apply_appends_a_step_and_returns_its_output() -> None:
    builder = Builder()
    a = builder.input("a", (2, 3), Role.INPUT)
    with builder.layer("product"):
        b = builder.parameter("b", (3, 4), Role.WEIGHT, ZEROS)
        c = builder.apply(MatMul(), a, b, key="c", role=Role.NET)
    program = builder.build(output="c_1")
    assert (c.shape, c.role, c.layer) == ((2, 4), Role.NET, 1)
    assert [(s.number, s.op, s.inputs, s.output, s.phase) for s in program.steps] == [
        (0, MatMul(), (a, b), c, Phase.FORWARD)
    ]
    assert program.steps[0].layer == 1
    assert program.values == {"a": a, "b_1": b, "c_1": c}
    assert program.producers == {"c_1": program.steps[0]}
    assert program.consumers == {"a": program.steps, "b_1": program.steps, "c_1": ()}
    assert program.parameters == (b,)
    assert (program.output, program.loss, program.updates) == ("c_1", None, {})
    assert program.state == {"b_1": "b_1"}


def test_a_step_that_reads_a_value_twice_is_one_consumer() -> None:
    builder = Builder()
    a = builder.input("a", (2,), Role.INPUT)
    builder.apply(Hadamard(), a, a, key="squared")
    program = builder.build()
    assert program.consumers["a"] == program.steps


def test_the_range_follows_from_the_operation() -> None:
    builder = Builder()
    a = builder.input("a", (2, 3), Role.INPUT, range=Range.NON_NEGATIVE)
    b = builder.input("b", (2, 3), Role.INPUT)
    assert builder.apply(Add(), a, a, key="c").range is Range.NON_NEGATIVE
    assert builder.apply(Add(), a, b, key="d").range is Range.SIGNED
    assert builder.apply(Add(), a, b, key="e", range=Range.PROBABILITY).range is Range.PROBABILITY


def test_what_is_built_later_does_not_change_a_program() -> None:
    builder = Builder()
    a = builder.input("a", (2,), Role.INPUT)
    builder.apply(Add(), a, a, key="b")
    program = builder.build()
    builder.apply(Add(), a, a, key="c")
    assert list(program.values) == ["a", "b"]


def test_shapes_that_do_not_fit_are_refused() -> None:
    builder = Builder()
    a, b = builder.input("a", (2, 3), Role.INPUT), builder.input("b", (4, 5), Role.INPUT)
    with pytest.raises(ShapeError, match=r"^Matrix product: expected .*3 rows.*; got 2 × 3, 4 × 5$"):
        builder.apply(MatMul(), a, b, key="c")
    assert builder.build().steps == ()
    assert "c" not in builder.values


@pytest.mark.parametrize("shape", [(0,), (3, -1)], ids=["no cells", "a negative size"])
def test_an_empty_input_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="x: expected sizes of at least 1; got"):
        Builder().input("x", shape, Role.INPUT)


def test_a_value_is_written_once() -> None:
    builder = Builder()
    a = builder.input("a", (2,), Role.INPUT)
    with pytest.raises(DuplicateNameError, match="a: expected a new name"):
        builder.input("a", (2,), Role.INPUT)
    with pytest.raises(DuplicateNameError, match="a: expected a new name"):
        builder.apply(Add(), a, a, key="a")
    assert builder.steps == []


def test_a_constant_is_one_value() -> None:
    builder = Builder()
    a = builder.input("a", (2,), Role.INPUT)
    half = builder.constant("half", 0.5, r"\frac{1}{2}")
    assert builder.constant("half", 0.5, r"\frac{1}{2}") is half
    assert builder.constant("minus", -1.0, "-1").range is Range.SIGNED
    assert half.range is Range.NON_NEGATIVE
    builder.apply(Scale(), half, a, key="b")
    assert builder.build().constants[half] == 0.5
    with pytest.raises(ValueError, match=r"half: expected 0\.5, as before; got 0\.25"):
        builder.constant("half", 0.25, r"\frac{1}{4}")
    with pytest.raises(ValueError, match="a: expected an array"):
        builder.constant("a", 1.0, "1")


def test_free_key_counts_up() -> None:
    builder = Builder()
    for key in ("a", "a_2", "b"):
        builder.input(key, (1,), Role.INPUT)
    assert [builder.free_key(key) for key in ("a", "b", "c")] == ["a_3", "b_2", "c"]


def test_a_shape_error_names_the_layer() -> None:
    builder = Builder()
    with builder.layer("first") as number:
        a = builder.input("a", (2, 3), Role.INPUT)
    assert number == 1
    with (
        pytest.raises(ShapeError, match=r"^Layer 2 \(second\): Sum: expected .*; got 2 × 3, 3 × 2$"),
        builder.layer("second"),
    ):
        builder.apply(Add(), a, builder.input("b", (3, 2), Role.INPUT), key="c")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            (2, 3, 4),
            r"Layer 1 \(dense 4, ReLU\): expected rows of numbers .* got shape \(1, 2, 3, 4\); put a Flatten before it",
        ),
        ((0,), r"x: expected sizes of at least 1; got \(1, 0\)"),
    ],
    ids=["images into a dense layer", "no inputs"],
)
def test_a_network_that_does_not_fit_is_refused(shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Network(shape, (Dense(4),))
