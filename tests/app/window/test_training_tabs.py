"""The tabs of the training dock in the window: measured and judged while they are seen, and clicked."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QTabWidget

from core.run.training import Goal
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.panels.training.layer_stats import LayerStatsPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def open_digits(open_window, monkeypatch):
    """Return a function that opens the digits in a large window; what was learnt may be lost."""
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    return partial(open_window, "digits", (1600, 1000))


def choose(qtbot, window, title):
    tabs = next(tabs for tabs in window.findChildren(QTabWidget) if tabs.count() >= 4)
    place = next(place for place in range(tabs.count()) if tabs.tabText(place) == title)
    qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(place).center())
    assert tabs.currentIndex() == place


def test_layers_are_measured_only_while_their_tab_is_seen(open_digits, qtbot):
    window = open_digits(batch_size=16)
    told = []
    window.session.measuring.changed.connect(told.append)
    window.session.navigation.go_to(1, 24)
    assert told == []
    choose(qtbot, window, "Layers")
    assert told[-1].iteration == 1
    assert window.findChild(LayerStatsPanel).table.texts(0)[2] != "–"
    choose(qtbot, window, "Curves")
    count = len(told)
    window.session.navigation.go_to(2, 0)
    assert len(told) == count


def test_while_it_trains_the_layers_move(open_digits, qtbot):
    window = open_digits(batch_size=16)
    choose(qtbot, window, "Layers")
    panel, seen = window.findChild(LayerStatsPanel), set()

    def note(_):
        seen.add(panel.table.texts(0))

    window.session.trainer.iteration_passed.connect(note)
    window.session.trainer.set_goal(Goal())
    window.session.trainer.start()
    qtbot.waitUntil(lambda: len(seen) >= 3, timeout=20_000)
    window.session.trainer.pause()
    assert all("–" not in texts for texts in seen)


def test_a_sample_behind_a_number_is_shown_in_the_stage(open_digits, qtbot):
    window = open_digits(batch_size=8, held_back=200, shuffle=True)
    session, panel = window.session, window.findChild(ConfusionPanel)
    session.viewing.set_row(3)
    with qtbot.waitSignal(session.judging.judged, timeout=20_000) as told:
        choose(qtbot, window, "Confusion")
    confusion = told.args[0].evaluation.confusion
    label, guess = divmod(int(confusion.argmax()), 10)
    qtbot.mouseClick(panel.matrix, LEFT, pos=panel.matrix.box((label, guess)).center().toPoint())
    sample = panel.gallery.samples[-1]
    panel.gallery.sample_requested.emit(sample)
    assert sample in session.experiment.held_back
    assert session.guests.guest.sample == sample
    assert session.place.options.sample == 0
    shown = next(view for view in session.frame.operands if view.key == "x")
    assert shown.array[0].tolist() == session.experiment.dataset.inputs[sample].tolist()


def test_to_train_takes_the_usual_samples(open_digits, qtbot):
    window = open_digits(batch_size=8, held_back=200)
    session = window.session
    usual = session.experiment.samples(0)
    window.findChild(ConfusionPanel).sample_requested.emit(1700)
    assert session.guests.guest.sample == 1700
    window.parts.actions["train"].trigger()
    assert session.trainer.training
    assert session.experiment.samples(0) == usual
    session.trainer.pause()


def test_a_click_on_a_sample_pauses_training(open_digits, qtbot):
    window = open_digits(batch_size=8)
    window.session.trainer.start()
    with qtbot.waitSignal(window.session.trainer.progressed, timeout=20_000):
        pass
    window.findChild(ConfusionPanel).sample_requested.emit(5)
    assert not window.session.trainer.training
    assert window.session.guests.guest.sample == 5


def test_while_it_trains_the_matrix_follows_the_epochs(open_digits, qtbot):
    window = open_digits(batch_size=64, held_back=1000)
    choose(qtbot, window, "Confusion")
    panel, told = window.findChild(ConfusionPanel), set()
    window.session.trainer.set_goal(Goal())

    def note(_):
        told.add(panel.told)

    window.session.judging.judged.connect(note)
    window.session.trainer.start()
    qtbot.waitUntil(lambda: len(told) >= 3, timeout=20_000)
    window.session.trainer.pause()
    assert all("of 1,000 held back" in text for text in told)


@pytest.mark.parametrize("title", ["Layers", "Confusion"])
def test_closing_while_a_tab_is_seen_and_the_run_is_trained_is_clean(open_digits, qtbot, title):
    window = open_digits(batch_size=16)
    choose(qtbot, window, title)
    window.session.trainer.start()
    with qtbot.waitSignal(window.session.trainer.progressed, timeout=20_000):
        pass
    window.close()
    assert not window.session.trainer.training
