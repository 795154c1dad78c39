"""The panel of the confusion matrix: counts, shares, and the samples behind them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from core.presets import open_preset
from core.run.evaluation import Evaluation
from viz_app.frame.told.judgement import Judgement
from viz_app.paint.theme import DARK
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.widgets.charts.confusion_matrix import ConfusionMatrix, shades_of


@pytest.fixture(scope="module")
def digits():
    return open_preset("digits", held_back=200)


@pytest.fixture
def panel(shown, digits):
    panel = ConfusionPanel()
    panel.show_experiment(digits)
    return shown(panel, 340, 500)


def judgement(experiment, wrong=1, loss=0.5, iteration=7, classes=10):
    """Return one that takes every fourth sample for a class further on."""
    samples = np.array(experiment.held_back or experiment.trained_on)
    labels = experiment.dataset.labels[samples]
    guesses = np.where(samples % 4 == 0, (labels + wrong) % classes, labels)
    return Judgement(Evaluation(loss, samples, labels, guesses, classes), iteration, bool(experiment.held_back))


def click(qtbot, panel, cell):
    at = panel.matrix.box(cell).center().toPoint()
    qtbot.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=at)


def test_it_says_that_it_is_judging_and_then_how_good_the_network_is(panel, digits):
    assert panel.told == "The network is being judged."
    panel.show_judgement(judgement(digits))
    assert panel.told == "75.0% of 200 held back, iteration 7"
    panel.forget()
    assert panel.told == "The network is being judged."


@pytest.mark.parametrize("preset", ["conv-kernel", "worked-2-2-2", "batched-product"])
def test_where_there_are_no_classes_it_says_why(panel, preset):
    panel.show_experiment(open_preset(preset))
    assert panel.told.startswith(("Nothing is trained", "There is no data set", "The targets here are no classes"))
    assert panel.matrix.isHidden()


def test_a_click_on_a_number_shows_its_samples_and_another_hides_them(panel, digits, qtbot):
    told = judgement(digits)
    panel.show_judgement(told)
    click(qtbot, panel, (3, 4))
    samples = told.evaluation.taken(3, 4).tolist()
    assert panel.gallery.samples == tuple(samples)
    assert panel.behind == f"{len(samples)} of class 3 taken for 4"
    assert all(digits.dataset.labels[sample] == 3 for sample in samples)
    click(qtbot, panel, (3, 4))
    assert panel.gallery.isHidden()
    click(qtbot, panel, (5, 5))
    assert panel.behind.endswith("of class 5 found")


def test_the_samples_follow_the_next_judgement(panel, digits, qtbot):
    panel.show_judgement(judgement(digits))
    click(qtbot, panel, (3, 4))
    assert panel.gallery.samples
    panel.show_judgement(judgement(digits, wrong=2))
    assert panel.gallery.samples == ()
    assert panel.behind == "0 of class 3 taken for 4"


def test_a_click_on_a_sample_asks_for_it(panel, digits, qtbot):
    panel.show_judgement(judgement(digits))
    click(qtbot, panel, (3, 3))
    with qtbot.waitSignal(panel.sample_requested) as asked:
        at = panel.gallery.box(1).center().toPoint()
        qtbot.mouseClick(panel.gallery, Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == [panel.gallery.samples[1]]
    with qtbot.assertNotEmitted(panel.sample_requested):
        far = QPoint(panel.gallery.width() - 1, panel.gallery.height() - 1)
        if panel.gallery.sample_at(far.x(), far.y()) is None:
            qtbot.mouseClick(panel.gallery, Qt.MouseButton.LeftButton, pos=far)


def test_the_gallery_is_as_high_as_its_rows(panel, digits, qtbot):
    panel.show_judgement(judgement(digits))
    click(qtbot, panel, (0, 0))
    gallery = panel.gallery
    last = gallery.box(len(gallery.samples) - 1)
    assert gallery.height() >= last.bottom()
    for place in range(len(gallery.samples)):
        center = gallery.box(place).center()
        assert gallery.sample_at(center.x(), center.y()) == gallery.samples[place]
        assert gallery.box(place).right() <= gallery.width() or place == 0


def test_other_data_forget_the_judgement_and_the_cell(panel, digits, qtbot):
    panel.show_judgement(judgement(digits))
    click(qtbot, panel, (0, 0))
    panel.show_experiment(open_preset("playground"))
    assert panel.told == "The network is being judged."
    assert panel.gallery.isHidden()


def test_classes_have_their_names(panel, qtbot):
    playground = open_preset("playground")
    panel.show_experiment(playground)
    panel.show_judgement(judgement(playground, classes=2))
    click(qtbot, panel, (0, 1))
    assert panel.behind.endswith("of class blue taken for orange")
    assert not panel.grab().isNull()


def test_a_loss_that_is_not_finite_is_told(panel, digits):
    panel.show_judgement(judgement(digits, loss=float("nan")))
    assert panel.told.startswith("The loss is no finite number")


def test_cells_tell_what_they_count(panel, digits):
    told = judgement(digits)
    panel.show_judgement(told)
    center = panel.matrix.box((3, 4)).center()
    count = int(told.evaluation.confusion[3, 4])
    assert panel.matrix.tip(center.x(), center.y()) == f"{count} of class 3 taken for 4. Click to see them."
    assert "Rows: the class" in panel.matrix.tip(0, 0)
    assert panel.matrix.share(3) == told.evaluation.confusion[3, 3] / told.evaluation.confusion[3].sum()


@pytest.mark.parametrize("classes", [1, 2, 10, 60])
@pytest.mark.parametrize("size", [(120, 60), (340, 500)])
@pytest.mark.parametrize("most", [0, 1, 100_000_000])
def test_any_counts_are_drawn_in_any_size_and_found_again(shown, classes, size, most):
    matrix = shown(ConfusionMatrix(), *size)
    counts = np.eye(classes, dtype=np.intp) * most
    matrix.show_counts(counts, tuple(f"class number {number}" for number in range(classes)))
    matrix.set_theme(DARK)
    assert not matrix.grab().isNull()
    cells = {(row, column) for row in (0, classes - 1) for column in (0, classes - 1)}
    for cell in cells:
        center = matrix.box(cell).center()
        assert matrix.cell_at(center.x(), center.y()) == (cell if matrix.box(cell).width() > 0 else None)
    assert matrix.cell_at(-1, -1) is matrix.cell_at(1e6, 5) is None
    assert matrix.share(0) == (1.0 if most else None)


def test_few_mistakes_are_seen_beside_many_that_are_right(panel, digits):
    shades = shades_of(np.array([[399, 1], [0, 0]]))
    assert shades[0, 1] > 10
    assert shades[1].tolist() == [0, 0]
    panel.show_judgement(judgement(digits))
    image = panel.matrix.grab().toImage()
    right, wrong, none = (QColor(image.pixel(panel.matrix.box(c).topLeft().toPoint() + QPoint(3, 3)))
                          for c in ((3, 3), (3, 4), (3, 8)))  # fmt: skip
    assert right.green() > right.red()
    assert wrong.red() > wrong.blue()
    assert none.lightness() > 240
