import pytest

from core.experiment import Experiment
from core.notation import Notation
from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import Focus, ViewOptions
from viz_app.frame.place import Place, resolve_place

FOCUS = Focus("x", (0, 1))


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return open_preset("worked-2-2-2")


def test_a_place_is_the_first_step_as_a_whole_unless_said_otherwise() -> None:
    assert Place() == Place(0, 0, None, None, ViewOptions())
    assert Place(2, 3, 1).cursor == Cursor(2, 3, 1)


def test_elsewhere_nothing_is_focused_unless_said_otherwise_and_the_view_stays() -> None:
    options = ViewOptions(Notation.Z_A)
    place = Place(0, 2, None, FOCUS, options)
    assert place.at(Cursor(1, 4, 0)) == Place(1, 4, 0, None, options)
    assert place.at(Cursor(), FOCUS) == Place(focus=FOCUS, options=options)


def test_a_place_is_shown_as_it_says(experiment: Experiment) -> None:
    frame = resolve_place(experiment.trace(), Place(1, 2, None, FOCUS, ViewOptions(Notation.Z_A)))
    assert (frame.cursor, frame.options.notation) == (Cursor(1, 2), Notation.Z_A)
    assert frame.detail is not None
    assert frame.detail.focus == FOCUS


def test_the_cell_under_the_mouse_is_told_of_and_the_focused_one_stays_explained(experiment: Experiment) -> None:
    frame = resolve_place(experiment.trace(), Place(focus=Focus("sum_1", (0, 1))), hovered=FOCUS)
    assert frame.detail is not None
    assert frame.detail.focus == FOCUS
    assert frame.anchor == (0, 1)
