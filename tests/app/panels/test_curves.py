import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QToolButton

from core.options import Options
from core.presets import open_preset
from core.run.record import Judged, Series
from core.run.trace import Cursor
from core.run.training import Goal, Training
from viz_app.frame.frame import resolve
from viz_app.frame.words.numbers import number
from viz_app.paint.theme import DARK
from viz_app.panels.training.curves import CurvesPanel

ODD = (0.0, math.nan, math.inf, -math.inf, 5e-324, 1e-38, 3e38, 1.7e308)


@pytest.fixture
def panel(shown):
    return shown(CurvesPanel(), 400, 200)


def test_says_so_while_there_is_no_loss(panel, frame_at):
    panel.show_frame(frame_at("sum_1"))
    assert panel.plot.empty
    assert panel.plot.points() == ()


def test_draws_the_losses_walked_so_far(panel, frame_at):
    frame = frame_at("loss", iteration=3)
    panel.show_frame(frame)
    assert not panel.plot.empty
    assert [i for i, _ in panel.plot.points()] == [0, 1, 2, 3]
    assert [loss for _, loss in panel.plot.points()] == pytest.approx([loss for _, loss in frame.losses])


def test_going_back_takes_losses_away(panel, frame_at):
    panel.show_frame(frame_at("loss", iteration=3))
    panel.show_frame(frame_at("sum_1", iteration=1))
    assert [i for i, _ in panel.plot.points()] == [0]
    panel.show_frame(frame_at("sum_1"))
    assert panel.plot.empty


def test_a_loss_that_is_not_finite_is_a_gap(panel):
    panel.plot.show_losses(Series.of(((0, 1.0), (1, math.nan), (2, 2.0))), 2)
    assert panel.plot.points() == ((0, 1.0), (2, 2.0))
    assert not panel.plot.curve.joined.any()
    assert [iteration for iteration, _ in panel.plot.curve.edges] == [1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    losses=st.lists(
        st.one_of(st.sampled_from(ODD), st.floats(0, 10)),
        max_size=8,
    ),
    logarithmic=st.booleans(),
    anew=st.booleans(),
)
def test_any_losses_are_painted_without_a_warning(panel, losses, logarithmic, anew):
    panel.plot.set_logarithmic(logarithmic)
    other = np.array([anew and number > 0 for number in range(len(losses))], bool)
    panel.plot.show_losses(Series.of(tuple(enumerate(losses))), len(losses) - 1, other)
    image = panel.grab().toImage()  # pyqtgraph warns while it paints
    assert not image.isNull()
    assert panel.plot.empty is (not losses)
    if losses:
        assert all(math.isfinite(end) for ends in panel.plot.ranges() for end in ends)


@pytest.mark.parametrize("loss", [0.0, 1e-9, 0.3, 2.3, 1e20])
def test_one_loss_stands_on_a_sensible_axis(panel, loss):
    panel.plot.show_losses(Series.of(((0, loss),)), 0)
    (left, right), (low, high) = panel.plot.ranges()
    assert low == 0
    assert low <= loss < high
    assert left < 0 < right


@pytest.mark.parametrize(
    ("options", "joined", "says"),
    [
        ({"batch_size": 1}, False, "another sample"),
        ({"batch_size": 3}, False, "another batch"),
        ({"batch_size": 3, "same_samples": True}, True, ""),
        ({"batch_size": 1797}, True, ""),
    ],
)
def test_losses_of_other_samples_are_not_joined(panel, options, joined, says):
    experiment = open_preset("digits", **options)
    panel.show_experiment(experiment)
    panel.show_frame(resolve(experiment.trace(), Cursor(3, 24)))
    assert len(panel.plot.points()) == 4
    assert panel.plot.curve.joined.tolist() == [joined] * 3 + [False]
    assert ("mean of" in panel.caption) is (not joined)
    assert says in panel.caption


def test_samples_that_are_chosen_later_break_the_line(panel):
    experiment = open_preset("digits", same_samples=True).changed(2, Options(same_samples=True, sample=7))
    panel.show_experiment(experiment)
    trace = experiment.trace()
    panel.show_frame(resolve(trace, Cursor(4, 24)))
    assert panel.plot.curve.joined.tolist() == [True, False, True, True, False]


def test_what_has_no_place_on_the_axis_is_explained(panel, broken_session):
    panel.show_frame(broken_session.frame)
    panel.plot.show_losses(Series.of(((0, 1.0), (1, math.inf))), 1)
    panel.set_theme(DARK)
    broken_session.navigation.step(1)
    panel.show_frame(broken_session.frame)
    assert "not a number" in panel.caption


def test_the_axis_becomes_logarithmic(panel, qtbot, frame_at):
    panel.set_theme(DARK)
    panel.show_frame(frame_at("loss", iteration=2))
    box = panel.findChild(QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    low, high = panel.plot.ranges()[1]
    assert all(low < math.log10(loss) < high for _, loss in panel.plot.points())
    assert len(panel.plot.points()) == 3


def test_a_new_loss_is_painted_soon(panel, qtbot, frame_at):
    panel.show_frame(frame_at("loss", iteration=1))
    QApplication.processEvents()
    before = _seen(panel)
    panel.show_frame(frame_at("loss", iteration=3))
    qtbot.waitUntil(lambda: _seen(panel) != before)
    qtbot.waitUntil(lambda: panel.plot._plot.updatesEnabled())


def _seen(panel):
    return panel.screen().grabWindow(panel.winId()).toImage()


def trained(epochs, **options):
    """Return a run that has been trained on, and its frame at the end."""
    experiment = open_preset("digits", batch_size=64, held_back=297, shuffle=True, **options)
    trace = experiment.trace()
    for report in Training(experiment, trace.run, Goal(epochs=epochs)).reports():
        last = report.iteration
    return experiment, resolve(trace, Cursor(last + 1, 0))


def choose(panel, kind):
    box = panel.findChild(QComboBox)
    box.setCurrentIndex(kind)
    box.activated.emit(kind)


def test_how_good_the_network_is_on_both_parts_of_the_data(panel):
    experiment, frame = trained(3)
    panel.show_experiment(experiment)
    panel.show_frame(frame)
    train, test = panel.plot.lines
    assert train.series == frame.judged[Judged.TRAIN_LOSS]
    assert test.series == frame.judged[Judged.TEST_LOSS]
    assert len(test.series) == 3
    choose(panel, 1)
    assert panel.plot.points() == ()
    train, test = panel.plot.lines
    assert test.series == frame.judged[Judged.TEST_ACCURACY]
    (_, (low, high)) = panel.plot.ranges()
    assert low < 0 < 1 < high
    choose(panel, 0)
    assert len(panel.plot.points()) == len(frame.losses)


def test_earlier_runs_stay_named_by_what_differs(panel):
    for options in ({}, {"learning_rate": 0.5}, {"optimizer": "adam", "seed": 3}):
        experiment, frame = trained(1, **options)
        panel.show_experiment(experiment)
        panel.show_frame(frame)
    assert list(panel.runs) == ["seed 0, sgd, η 0.1", "seed 0, sgd, η 0.5", "seed 3, adam, η 0.005"]
    assert [line.label for line in panel.plot.lines] == ["1", "2", "", ""]
    (clear,) = (button for button in panel.findChildren(QToolButton) if button.text() == "×")
    clear.click()
    assert [line.label for line in panel.plot.lines] == ["", ""]
    panel.show_experiment(open_preset("worked-2-2-2"))
    assert len(panel.runs) == 1


def test_a_change_in_the_middle_of_a_run_keeps_its_curve(panel):
    experiment, frame = trained(1)
    panel.show_experiment(experiment)
    panel.show_frame(frame)
    panel.show_experiment(experiment.changed(5, experiment.options.changed(learning_rate=0.3)))
    panel.show_frame(frame)
    assert len(panel.runs) == 1


def test_the_curve_tells_of_an_iteration_and_goes_there(panel, qtbot):
    experiment, frame = trained(2)
    panel.show_experiment(experiment)
    panel.show_frame(frame)
    place, text = panel.plot.read_out(10.4)
    assert place == 10
    assert text == f"10: {number(float(frame.losses[10][1]))}"
    qtbot.waitUntil(panel.plot._plot.updatesEnabled)
    QApplication.processEvents()
    view = panel.plot._plot.getPlotItem().vb
    spot = panel.plot._plot.mapFromScene(view.mapViewToScene(QPointF(20.2, np.mean(panel.plot.ranges()[1]))))
    with qtbot.waitSignal(panel.iteration_requested) as asked:
        qtbot.mouseClick(panel.plot._plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args == [20]


def test_a_hundred_thousand_losses_are_drawn_by_their_extremes(panel):
    numbers = np.random.default_rng(0).random(100_000) + 1
    numbers[54_321] = 9.0
    panel.plot.show_losses(Series(np.arange(100_000), numbers), 99_999, np.ones(100_000, bool))
    points = dict(panel.plot.points())
    assert len(points) < 5_000
    assert points[54_321] == 9.0
    assert min(points.values()) == numbers.min()


def test_smoothing_is_chosen(panel):
    numbers = np.random.default_rng(0).random(300)
    panel.plot.show_losses(Series(np.arange(300), numbers), 299, np.ones(300, bool))
    panel.plot.set_smoothed(100)
    assert panel.plot.curve.mean[-1] == pytest.approx(numbers[-100:].mean())
