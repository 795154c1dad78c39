"""The numbers of layers: norms, shares of idle neurons, and what is wrong with a gradient."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.ops.activations import ReLU, Sigmoid, Tanh
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from viz_app.frame.told.layer_stats import (
    LayerStats,
    dead,
    layer_keys,
    measure,
    norm_of,
    saturated_sigmoid,
    saturated_tanh,
    warned,
)


def known_at(trace, step, iteration=0):
    trace.run_to(Cursor(iteration, step))
    producers = trace.program.producers
    known = trace.known(iteration)
    return {key: known[key] for key in known if key not in producers or producers[key].number <= step}


def whole(trace, iteration=0):
    return known_at(trace, len(trace.program.steps) - 1, iteration)


def as_one(*parts):
    return np.concatenate([np.asarray(part, np.float64).ravel() for part in parts])


def test_the_numbers_are_those_of_the_trace():
    trace = open_preset("digits", batch_size=8).trace()
    known = whole(trace)
    first, second = measure(layer_keys(trace.program), known)
    gradients = trace.program.gradients
    assert first.gradient == pytest.approx(
        np.linalg.norm(as_one(known[gradients["w_1"]], known[gradients["b_1"]])), rel=1e-5
    )
    assert second.output == pytest.approx(math.sqrt(np.mean(as_one(known["out_2"]) ** 2)), rel=1e-5)
    after, before = (as_one(*(known[key] for key in keys)) for keys in (("new_w_2", "new_b_2"), ("w_2", "b_2")))
    assert second.update == pytest.approx(np.linalg.norm(after - before) / np.linalg.norm(before), rel=1e-4)
    assert first.idle == np.mean([not known["out_1"][:, neuron].any() for neuron in range(32)])
    assert (first.why_idle, second.why_idle) == ("dead", None)
    assert (first.trained, second.trained, first.warning, second.warning) == (True, True, "", "")


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_network_is_measured_and_numbers_come_one_after_the_other(preset):
    trace = open_preset(preset).trace()
    layers, before = layer_keys(trace.program), None
    steps = len(trace.program.steps)
    for step in (*range(0, steps - 1, max(steps // 40, 1)), steps - 1):
        stats = measure(layers, known_at(trace, step))
        numbers = [(one.gradient, one.output, one.update, one.idle) for one in stats]
        if before is not None:
            pairs = [pair for was, now in zip(before, numbers, strict=True) for pair in zip(was, now, strict=True)]
            assert all(now is not None for was, now in pairs if was is not None)
        before = numbers
    for one in stats:
        assert (one.gradient is not None) is (one.update is not None) is one.trained
        assert (one.idle is not None) is (one.why_idle is not None)
        assert one.output is not None
        assert math.isfinite(one.output)
    assert len(stats) == len([layer for layer in trace.program.layers if layer.number is not None])
    assert any(one.trained for one in stats) is bool(trace.program.updates)


def test_what_is_frozen_has_no_gradient():
    trace = open_preset("digits", frozen=("1",)).trace()
    first, second = measure(layer_keys(trace.program), whole(trace))
    assert (first.trained, first.gradient, first.update, first.warning) == (False, None, None, "")
    assert second.trained


odd = st.one_of(
    st.sampled_from([0.0, -0.0, 1e-45, 1e-30, 3e-20, 1e19, 1e30, 3e38, math.inf, -math.inf, math.nan]),
    st.floats(width=32),
)


@given(st.lists(arrays(np.float32, st.integers(0, 6), elements=odd), max_size=3))
def test_a_norm_is_right_however_large_or_small_the_cells_are(parts):
    cells = [float(cell) for part in parts for cell in part]
    got = norm_of(parts)
    if any(math.isnan(cell) for cell in cells):
        assert math.isnan(got)
    else:
        assert got == pytest.approx(math.hypot(*cells), rel=1e-5)


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=4))
def test_a_norm_of_double_precision_neither_overflows_nor_vanishes(cells):
    assert norm_of([np.array(cells)]) == pytest.approx(math.hypot(*cells), rel=1e-9)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 0.0, 3e38, -1e-45])
@pytest.mark.parametrize("preset", ["digits", "playground", "conv-digits"])
def test_any_number_is_measured_without_a_warning(preset, number):
    trace = open_preset(preset).trace()
    planted = {key: np.full_like(array, number) for key, array in whole(trace).items()}
    stats = measure(layer_keys(trace.program), planted)
    assert any(one.trained for one in stats)
    for one in stats:
        assert one.output == pytest.approx(abs(number), nan_ok=True)
        if one.trained:
            expected = "" if math.isfinite(number) else "not finite"
            assert one.warning == {0.0: "no gradient", 3e38: "exploding"}.get(number, expected)
            assert one.update == 0 or not math.isfinite(number)


def layers(*norms):
    return warned(LayerStats(place, f"{place}", norm) for place, norm in enumerate(norms, 1))


@pytest.mark.parametrize(
    ("norms", "words"),
    [
        ((1.0, 1e-6, 0.9e-6), ("", "", "vanishing")),
        ((1000.0, 1001.0), ("", "exploding")),
        ((0.0, 0.0), ("no gradient", "no gradient")),
        ((math.nan, 1.0, math.inf), ("not finite", "", "not finite")),
        ((None, 1.0), ("", "")),
        ((math.inf, 1e-9), ("not finite", "")),
    ],
)
def test_what_is_wrong_with_a_gradient_is_said_in_words(norms, words):
    assert tuple(layer.warning for layer in layers(*norms)) == words


def test_a_neuron_is_dead_where_its_relu_is_0_for_the_whole_batch():
    net = np.array([[1.0, -1.0, 0.0], [-1.0, -2.0, 0.0]])
    assert dead(ReLU().compute(net), 1).tolist() == [0, 1, 1]
    maps = np.zeros((2, 3, 4, 4))
    maps[1, 2, 0, 0] = 1
    assert dead(maps, 1).tolist() == [1, 1, 0]
    assert dead(np.full((2, 1), np.nan), 1).tolist() == [0]


def test_outputs_are_saturated_at_the_ends_of_tanh_and_of_the_sigmoid():
    net = np.array([[0.0, 3.0, -9.0, np.nan], [0.0, 0.0, 9.0, np.inf]])
    with np.errstate(all="ignore"):
        assert saturated_tanh(Tanh().compute(net), 1).tolist() == [0, 0.5, 1, 0.5]
        assert saturated_sigmoid(Sigmoid().compute(net), 1).tolist() == [0, 0, 1, 0.5]
