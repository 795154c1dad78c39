"""The curves of activation functions and losses are sampled with the operations themselves."""

import numpy as np
import pytest

from core.ops.losses import SquaredError
from core.presets import open_preset
from core.program import Step
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Curve, Frame, ViewOptions, resolve


def at(trace: Trace, step: Step, sample: int = 0) -> Frame:
    return resolve(trace, Cursor(0, step.number), ViewOptions(sample=sample))


def curve_of(trace: Trace, key: str, sample: int = 0) -> Curve:
    curve = at(trace, trace.program.producers[key], sample).curve
    assert curve is not None
    return curve


def test_a_sigmoid_is_drawn_beyond_where_it_looks_straight() -> None:
    trace = open_preset("worked-2-2-2").trace()
    curve = curve_of(trace, "out_1")
    assert (curve.xs[0], curve.xs[-1]) == (-4, 4)
    np.testing.assert_allclose(curve.ys, 1 / (1 + np.exp(-curve.xs)))
    assert len(curve.points) == 0


def test_the_curve_of_an_activation_covers_its_argument() -> None:
    trace = open_preset("digits", batch_size=4).trace()
    argument = trace.array("net_1", 0)
    curve = curve_of(trace, "out_1")
    assert curve.xs[0] <= argument.min()
    assert curve.xs[-1] >= argument.max()


def test_the_points_of_a_cross_entropy_are_the_probabilities_of_the_targets() -> None:
    trace = open_preset("digits", batch_size=4).trace()
    curve = curve_of(trace, "losses", sample=2)
    right = trace.array("y", 0)[2].argmax()
    output = float(trace.array("out_2", 0)[2, right])
    np.testing.assert_allclose(curve.points, [[output, -np.log(output)]])
    np.testing.assert_allclose(curve.ys, -np.log(curve.xs))


def test_the_points_of_a_squared_error_are_distances() -> None:
    trace = open_preset("worked-2-2-2").trace()
    (step,) = (step for step in trace.program.steps if isinstance(step.op, SquaredError))
    curve = at(trace, step).curve
    assert curve is not None
    distances = (trace.array("out_2", 0) - trace.array("y", 0))[0].astype(float)
    np.testing.assert_allclose(curve.points, np.column_stack([distances, distances**2 / 2]), rtol=1e-6)


def test_outputs_that_are_not_finite_have_no_place_on_a_curve() -> None:
    experiment = open_preset("digits", batch_size=4)
    parameters = {key: array.copy() for key, array in experiment.parameters.items()}
    parameters["w_2"][3, 1] = np.inf
    trace = Trace(experiment.program, parameters, experiment.batch)
    assert at(trace, trace.program.producers["losses"]).curve is None


def test_other_operations_have_no_curve() -> None:
    trace = open_preset("worked-2-2-2").trace()
    assert at(trace, trace.program.steps[0]).curve is None


def test_a_curve_is_sampled_once_and_never_changed() -> None:
    trace = open_preset("worked-2-2-2").trace()
    one, other = (curve_of(trace, "out_1") for _ in range(2))
    assert one.xs is other.xs
    with pytest.raises(ValueError, match="read-only"):
        one.ys[0] = 1


def test_the_points_of_a_binary_cross_entropy_are_what_is_given_to_each_target() -> None:
    trace = open_preset("sigmoid-3-4-2", batch_size=2, loss="binary_cross_entropy").trace()
    curve = curve_of(trace, "losses", sample=1)
    out, y = (trace.array(key, 0)[1].astype(float) for key in ("out_2", "y"))
    given = np.where(y == 1, out, 1 - out)
    np.testing.assert_allclose(curve.points, np.column_stack([given, -np.log(given)]), rtol=1e-6)
    np.testing.assert_allclose(curve.ys, -np.log(curve.xs))


@pytest.mark.parametrize("limit", [0.1, 1.0, 5.0])
def test_the_curve_of_a_huber_error_shows_both_of_its_parts(limit: float) -> None:
    curve = curve_of(open_preset("worked-2-2-2", loss=f"huber_error:{limit}").trace(), "losses")
    far = np.abs(curve.xs) > limit
    assert 0 < far.sum() < len(far)
    np.testing.assert_allclose(curve.ys[far], limit * (np.abs(curve.xs[far]) - limit / 2))
    np.testing.assert_allclose(curve.ys[~far], curve.xs[~far] ** 2 / 2)
