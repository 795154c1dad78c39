"""Training in the window: by key, by button, and what becomes of what has been learnt."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QTabWidget

from core.presets import open_preset
from core.run.breakpoints import AtStep
from core.run.training import Goal
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.training.options import OptionsPanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.panels.transport import TransportPanel
from viz_app.saved.session_reading import read_session
from viz_app.session.session import Session
from viz_app.window.docking.docks import LOSS
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

Buttons = QMessageBox.StandardButton
Key = Qt.Key


@pytest.fixture
def answers(monkeypatch):
    """What is answered to the questions of the window, in order; each question is kept in ``asked``."""
    given, asked = [], []
    monkeypatch.setattr(QMessageBox, "question", lambda *parts: asked.append(parts[2]) or given.pop(0))
    given_and_asked = given, asked
    yield given_and_asked
    assert not given, "questions that were not asked"


@pytest.fixture
def window(qtbot, tmp_path, answers):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    session = Session(open_preset("digits", batch_size=32, shuffle=True, held_back=197))
    window = MainWindow(session, Preferences(store))
    qtbot.addWidget(
        window,
        before_close_func=lambda _: answers[0].append(Buttons.Discard) if lost(window) and window.isVisible() else None,
    )
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    return window


def lost(window):
    return window.session.trainer.trained > (window.session.weights.saved_iteration or 0)


def train(qtbot, window, iterations=10):
    qtbot.keyClick(window, Key.Key_T)
    assert window.session.trainer.training
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration >= iterations, timeout=20_000)
    qtbot.keyClick(window, Key.Key_T)
    assert not window.session.trainer.training
    return window.session.frame.cursor.iteration


def test_the_key_trains_and_pauses_and_the_window_follows(window, qtbot):
    transport = window.panels[TransportPanel]
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: "epoch" in transport._where.text, timeout=20_000)
    qtbot.waitUntil(lambda: len(window.panels[CurvesPanel].plot.points()) > 3, timeout=20_000)
    assert "Pause" in transport.buttons["train"].toolTip()
    qtbot.mouseClick(transport.buttons["train"], Qt.MouseButton.LeftButton)
    assert not window.session.trainer.training
    assert transport._where.text.startswith("of 0–")
    before = window.session.frame.cursor
    qtbot.keyClick(window, Key.Key_Right)
    qtbot.keyClick(window, Key.Key_Left)
    assert window.session.frame.cursor == before
    qtbot.keyClick(window, Key.Key_Left)
    assert window.session.frame.cursor.iteration == before.iteration - 1


def test_stop_goes_back_to_where_training_began(window, qtbot):
    window.session.navigation.go_to(2, 5)
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration > 10, timeout=20_000)
    qtbot.keyClick(window, Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert not window.session.trainer.training
    qtbot.waitUntil(lambda: not window.session.busy)
    assert (window.session.frame.cursor.iteration, window.session.frame.cursor.step) == (2, 5)
    assert window.session.trainer.trained > 10, "what has been learnt stays known"


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Escape, Key.Key_Right])
def test_other_keys_pause_it_too(window, qtbot, key):
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration > 3, timeout=20_000)
    qtbot.keyClick(window, key)
    assert not window.session.trainer.training
    assert not window.parts.player.playing


def test_the_rate_changes_in_the_middle_without_a_reset(window, qtbot):
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration > 3, timeout=20_000)
    window.panels[OptionsPanel].options_requested.emit({"learning_rate": 0.02})
    assert window.session.trainer.training
    reached = window.session.frame.cursor.iteration
    assert reached > 3
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration > reached, timeout=20_000)
    assert window.session.experiment.now.learning_rate == 0.02


def test_a_breakpoint_of_the_panel_halts_training(window, qtbot):
    qtbot.keyClick(window, Key.Key_B)
    key = window.session.frame.step.output.key
    assert list(window.session.breakpoints) == [AtStep(key)]
    tabs = window.parts.docks[LOSS.title].widget()
    assert isinstance(tabs, QTabWidget)
    assert tabs.tabText(tabs.currentIndex()) == WatchPanel.title
    window.session.navigation.step(2)
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: not window.session.trainer.training, timeout=20_000)
    assert (window.session.frame.cursor.iteration, window.session.frame.step.output.key) == (1, key)
    qtbot.keyClick(window, Key.Key_B)
    assert len(window.session.breakpoints) == 0


def test_it_stops_where_the_form_says(window, qtbot):
    window.panels[OptionsPanel].goal_requested.emit(Goal(epochs=40, accuracy_above=0.5))
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: not window.session.trainer.training, timeout=20_000)
    assert "accuracy is above" in window.panels[StagePanel].line


def test_closing_in_the_middle_of_training_stops_it_and_asks(window, qtbot, answers):
    given, asked = answers
    qtbot.keyClick(window, Key.Key_T)
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration > 3, timeout=20_000)
    given.append(Buttons.Cancel)
    assert not window.close()
    assert window.isVisible()
    assert not window.session.trainer.training
    assert "not saved" in asked[0]
    given.append(Buttons.Discard)
    assert window.close()


def test_another_network_in_the_middle_of_training_asks(window, qtbot, answers):
    given, _ = answers
    train(qtbot, window)
    before = window.session.experiment
    given.append(Buttons.Cancel)
    window.parts.actions.groups["preset"].actions()[0].trigger()
    assert window.session.experiment is before
    given.append(Buttons.Discard)
    window.parts.actions.groups["preset"].actions()[0].trigger()
    assert window.session.experiment is not before


def test_saving_what_was_trained_asks_no_more(window, qtbot, answers, monkeypatch, tmp_path):
    given, asked = answers
    reached = train(qtbot, window)
    path = tmp_path / "trained.netstep"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    given.append(Buttons.Save)
    assert window.close()
    assert len(asked) == 1
    assert read_session(path).place.iteration == reached


def test_nothing_is_asked_where_nothing_was_trained(window, qtbot, answers):
    qtbot.keyClick(window, Key.Key_Right)
    window.session.navigation.go_to(3, 0)
    assert window.close()
    assert not answers[1]


def test_what_cannot_be_trained_offers_no_training(window, qtbot):
    window.session.opening.open_preset("conv-kernel")
    QApplication.processEvents()
    assert not window.panels[TransportPanel].buttons["train"].isVisible()
    assert not window.parts.actions["train"].isEnabled()
    qtbot.keyClick(window, Key.Key_T)
    assert not window.session.trainer.training
