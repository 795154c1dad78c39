"""What the live line says is computed from what it shows: its arithmetic gives its result within the digits shown."""

import math
import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from core.backward import differentiate
from core.builder import Builder
from core.iteration import LOSSES, compile_iteration
from core.layers import Conv2d, Dense, Feature, Flatten, MaxPool2d
from core.network import Network
from core.ops.linear import MatMul
from core.ops.periodic import Cosine, Sine
from core.ops.reduce import Mean
from core.ops.shape import Moved
from core.optimizers import OPTIMIZERS, SGD, Clipping, Penalties
from core.options import Options
from core.presets import PRESETS, open_preset
from core.presets.playground import PlaygroundSettings
from core.program import Step
from core.run.trace import Cursor, Trace
from core.values import Index, Role
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, resolve

NUMBER = re.compile(r"(?<![\w.])(?<!\*\*)\d+(?:\.\d+)?(?:e[-]?\d+)?")
COUNTED = re.compile(r"(?:^| \+ |\()([\d,]+) (zeros|smaller|no larger|more)(?:\) / \d+)?$")
_CELLS = 3
LONG = ("residual-digits", "vision-transformer")
"""Hundreds of steps of operations that others have, too: once is enough."""


def arithmetic(text: str) -> str:
    """Return a formula of the live line as Python."""
    for sign, python in (("−", "-"), ("×", "*"), ("·", "*"), ("½", "0.5*"), ("√(", "sqrt(")):
        text = text.replace(sign, python)
    text = re.sub(r"√(\d+)", r"sqrt(\1)", text)
    text = re.sub(r"ln (max\([^()]*\)|\([^()]*\)|[\d.e-]+)", r"log(\1)", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    text = re.sub(r"\[(.+?) > 0\]", r"float(\1 > 0)", text)
    text = re.sub(r"[⁰¹²³]", lambda found: f"**{'⁰¹²³'.index(found[0])}", text)
    return text.replace("∞", "INF").replace("e^(", "E**(").replace("^", "**").replace("2/π", "2/PI")


def evaluate(python: str, numbers: list[float] | None = None) -> float:
    """Evaluate, with other numbers in the places of those that are written where they are given."""
    if numbers is not None:
        given = iter(numbers)
        python = NUMBER.sub(lambda _: repr(next(given)), python)
    scope = {name: getattr(np, name) for name in ("sqrt", "exp", "log", "tanh", "sign", "sin", "cos")} | {
        "max": max,
        "min": min,
        "abs": abs,
        "float": float,
        "E": math.e,
        "PI": math.pi,
        "INF": math.inf,
    }
    with np.errstate(all="ignore"):
        return float(eval(python, {"__builtins__": {}}, scope))


def half_a_digit(text: str) -> float:
    """Return how far a written number may be from what it stands for: 4 digits, 3 with an exponent."""
    value = abs(float(text))
    digits = 3 if "e" in text else 4
    return 0.5 * 10.0 ** (math.floor(math.log10(value)) + 1 - digits) if value else 0.0


def check(text: str, result: str) -> None:
    """Fail unless a formula gives its result within the digits that both are written in."""
    python = arithmetic(text)
    written = NUMBER.findall(python)
    numbers = [float(found) for found in written]
    value, shown = evaluate(python), evaluate(arithmetic(result))
    room = half_a_digit(arithmetic(result).lstrip("-")) if math.isfinite(shown) else 0.0
    for place, found in enumerate(written):
        for way in (-1, 1):
            moved = [n + way * half_a_digit(found) * (place == i) for i, n in enumerate(numbers)]
            room += abs(evaluate(python, moved) - value) / 2
    assert abs(value - shown) <= 1.3 * room + 1e-5 * abs(shown), f"{text} is {value}, and not {result}"


def cells(step: Step) -> Iterator[Index]:
    """Yield the first, a middle and the last cell of a step."""
    size = math.prod(step.output.shape)
    for number in sorted({0, size // 2, (size * 2) // 3, size - 1})[: _CELLS + 1]:
        yield tuple(int(i) for i in np.unravel_index(number, step.output.shape)) if step.output.shape else ()


def check_frame(frame: Frame) -> None:
    detail = frame.detail
    assert detail is not None
    assert detail.terms is not None
    _, *middle, result = detail.live.split(" = ")
    assert not set(detail.live) & set("⊙⊘")
    for text in middle:
        assert result not in (text, text.strip("()")), f"says it twice: {detail.live}"
        if counted := COUNTED.search(text):
            check_what_is_left_out(frame, text, counted)
            continue
        if detail.origin is not None and is_said_in_words(text, detail.origin):
            continue
        check(text, result)


def is_said_in_words(text: str, origin: Step) -> bool:
    """Tell whether it is a cell that another is copied from, or a sentence, and not arithmetic."""
    named = isinstance(origin.op, Moved) or re.search(r"\[\d+, \d+", text)
    return bool(named) or text.startswith(("hidden by", "in no window", "an equal", "max of", "not in the batch"))


def check_what_is_left_out(frame: Frame, text: str, counted: re.Match[str]) -> None:
    detail = frame.detail
    assert detail is not None
    assert detail.terms is not None
    sizes = np.sort(np.abs(detail.terms.contributions))[::-1]
    left, word = int(counted[1]), counted[2]
    written = len(sizes) - left
    assert 0 < left < len(sizes) or word == "zeros"
    least, most = (sizes[written - 1] if written else np.inf), sizes[written]
    expected = "zeros" if most == 0 else "smaller" if most < least else "no larger"
    assert word == expected, text
    shown = [part for part in COUNTED.sub("", text).strip("() ").split(" + ") if part]
    assert len(shown) == written or word == "zeros"


@cache
def traces() -> dict[str, Trace]:
    found = {}
    for name in PRESETS:
        if name.startswith("mlp"):
            continue
        found[name] = open_preset(name).trace()
        if open_preset(name).network is not None and name not in LONG:
            found[f"{name}, 3 samples"] = open_preset(name, batch_size=min(3, most(name))).trace()
            found[f"{name}, Jacobian"] = open_preset(name, through_jacobian=True).trace()
    for name in OPTIMIZERS:
        found[name] = open_preset("digits", optimizer=name).trace()
    for activation in ("leaky_relu", "sigmoid", "tanh", "gelu"):
        found[activation] = small(activation)
    found["zeros"] = small("relu", zero=True)
    found["treated"] = small("gelu", penalties=Penalties(0.01, 0.1), clipping=Clipping(0.02, 0.05))
    found["ties"] = ties()
    found["features"] = PlaygroundSettings(features=tuple(Feature), data="hills").open(Options(batch_size=4)).trace()
    found["waves"] = waves()
    for loss in LOSSES:
        found[loss] = open_preset("digits", batch_size=3, loss=loss).trace()
        found[f"{loss}, sigmoid"] = open_preset("sigmoid-3-4-2", batch_size=3, loss=loss).trace()
        found[f"{loss}, any targets"] = small("gelu", loss=loss)
    found["lines"] = open_preset("sigmoid-3-4-2", loss="huber_error:0.1").trace()
    return found


def most(name: str) -> int:
    dataset = open_preset(name).dataset
    return len(dataset) if dataset else 1


def small(activation: str, zero: bool = False, loss: str = "cross_entropy", **treatment: object) -> Trace:
    network = Network((9,), (Dense(8, activation), Dense(3, activation), Dense(3, "softmax")))
    program = compile_iteration(network, loss, SGD(0.1), 4, **treatment)  # type: ignore[arg-type]
    generator = np.random.default_rng(1)
    x = np.zeros((4, 9)) if zero else generator.normal(size=(4, 9))
    y = generator.dirichlet(np.ones(3), 4)
    return Trace(program, network.initial(2), lambda _: {"x": x.astype("float32"), "y": y.astype("float32")})


def ties() -> Trace:
    """Return an image of equal numbers: every window ties."""
    network = Network((1, 8, 8), (Conv2d(2, 3, padding="same"), MaxPool2d(3, 2), Flatten(), Dense(2, "softmax")))
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 1)
    data = {"x": np.ones((1, 1, 8, 8), np.float32), "y": np.array([[1, 0]], np.float32)}
    return Trace(program, network.initial(2), lambda _: data)


def waves() -> Trace:
    """Return the sine of a product, and its derivative."""
    builder = Builder()
    x, w = builder.input("x", (4, 3), Role.INPUT), builder.input("w", (3, 2), Role.WEIGHT)
    wave = builder.apply(Cosine(), builder.apply(Sine(), builder.apply(MatMul(), x, w, key="net"), key="sine"), key="c")
    loss = builder.apply(Mean(), wave, key="loss", role=Role.LOSS)
    differentiate(builder, loss, [w])
    data = np.random.default_rng(1).normal(size=(4, 3))
    return Trace(builder.build(loss="loss"), {"w": np.ones((3, 2))}, lambda _: {"x": data})


@pytest.mark.parametrize("name", traces())
@pytest.mark.parametrize("iteration", [0, 2])
def test_the_arithmetic_of_the_live_line_gives_its_result(name: str, iteration: int) -> None:
    trace = traces()[name]
    for step in telling(trace.program):
        for index in cells(step):
            check_frame(resolve(trace, Cursor(iteration, step.number), focus=Focus(step.output.key, index)))


def test_of_equal_cells_the_first_wins_and_the_others_say_so() -> None:
    trace = ties()
    step = trace.program.producers["grad_out_1"]
    said = {}
    for row in range(8):
        for column in range(8):
            focus = Focus("grad_out_1", (0, 0, row, column))
            live = resolve(trace, Cursor(0, step.number), focus=focus).live
            assert ("∂L/∂pool₂" in live) == bool(won(trace, (row, column)))
            said[row, column] = live.split(" = ")[1]
    assert "an equal cell comes first and wins" in said.values()
    assert "in no window the largest" in said.values()
    assert said[7, 7] == "in no window"


def won(trace: Trace, cell: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the windows of 3 × 3 cells, 2 apart, whose first largest cell this is."""
    (image,) = trace.array("out_1")[0, :1]
    windows = [(i, j) for i in range(0, 6, 2) for j in range(0, 6, 2)]
    winners = {(i, j): np.unravel_index(image[i : i + 3, j : j + 3].argmax(), (3, 3)) for i, j in windows}
    return [(i, j) for (i, j), (a, b) in winners.items() if (i + a, j + b) == cell]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_probability_of_0_is_written_with_the_number_that_it_counts_as(dtype: str) -> None:
    network = Network((1,), (Dense(2, "softmax", bias=False),))
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 1)
    data = {"x": np.ones((1, 1), dtype), "y": np.array([[0, 1]], dtype)}
    trace = Trace(program, {"w_1": np.array([[2000, 0]], dtype)}, lambda _: data, dtype)
    frame = resolve(trace, Cursor(0, program.producers["losses"].number), focus=Focus("losses", (0, 0)))
    assert "−ln max(0, " in frame.live
    check_frame(frame)


@pytest.mark.parametrize("number", [1e300, -1e300, np.inf, -np.inf, np.nan, 5e-324, -0.0])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid", "tanh", "gelu"])
def test_no_number_is_too_large_or_too_odd_to_be_written(activation: str, number: float) -> None:
    network = Network((1,), (Dense(2, activation, bias=False),))
    program = compile_iteration(network, "squared_error", SGD(0.1), 1)
    data = {"x": np.ones((1, 1)), "y": np.zeros((1, 2))}
    trace = Trace(program, {"w_1": np.array([[number, 1.0]])}, lambda _: data, "float64")
    for step in telling(program):
        for index in cells(step):
            with np.errstate(all="ignore"):  # what terms warn of is tested with them
                frame = resolve(trace, Cursor(0, step.number), focus=Focus(step.output.key, index))
            assert frame.live.startswith(frame.result.name)
