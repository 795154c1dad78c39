"""Breakpoints: each halts where its words say, in training as in the trace, and nowhere else."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notation import Notation
from core.presets import PRESETS, open_preset
from core.run.breakpoints import (
    AtNorm,
    AtNumber,
    AtStep,
    Breakpoint,
    BreakpointError,
    Side,
    first_hit,
    norm_of,
)
from core.run.training import Goal, Report, Training
from core.values import Array

NUMBERS = st.one_of(st.floats(-5, 5), st.sampled_from([0.0, nan, inf, -inf]))


def halted(*breakpoints: Breakpoint, first: int = 0, after: int = -1, **options: Any) -> Report:
    experiment = open_preset("digits", batch_size=16, **options)
    work = Training(experiment, experiment.trace().run, Goal(epochs=3), breakpoints).work(first, after)
    *_, last = (report for report in work if report is not None)
    return last


def test_training_halts_in_the_first_iteration_in_which_a_cell_is_beyond_the_number() -> None:
    trace = open_preset("digits", batch_size=16).trace()
    numbers = [float(trace.array("w_1", iteration)[20, 3]) for iteration in range(60)]
    limit = sorted(numbers)[40]
    expected = next(iteration for iteration, one in enumerate(numbers) if one > limit)
    report = halted(AtNumber("w_1", (20, 3), Side.ABOVE, limit))
    assert report.hit is not None
    assert (report.iteration, report.hit.index) == (expected, (20, 3))
    assert report.stopped == report.hit.why
    assert "above" in report.stopped


def test_the_norm_of_all_gradients_is_that_of_the_trace() -> None:
    trace = open_preset("digits", batch_size=16).trace()
    gradients = trace.program.gradients.values()
    norms = [
        float(np.sqrt(sum((trace.array(key, i).astype(float) ** 2).sum() for key in gradients))) for i in range(30)
    ]
    limit = sorted(norms)[-3]
    report = halted(AtNorm(limit * (1 + 1e-6)))
    assert report.iteration == next(i for i, norm in enumerate(norms) if norm > limit * (1 + 1e-6))
    one = halted(AtNorm(1e-9, "w_2"))
    assert one.hit is not None
    assert one.hit.key == trace.program.gradients["w_2"]


def test_a_step_halts_at_once_but_not_where_the_run_stands_already() -> None:
    step = open_preset("digits").program.producers["delta_1"].number
    assert halted(AtStep("delta_1")).iteration == 0
    assert halted(AtStep("delta_1"), after=step - 1).iteration == 0
    assert halted(AtStep("delta_1"), after=step).iteration == 1


def test_the_first_of_several_in_an_iteration_halts() -> None:
    report = halted(AtStep("delta_1"), AtStep("net_1"), AtNorm(1e-9))
    assert report.hit is not None
    assert report.hit.key == "net_1"


def test_what_another_network_has_not_is_passed_over() -> None:
    program = open_preset("worked-2-2-2").program
    for one in (AtStep("conv_9"), AtNumber("w_1", (5, 5), Side.BELOW, 0.0), AtNorm(1.0, "w_9")):
        assert not one.fits(program)
    report = halted(AtStep("nowhere"))
    assert report.hit is None


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.sampled_from(Side), st.floats(-5, 5))
def test_any_cell_is_the_first_that_is_beyond(numbers: list[float], side: Side, limit: float) -> None:
    program = open_preset("worked-2-2-2").program
    array: Array = np.array([numbers])
    hit = AtNumber("net_1", None, side, limit).find(program, {"net_1": array}, Notation.NET_OUT)
    beyond = [i for i, one in enumerate(numbers) if (one > limit if side is Side.ABOVE else one < limit)]
    assert (hit.index if hit else None) == ((0, beyond[0]) if beyond else None)


@pytest.mark.parametrize("number", [nan, inf, -inf, "1", None, True])
def test_a_number_to_halt_at_is_finite(number: Any) -> None:
    with pytest.raises(BreakpointError, match="Expected"):
        AtNumber("w_1", None, Side.ABOVE, number)
    with pytest.raises(BreakpointError, match="Expected"):
        AtNorm(number)
    with pytest.raises(BreakpointError, match="more than 0"):
        AtNorm(0.0)


@pytest.mark.parametrize("preset", [name for name in PRESETS if open_preset(name).trainable])
def test_every_value_can_be_looked_at_in_training(preset: str) -> None:
    experiment = open_preset(preset)
    trace, run = experiment.trace(), experiment.trace().run
    walk = run.walk(None, 0, keep=experiment.program.values)
    for iteration in range(2):
        next(walk)
        for key in experiment.program.values:
            assert run.value(key).tobytes() == trace.array(key, iteration).tobytes(), key
    walk.close()


def test_norms_of_odd_numbers() -> None:
    assert norm_of([]) == 0
    assert norm_of([np.array([3.0]), np.array([[4.0]])]) == 5
    assert norm_of([np.array([inf])]) == inf
    assert np.isnan(norm_of([np.array([nan])]))


def test_nothing_is_hit_where_nothing_is_looked_for() -> None:
    assert first_hit([], open_preset("worked-2-2-2").program, {}, range(99)) is None
