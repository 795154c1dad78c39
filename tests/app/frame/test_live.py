"""The numbers that are written out of a cell can be checked by hand, and say what they leave out."""

import re

import numpy as np
import pytest

from core.ops.base import REGISTRY
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor, Trace
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, resolve
from viz_app.frame.words.captions import caption


def looked_at(preset: str, key: str, index: tuple[int, ...], **chosen: object) -> Frame:
    trace = open_preset(preset, **chosen).trace()
    return resolve(trace, Cursor(0, trace.program.producers[key].number), focus=Focus(key, index))


def numbers_in(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+\.?\d*(?:e−?\d+)?", text)]


def test_a_few_products_stand_in_their_own_order() -> None:
    assert looked_at("batched-product", "c", (0, 0, 0)).live == "C[0, 0, 0] = 1·5 + 2·7 = 19"


def test_of_many_products_the_largest_are_written_and_the_others_counted() -> None:
    frame = looked_at("digits", "sum_1", (0, 10))
    middle = frame.live.split(" = ")[1]
    a, b, c, rest = middle.split(" + ")
    sizes = [abs(np.prod(numbers_in(product))) for product in (a, b, c)]
    assert sizes == sorted(sizes, reverse=True)
    assert frame.detail is not None
    assert frame.detail.terms is not None
    largest = np.sort(np.abs(frame.detail.terms.contributions))[::-1][:3]
    assert sizes == pytest.approx(largest, rel=1e-3)
    assert rest == "61 smaller"


def test_of_many_products_the_few_that_are_not_0_are_written_in_their_order() -> None:
    live = looked_at("attention", "q_1", (3, 2)).live
    assert live.endswith(" + 7 zeros = −1")
    first, second, _ = live.split(" = ")[1].split(" + ")
    assert sum(np.prod(numbers_in(product)) for product in (first, second)) == pytest.approx(-1, abs=1e-3)


def test_moved_cells_say_where_they_come_from() -> None:
    assert looked_at("attention", "q_heads_1", (0, 1, 2, 3)).live.startswith(
        "Q(heads)₁[0, 1, 2, 3] = Q(split)₁[0, 2, 1, 3] = "
    )


def test_hidden_cells_say_so_and_zeros_among_which_something_was_put_say_nothing() -> None:
    assert looked_at("attention", "masked_1", (0, 0, 1, 3)).live == "masked₁[0, 0, 1, 3] = hidden by the mask = −∞"
    assert looked_at("attention", "grad_out_1", (0, 1, 2)).live == "∂L/∂out₁[0, 1, 2] = 0"


def test_the_loss_is_written_with_its_logarithm_or_its_squares() -> None:
    live = looked_at("digits", "losses", (0, 0)).live
    written = re.fullmatch(r"ℓ\[0, 0\] = −ln (\S+) = (\S+)", live)
    assert written is not None
    assert -np.log(float(written[1])) == pytest.approx(float(written[2]), abs=1e-3)
    half = looked_at("worked-2-2-2", "losses", (0, 0)).live
    assert half == "ℓ[0, 0] = ½(0.7514 − 0.01)² + ½(0.7729 − 0.99)² = 0.2984"


def test_softmax_and_its_jacobian_are_written_with_their_own_numbers() -> None:
    live = looked_at("digits", "out_2", (0, 3)).live
    score, most, total, *_, share = numbers_in(live.split("] = ")[1])
    assert np.exp(score - most) / total == pytest.approx(share, rel=1e-3)
    diagonal = looked_at("digits", "jacobian_2", (0, 3, 3), through_jacobian=True).live
    s, one, again, result = numbers_in(diagonal.split("] = ")[1])
    assert (s, one) == (again, 1)
    assert s * (1 - s) == pytest.approx(result, rel=1e-3)
    apart = looked_at("digits", "jacobian_2", (0, 3, 4), through_jacobian=True).live
    first, second, product = numbers_in(apart.split("] = ")[1])
    assert first * second == pytest.approx(product, rel=1e-3)


def test_the_gradient_through_softmax_is_written_with_the_mean_of_its_row() -> None:
    live = looked_at("attention", "grad_masked_1", (0, 0, 4, 2)).live
    s, g, mean, result = numbers_in(live.split("] = ")[1])
    assert s * (g - mean) == pytest.approx(result, rel=2e-3)


def test_pooling_lists_its_window_and_sends_its_delta_to_the_winner() -> None:
    forward = looked_at("conv-digits", "pool_2", (0, 2, 3, 3))
    assert max(numbers_in(forward.live.split(" = ")[1])) == numbers_in(forward.live.split(" = ")[2])[0]
    trace = open_preset("conv-digits").trace()
    step = trace.program.producers["grad_out_3"]
    delta = trace.array("grad_out_3")
    won = tuple(int(i) for i in np.argwhere(delta)[0])
    live = resolve(trace, Cursor(0, step.number), focus=Focus("grad_out_3", won)).live
    n, c, row, column = won
    assert f"= ∂L/∂pool₄[{n}, {c}, {row // 2}, {column // 2}] =" in live


def test_no_scalars_are_joined_by_the_signs_of_maps() -> None:
    for preset, key, index in (("digits", "delta_1", (0, 3)), ("worked-2-2-2", "derivative_1", (0, 1))):
        live = looked_at(preset, key, index).live
        assert "×" in live
        assert "⊙" not in live


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("through", [False, True])
def test_every_step_has_a_sentence_of_its_own_words(preset: str, through: bool) -> None:
    trace: Trace = open_preset(preset, through_jacobian=through).trace()
    docstrings = {(op.__doc__ or "").split("\n")[0] for op in REGISTRY.values()}
    for step in telling(trace.program):
        sentence = caption(step, ["a", "b"])
        assert sentence.endswith(".")
        assert sentence not in docstrings, step.output.key
        assert "{" not in sentence


def test_what_is_said_of_the_error_is_true_of_the_loss() -> None:
    said = {}
    for preset in ("digits", "worked-2-2-2"):
        program = open_preset(preset).program
        said[preset] = caption(program.producers["error_2"], ["out_2", "y"])
    assert "cross-entropy" in said["digits"]
    assert "squared error" in said["worked-2-2-2"]
