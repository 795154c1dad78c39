from dataclasses import replace

import pytest

from core.presets import open_preset
from viz_app.frame.frame import Focus
from viz_app.frame.place import Place
from viz_app.session.opening import carried_place, same_place


def program(**settings):
    """Return the program of one kernel on one image, with other settings."""
    experiment = open_preset("conv-kernel")
    return replace(experiment.settings, **settings).open(experiment.options).program


def test_a_step_is_found_by_the_value_it_makes():
    old, new = (open_preset(name).program for name in ("digits", "sigmoid-3-4-2"))
    place = Place(2, old.producers["delta_1"].number, 5, Focus("x", (0, 0)))
    assert same_place(place, old, new) == Place(0, new.producers["delta_1"].number, None, Focus("x", (0, 0)))
    assert same_place(place, old, old).cell == 5


def test_a_step_that_there_is_not_is_the_first():
    old, new = open_preset("conv-digits").program, open_preset("sigmoid-3-4-2").program
    gone = next(step for step in old.steps if step.output.key not in new.producers)
    assert same_place(Place(1, gone.number, 3), old, new) == Place()


@pytest.mark.parametrize(("cell", "carried"), [(0, 0), (64 * 64 - 1, 32 * 32 - 1), (20 * 64 + 41, 10 * 32 + 20)])
def test_a_cell_keeps_its_place_where_maps_get_smaller(cell, carried):
    old, new = program(), program(stride=(2, 2))
    place = carried_place(Place(0, 0, cell, Focus("net_1", (0, 0, 63, 63))), old, new)
    assert place.cell == carried
    assert place.focus == Focus("net_1", (0, 0, 31, 31))
