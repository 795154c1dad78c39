"""The playground in every room: the plane first, nothing on top of anything else, all of it inside."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers import Feature
from core.presets import PRESETS
from core.presets.playground import PlaygroundSettings
from viz_app.frame.told.boundary import plane_of, points_of
from viz_app.picture.elements import Rect, Relief, Scatter, Stroke, Text, rect_of
from viz_app.picture.plane import Scene, arrange_playground, rooms_of

KINDS = {
    "plain": PlaygroundSettings(),
    "all": PlaygroundSettings(features=tuple(Feature), units=(12, 12, 12, 12, 12, 12)),
    "heights": PlaygroundSettings(data="hills", units=()),
}


def scene(kind, **about):
    experiment = KINDS[kind].open(PRESETS["playground"].defaults)
    names = experiment.dataset.class_names or ()
    plane = plane_of(experiment.network, experiment.parameters)
    return Scene(plane, points_of(experiment, 0), names, **about)


SCENES = {kind: scene(kind) for kind in KINDS}


@given(st.sampled_from(tuple(KINDS)), st.integers(180, 1200), st.integers(180, 1200), st.sampled_from([11, 13, 26]))
@settings(max_examples=150, deadline=None)
def test_nothing_covers_anything_else_or_leaves_the_picture(kind, width, height, em):
    if min(width, height) < 14 * em:
        return
    picture = arrange_playground(SCENES[kind], width, height, em)
    whole = Rect(0, 0, width, height).inset(-1)
    reliefs = [element.rect for element in picture.elements if isinstance(element, Relief)]
    texts = [element.rect for element in picture.elements if isinstance(element, Text) and element.text]
    for rect in reliefs:
        assert whole.contains(rect.x, rect.y)
        assert rect.right <= whole.right
        assert rect.bottom <= whole.bottom
    for first, second in combinations(reliefs, 2):
        assert not first.overlaps(second)
    for text in texts:
        assert not any(text.inset(text.width * 0.3, text.height * 0.2).overlaps(relief) for relief in reliefs)


@pytest.mark.parametrize(("width", "height", "em"), [(286, 347, 13), (316, 540, 13), (340, 600, 13), (620, 700, 26)])
def test_the_plane_is_the_largest_and_every_neuron_is_there(width, height, em):
    picture = arrange_playground(SCENES["plain"], width, height, em)
    plane, bar, *neurons = (element for element in picture.elements if isinstance(element, Relief))
    assert plane.rect.width == plane.rect.height >= 13 * em
    assert plane.rect.width > 0.5 * width
    assert len(neurons) == 2 + 8 + 4
    assert min(neuron.rect.width for neuron in neurons) >= 0.8 * em
    assert bar.levels == plane.levels


def test_the_neurons_give_way_to_the_plane():
    picture = arrange_playground(SCENES["all"], 280, 300, 13)
    assert len([element for element in picture.elements if isinstance(element, Relief)]) == 2


def test_points_are_drawn_where_they_are():
    picture = arrange_playground(SCENES["plain"], 340, 600, 13)
    spot = rooms_of(340, 600, 13, 3).spot
    scatter = next(element for element in picture.elements if isinstance(element, Scatter))
    places = SCENES["plain"].points.places
    for center, place in zip(scatter.centers[:20], places[:20], strict=True):
        assert center == pytest.approx(spot.to_picture(*place))
        assert spot.to_plane(*center) == pytest.approx(place)
    left_below, right_above = spot.to_picture(-6, -6), spot.to_picture(6, 6)
    assert left_below == pytest.approx((spot.rect.x, spot.rect.bottom))
    assert right_above == pytest.approx((spot.rect.right, spot.rect.y))
    np.testing.assert_array_equal(scatter.marked, SCENES["plain"].points.in_batch)


def test_the_neurons_of_the_current_step_are_marked():
    strokes = [
        [element.width for element in arrange_playground(scene("plain", step=step), 340, 600, 13).elements
         if isinstance(element, Stroke)]
        for step in ("", "out_1", "loss")
    ]  # fmt: skip
    assert strokes[0] == strokes[2]
    assert sum(a != b for a, b in zip(*strokes[:2], strict=True)) == 8


def test_every_neuron_is_a_button_for_its_own_cell():
    picture = arrange_playground(scene("plain", row=3), 340, 600, 13)
    buttons = [element for element in picture.elements if isinstance(element, Relief) and element.key]
    assert [(one.key, one.cell) for one in buttons] == [
        *(("x", (3, column)) for column in range(2)),
        *(("out_1", (3, column)) for column in range(8)),
        *(("out_2", (3, column)) for column in range(4)),
    ]
    assert all(rect_of(one) == one.rect for one in buttons)
