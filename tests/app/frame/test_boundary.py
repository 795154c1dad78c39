"""What a network makes of the plane is what its program computes there, with the parameters of the moment."""

import numpy as np
import pytest

from core.data.guest import Guest
from core.data.toy import REACH
from core.editing import edited
from core.experiment import Edit
from core.layers import Activate, Concatenate, Dense, Feature, Node, Sum
from core.network import Graph, Input, Network
from core.options import Options
from core.presets import PRESETS, open_preset
from core.presets.playground import PlaygroundSettings
from core.run.trace import Cursor
from viz_app.frame.frame import resolve
from viz_app.frame.told.boundary import SIDE, answer_at, axis_ticks, nearest_point, plane_of, points_of

OPTIONS = PRESETS["playground"].defaults
KINDS = {
    "plain": PlaygroundSettings(),
    "all features": PlaygroundSettings(features=tuple(Feature), activation="relu"),
    "one feature": PlaygroundSettings(features=(Feature.SINE_X2,), units=(2,)),
    "no hidden layer": PlaygroundSettings(units=()),
    "heights": PlaygroundSettings(data="hills", activation="sigmoid"),
    "linear": PlaygroundSettings(data="plane", activation="linear"),
}
every_kind = pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)


def cell(surface, place):
    """Return the height of a surface at a place that is on the grid."""
    row, column = SIDE - 1 - place[1], place[0]
    return float(surface.heights[row, column])


@every_kind
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_place_of_the_grid_gets_what_the_network_answers_there(settings, dtype):
    experiment = settings.open(Options(dtype=dtype, batch_size=10))
    plane, ticks = plane_of(experiment.network, experiment.parameters), axis_ticks()
    for place in ((0, 0), (SIDE - 1, 0), (3, 41), (30, 29)):
        answers = answer_at(experiment.network, experiment.parameters, (ticks[place[0]], ticks[place[1]]))
        expected = answers[0] if len(answers) == 1 else answers[1] - answers[0]
        assert cell(plane.answer, place) == pytest.approx(expected, abs=1e-5 if dtype == "float32" else 1e-12)


@every_kind
def test_every_neuron_of_a_sample_is_that_of_the_program(settings):
    """Put points on the grid: what the trace holds for them is what the surfaces show there."""
    ticks = axis_ticks()
    places = ((5, 5), (50, 12), (20, 59))
    target = 0.5 if settings.graded else 1.0
    own = tuple((float(ticks[a]), float(ticks[b]), target) for a, b in places)
    experiment = PlaygroundSettings(**{**vars(settings), "points": own}).open(Options(batch_size=3, dtype="float64"))
    trace = experiment.trace()
    trace.run_to(Cursor(0, len(experiment.program.steps) - 1))
    plane = plane_of(experiment.network, experiment.parameters)
    assert plane.layers[0].weights is None
    for layer in plane.layers:
        for surface in layer.surfaces:
            column = trace.array(surface.key)[:, surface.column]
            np.testing.assert_allclose(column, [cell(surface, place) for place in places], atol=1e-12)
    for before, layer in zip(plane.layers, plane.layers[1:], strict=False):
        assert layer.weights.shape == (len(before.surfaces), len(layer.surfaces))


X = {"x": Input((2,))}
EDITED = {
    "deep": Network((2,), (Dense(3, None), Activate("tanh"), Dense(40, "relu"), Dense(5, "gelu"), Dense(2, "softmax"))),
    "no layer with weights before": Network((2,), (Activate("tanh"), Dense(2, "softmax"))),
    "skip": Graph(
        X,
        (
            Node("a", Dense(4, "tanh"), ("x",)),
            Node("b", Dense(4, "tanh"), ("a",)),
            Node("sum", Sum(), ("a", "b")),
            Node("out", Dense(2, "softmax"), ("sum",)),
        ),
        "out",
    ),
    "branches": Graph(
        X,
        (
            Node("a", Dense(3, "tanh"), ("x",)),
            Node("b", Dense(2, "tanh"), ("x",)),
            Node("joined", Concatenate(), ("a", "b", "x")),
            Node("out", Dense(2, "sigmoid"), ("joined",)),
        ),
        "out",
    ),
    "no weights": Network((2,), (Activate("softmax"),)),
}


@pytest.mark.parametrize("network", EDITED.values(), ids=EDITED)
def test_any_network_that_takes_points_has_a_plane(network):
    experiment = edited(PlaygroundSettings().open(OPTIONS), Edit(network, "squared_error", {}))
    plane = plane_of(experiment.network, experiment.parameters)
    ticks = axis_ticks()
    answers = answer_at(network, experiment.parameters, (ticks[7], ticks[9]))
    assert cell(plane.answer, (7, 9)) == pytest.approx(answers[1] - answers[0], abs=1e-5)
    inputs, *hidden = plane.layers
    assert [surface.key for surface in inputs.surfaces]
    for before, layer in zip(plane.layers, hidden, strict=False):
        assert layer.weights is None or layer.weights.shape == (len(before.surfaces), len(layer.surfaces))
    keys = {surface.key for layer in plane.layers for surface in layer.surfaces}
    assert keys <= set(experiment.program.values)
    moved = {key: array + 1 for key, array in experiment.parameters.items()}
    assert plane_of(network, moved, plane).program is plane.program


def test_a_layer_that_is_too_wide_is_left_out_and_so_are_the_weights_behind_it():
    experiment = edited(PlaygroundSettings().open(OPTIONS), Edit(EDITED["deep"], "cross_entropy", {}))
    layers = plane_of(experiment.network, experiment.parameters).layers
    assert [(layer.name, len(layer.surfaces), layer.weights is not None) for layer in layers] == [
        ("inputs", 2, False),
        ("layer 1", 3, True),
        ("layer 2", 3, False),
        ("layer 4", 5, False),
    ]


def test_inputs_are_called_what_they_are_and_lead_to_their_own_steps():
    experiment = PlaygroundSettings(features=tuple(Feature)).open(OPTIONS)
    surfaces = plane_of(experiment.network, experiment.parameters).layers[0].surfaces
    assert [surface.name for surface in surfaces] == [feature.label for feature in Feature]
    keys = [(surface.key, surface.column) for surface in surfaces]
    assert keys[:2] == [("x", 0), ("x", 1)]
    assert keys[2:] == [(f"{feature}_1", 0) for feature in Feature if feature not in ("x1", "x2")]


def test_the_boundary_is_where_the_answer_is_0():
    experiment = PlaygroundSettings(data="plane", units=()).open(Options(dtype="float64", batch_size=10))
    parameters = {"w_1": np.array([[2.0], [1.0]]), "b_1": np.array([[0.5]])}
    boundary = plane_of(experiment.network, parameters).boundary.reshape(-1, 2)
    np.testing.assert_allclose(2 * boundary[:, 0] + boundary[:, 1] + 0.5, 0, atol=1e-9)
    assert boundary[:, 1].min() < -REACH + 0.2
    assert boundary[:, 1].max() > REACH - 0.2


def test_the_boundary_of_a_curve_is_closed():
    """Every end of a segment is the end of another one: a circle has no gap."""
    experiment = PlaygroundSettings(data="plane", units=(), features=(Feature.X1_SQUARED, Feature.X2_SQUARED)).open(
        Options(dtype="float64", batch_size=10)
    )
    parameters = {"w_2": np.array([[1.0], [1.0]]), "b_2": np.array([[-9.0]])}
    ends = plane_of(experiment.network, parameters).boundary.reshape(-1, 2)
    np.testing.assert_allclose(np.hypot(*ends.T), 3, atol=0.01)
    _, times = np.unique(ends.round(9), axis=0, return_counts=True)
    assert (times == 2).all()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 0.0, 1e30])
def test_any_parameters_have_a_plane(number):
    experiment = PlaygroundSettings(features=tuple(Feature), activation="relu").open(OPTIONS)
    parameters = {key: np.full_like(array, number) for key, array in experiment.parameters.items()}
    plane = plane_of(experiment.network, parameters)
    assert np.isfinite(plane.boundary).all()
    for layer in plane.layers:
        for surface in layer.surfaces:
            assert np.isfinite([surface.levels.low, surface.levels.high]).all()
            assert surface.levels.low < surface.levels.high


def test_the_plane_of_the_same_parameters_is_taken_over():
    experiment = PlaygroundSettings().open(OPTIONS)
    plane = plane_of(experiment.network, experiment.parameters)
    assert plane_of(experiment.network, dict(experiment.parameters), plane) is plane
    copied = {key: array.copy() for key, array in experiment.parameters.items()}
    assert plane_of(experiment.network, copied, plane) is not plane


def test_the_parameters_of_a_frame_are_those_in_force():
    experiment = PlaygroundSettings().open(OPTIONS)
    trace = experiment.trace()
    update = trace.program.producers[trace.program.updates["w_1"]].number
    before, after = (resolve(trace, Cursor(3, step)) for step in (update - 1, update))
    assert before.parameters["w_1"] is trace.array("w_1", 3)
    assert after.parameters["w_1"] is trace.array(trace.program.updates["w_1"], 3)
    assert after.parameters["w_3"] is trace.array("w_3", 3)
    last = resolve(trace, Cursor(3, len(trace.program.steps) - 1)).parameters
    following = resolve(trace, Cursor(4, 0)).parameters
    assert last.keys() == following.keys() == {"w_1", "b_1", "w_2", "b_2", "w_3", "b_3"}
    for key, array in last.items():
        np.testing.assert_array_equal(array, following[key])


def test_a_frame_that_runs_ahead_shows_the_parameters_of_its_own_step():
    experiment = PlaygroundSettings().open(OPTIONS)
    trace = experiment.trace()
    trace.run_to(Cursor(0, len(trace.program.steps) - 1))
    assert resolve(trace, Cursor(0, 0)).parameters["w_1"] is trace.array("w_1", 0)


def test_points_are_told_apart():
    experiment = PlaygroundSettings().open(Options(batch_size=10, held_back=60, sample=5))
    points = points_of(experiment, 2)
    assert np.flatnonzero(points.in_batch).tolist() == list(range(25, 35))
    assert np.flatnonzero(points.held_back).tolist() == list(range(140, 200))
    assert set(points.heights) == {-1.0, 1.0}


def test_the_nearest_point_is_found_within_reach():
    points = points_of(PlaygroundSettings(points=((0, 0, 1), (1, 1, 0), (1.2, 1, 0))).open(Options()), 0)
    assert nearest_point(points, (1.12, 1.0), 0.3) == 2
    assert nearest_point(points, (0.1, 0.1), 0.3) == 0
    assert nearest_point(points, (-3.0, 1.0), 0.3) is None


def test_a_guest_of_a_persons_own_has_the_place_of_the_first_point_of_the_batch():
    experiment = open_preset("playground", batch_size=5)
    usual = experiment.samples(3)
    own = Guest(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    sample = experiment.admitted(3, 199)
    assert set(np.flatnonzero(points_of(experiment, 3).in_batch)) == set(usual)
    assert set(np.flatnonzero(points_of(experiment, 3, own).in_batch)) == set(usual[1:])
    assert set(np.flatnonzero(points_of(experiment, 3, sample).in_batch)) == {199, *usual[1:]}
    assert set(np.flatnonzero(points_of(experiment.with_guest(3, own), 3).in_batch)) == set(usual[1:])
