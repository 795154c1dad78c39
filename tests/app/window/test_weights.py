"""Weights are saved and opened by menus and keys, and chosen to start from in the data panel."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from core.run.trace import Cursor
from core.weights import read_weights
from viz_app.panels.data import DataPanel
from viz_app.panels.stage import StagePanel


@pytest.fixture
def window(open_window):
    return open_window("digits")


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Let weights that are not saved be lost; return the questions."""
    asked = []
    discard = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *parts: asked.append(parts[2]) or discard)
    return asked


def pick(box, row):
    """Choose an entry as a person does."""
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_menus_save_weights_and_a_key_opens_them(window, qtbot, choose, tmp_path):
    window.session.go(Cursor(4, 2))
    suggested = choose(tmp_path / "mine")
    window.parts.actions["save_weights"].trigger()
    assert suggested == ["digits-4.safetensors"]
    assert read_weights(tmp_path / "mine.safetensors").about["iteration"] == 4
    assert window.panels[StagePanel].line == f"Wrote {tmp_path / 'mine.safetensors'}: the weights after 4 iterations."
    before = window.session.trace.array("w_1", 4).copy()
    window.session.opening.open_preset("worked-2-2-2")
    choose(tmp_path / "mine.safetensors")
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert window.session.experiment.preset == "digits"
    assert window.windowTitle().startswith("Digits, 64-32-10")
    assert window.session.trace.array("w_1", 0).tobytes() == before.tobytes()
    assert window.panels[StagePanel].line == "Opened mine.safetensors."


def test_who_would_rather_not_changes_nothing(window, choose, tmp_path):
    experiment = window.session.experiment
    choose(None)
    window.parts.actions["save_weights"].trigger()
    window.parts.actions["open_weights"].trigger()
    assert window.session.experiment is experiment
    assert "eights" not in window.panels[StagePanel].line


def test_a_file_that_is_there_is_replaced_with_a_yes_alone(window, choose, tmp_path, monkeypatch):
    there = tmp_path / "mine.safetensors"
    there.write_text("mine")
    answers = [QMessageBox.StandardButton.No]
    names = iter([str(tmp_path / "mine"), ""])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(names), ""))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop())
    window.parts.actions["save_weights"].trigger()
    assert there.read_text() == "mine"
    assert answers == []


def test_a_bad_file_is_said_and_changes_nothing(window, choose, tmp_path):
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    experiment = window.session.experiment
    choose(tmp_path / "noise")
    window.parts.actions["open_weights"].trigger()
    assert window.session.experiment is experiment
    assert window.panels[StagePanel].line.startswith("noise: expected a safetensors file")


def test_weights_can_be_saved_where_there_are_any(window):
    action = window.parts.actions["save_weights"]
    assert action.isEnabled()
    window.session.opening.open_preset("conv-kernel")
    assert not action.isEnabled()
    window.session.opening.open_preset("digits")
    assert action.isEnabled()


def test_a_run_starts_from_trained_weights_and_again_from_scratch(window):
    data, session = window.panels[DataPanel], window.session
    scratch = session.trace.array("w_1").copy()
    session.go(Cursor(0, 6))
    pick(data._start, 1)
    assert session.experiment.options.start == "trained"
    assert session.place.cursor == Cursor(0, 6)
    assert not np.array_equal(session.trace.array("w_1"), scratch)
    loss = float(session.trace.array("loss"))
    pick(data._start, 0)
    assert session.trace.array("w_1").tobytes() == scratch.tobytes()
    assert loss < float(session.trace.array("loss"))


def test_another_preset_starts_from_scratch(window):
    pick(window.panels[DataPanel]._start, 1)
    window.session.opening.open_preset("attention")
    assert window.session.experiment.options.start == "scratch"
    assert not window.panels[DataPanel]._start.isVisible()


def test_the_loss_is_chosen_in_the_data_panel(window):
    pick(window.panels[DataPanel]._loss, 1)
    assert window.session.experiment.loss == "binary_cross_entropy"
    assert window.session.frame.program.producers["losses"].op.title == "Binary cross-entropy"


def test_saving_pauses_training_and_takes_what_it_has_reached(window, qtbot, choose, tmp_path):
    session = window.session
    session.trainer.start()
    qtbot.waitUntil(lambda: session.place.iteration > 5)
    choose(tmp_path / "mine")
    window.parts.actions["save_weights"].trigger()
    assert not session.trainer.training
    reached = read_weights(tmp_path / "mine.safetensors")
    assert reached.about["iteration"] == session.place.iteration == session.weights.saved_iteration
    assert reached.state["w_1"].tobytes() == session.trace.array("w_1", session.place.iteration).tobytes()


def test_opening_weights_stops_training(window, qtbot, choose, tmp_path, asked):
    session = window.session
    session.weights.save(tmp_path / "mine.safetensors")
    session.trainer.start()
    qtbot.waitUntil(lambda: session.place.iteration > 2)
    choose(tmp_path / "mine.safetensors")
    window.parts.actions["open_weights"].trigger()
    assert not session.trainer.training
    assert session.place.cursor == Cursor(0, 0)
    assert len(asked) == 1


def test_a_bad_file_leaves_training_as_it_was(window, qtbot, choose, tmp_path, asked):
    session = window.session
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    session.trainer.start()
    qtbot.waitUntil(lambda: session.place.iteration > 2)
    choose(tmp_path / "noise")
    window.parts.actions["open_weights"].trigger()
    assert session.trainer.training
    assert not asked
    reached = session.place.iteration
    qtbot.waitUntil(lambda: session.place.iteration > reached)
    session.trainer.pause()
