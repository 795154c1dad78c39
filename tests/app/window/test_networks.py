"""The menu Network: what is edited takes the place of what is open, and what cannot be leaves all as it was."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMessageBox, QToolButton

from core.editing.files import network_file
from core.layers import Dense, Node, Sum
from core.network import Graph, Input, Network
from core.run.trace import Cursor
from tests.core.editing.test_files import BAD
from viz_app.panels.data import DataPanel
from viz_app.panels.editor import EditorPanel, Proposal
from viz_app.panels.stage import StagePanel

RESIDUAL = Graph(
    {"x": Input((64,))},
    (
        Node("hidden", Dense(64), ("x",)),
        Node("sum", Sum(), ("hidden", "x")),
        Node("end", Dense(10, "softmax"), ("sum",)),
    ),
    "end",
)


@pytest.fixture
def window(open_window, monkeypatch):
    """Return a window whose person never minds losing what was learnt."""
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    return open_window("digits")


@pytest.fixture
def answer(monkeypatch):
    """Return a function that says which file is chosen from now on."""

    def take(path):
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))

    return take


def editor(window) -> EditorPanel:
    """Open the editor with its key."""
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    return window.panels[EditorPanel]


def trigger(window, name):
    window.parts.actions[name].trigger()


def said(window):
    return window.panels[StagePanel].line


def units(window):
    return [layer.units for layer in window.session.experiment.network.layers]


def change(panel, place, name, text):
    field = panel.form.layers.rows[place].boxes[name].control
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def everything(window):
    """Return all that may not change where something is refused."""
    session = window.session
    return session.experiment, session.trace, session.place, session.frame


def test_the_editor_opens_by_its_key_and_by_the_button_in_the_title(window):
    panel = editor(window)
    assert panel.isVisible()
    panel.form.close_button.click()
    assert not panel.isVisible()
    button = window.parts.docks["Network"].findChild(QToolButton, "small")
    assert button.text() == "Edit…"
    button.click()
    assert panel.isVisible()
    QTest.keyClick(panel.form.layers.rows[0].handle, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_nothing_happens_to_the_run_until_the_draft_is_applied(window):
    before = everything(window)
    panel = editor(window)
    change(panel, 0, "units", "16")
    panel.form.close_button.click()
    assert everything(window) == before
    panel = editor(window)
    assert panel.desk.draft.parts[0].values["units"] == 16


def test_what_is_applied_in_the_middle_of_a_run_keeps_its_weights(window):
    session = window.session
    session.opening.set_options(batch_size=8, optimizer="adam")
    session.navigation.go_to(5, 3)
    shown = {key: session.trace.array(key, 5) for key in ("w_1", "b_1", "w_2", "b_2")}
    assert not np.array_equal(shown["w_1"], session.trace.array("w_1", 0))
    panel = editor(window)
    panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    panel.form.apply.click()
    assert units(window) == [32, 32, 10]
    assert session.place.cursor.iteration == 0
    for now, before in {"w_1": "w_1", "b_1": "b_1", "w_3": "w_2", "b_3": "b_2"}.items():
        assert session.trace.array(now).tobytes() == shown[before].tobytes()
    drawn = session.experiment.network.initial(0)
    assert np.array_equal(session.trace.array("w_2"), drawn["w_2"])
    assert session.experiment.options.batch_size == 8
    assert session.experiment.options.optimizer == "adam"
    assert np.isfinite(session.trace.array("loss", 3))
    assert said(window) == "The network is changed; the run starts again at iteration 0."


def test_an_edited_network_is_called_so_and_the_preset_opens_its_own_again(window):
    panel = editor(window)
    change(panel, 0, "units", "16")
    panel.form.apply.click()
    box = window.panels[DataPanel].findChild(QComboBox)
    assert window.windowTitle() == "Digits, 64-32-10 (edited)[*] – NetStep"
    assert box.currentText() == "Digits, 64-32-10 (edited)"
    box.activated.emit(box.currentIndex())
    assert units(window) == [32, 10]
    assert window.windowTitle() == "Digits, 64-32-10[*] – NetStep"
    assert box.currentText() == "Digits, 64-32-10"


def test_options_that_change_keep_the_edited_network_and_its_weights(window):
    session = window.session
    session.navigation.go_to(4, 0)
    kept = session.trace.array("w_1", 4)
    panel = editor(window)
    panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    change(panel, 1, "units", "7")
    change(panel, 0, "units", "32")
    panel.form.apply.click()
    for chosen in ({"batch_size": 4}, {"seed": 3}, {"dtype": "float64"}, {"optimizer": "momentum"}, {"sample": 9}):
        assert session.opening.set_options(**chosen)
        assert units(window) == [32, 7, 10]
        assert np.array_equal(session.trace.array("w_1"), kept.astype(session.experiment.options.dtype))
    drawn = session.experiment.network.initial(3, "float64")
    assert np.array_equal(session.trace.array("w_2"), drawn["w_2"])
    assert panel.desk.report.fits
    assert not session.opening.set_options(batch_size=0)
    assert units(window) == [32, 7, 10]


def test_what_was_applied_can_be_undone_and_applied_again(window):
    panel = editor(window)
    change(panel, 0, "units", "16")
    panel.form.apply.click()
    assert [row.keeping.text() for row in panel.form.layers.rows] == ["· keeps its weights"] * 2
    panel.form.undo.click()
    assert [row.keeping.text() for row in panel.form.layers.rows] == ["· begins anew"] * 2
    panel.form.apply.click()
    assert units(window) == [32, 10]
    panel.form.redo.click()
    panel.form.apply.click()
    assert units(window) == [16, 10]


def test_what_does_not_fit_cannot_be_applied_by_any_way(window):
    before = everything(window)
    panel = editor(window)
    change(panel, 1, "units", "12")
    assert not panel.form.apply.isEnabled()
    panel.form.apply.click()
    QTest.keyClick(
        panel.form.layers.rows[1].boxes["units"].control, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert everything(window) == before


def test_a_network_that_is_refused_leaves_all_as_it_was_and_says_why(window):
    before = everything(window)
    assert not window.session.opening.edit(Network((64,), (Dense(9, "softmax"),)), "cross_entropy")
    assert everything(window) == before
    assert said(window) == "The last layer has 9 outputs; the data have 10 classes."


def test_playing_stops_when_another_network_comes(window):
    panel = editor(window)
    change(panel, 0, "units", "16")
    window.parts.player.toggle()
    panel.form.apply.click()
    assert not window.parts.player.playing


def test_the_settings_of_a_preset_stay_with_an_edited_network(window):
    session = window.session
    session.opening.open_preset("attention")
    panel = editor(window)
    panel.form.layers.edges[2].menu.action_for(Dense).trigger()
    panel.form.apply.click()
    assert len(session.experiment.network.layers) == 4
    assert session.opening.set_settings(warm_up=0)
    assert len(session.experiment.network.layers) == 4
    assert session.opening.set_settings(heads=1)
    assert len(session.experiment.network.layers) == 3
    assert session.experiment.edit is None
    assert said(window) == "The settings make another network; what was edited is gone."


def test_points_of_the_playground_change_under_an_edited_network(window):
    session = window.session
    session.opening.open_preset("playground")
    panel = editor(window)
    panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    panel.form.apply.click()
    edited_network = session.experiment.network
    assert session.opening.set_settings(noise=0.1)
    assert session.experiment.network is edited_network
    trigger(window, "restart")
    assert session.experiment.network is edited_network


def test_what_is_applied_while_training_keeps_what_was_learnt(window, qtbot):
    session = window.session
    panel = editor(window)
    panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    session.trainer.start()
    qtbot.waitUntil(lambda: session.place.iteration > 20)
    run = session.trace.run
    panel.form.apply.click()
    assert not session.trainer.training
    reached = run.nearest(10**9)
    learnt = run.state(reached)
    assert reached > 20
    assert session.trace.array("w_1").tobytes() == learnt["w_1"].tobytes()
    assert session.trace.array("w_3").tobytes() == learnt["w_2"].tobytes()


def test_training_goes_on_where_a_network_is_refused(window):
    window.session.trainer.start()
    other = Proposal(Network((63,), (Dense(10, "softmax"),)), "cross_entropy", {})
    window.panels[EditorPanel].apply_requested.emit(other)
    assert said(window).endswith("the data have 64.")
    assert window.session.trainer.training
    window.session.trainer.pause()


def test_an_edited_loss_takes_the_place_of_that_of_the_options(window):
    session = window.session
    assert session.opening.set_options(loss="huber_error:0.5")
    panel = editor(window)
    assert panel.form.loss.currentText() == "Huber error 0.5"
    panel.form.loss.setCurrentIndex(panel.form.loss.findData("squared_error"))
    panel.form.loss.activated.emit(panel.form.loss.currentIndex())
    panel.form.apply.click()
    assert session.experiment.loss == "squared_error"
    assert session.opening.set_options(batch_size=2)
    assert session.experiment.loss == "squared_error"


def test_a_network_is_saved_and_opened(window, answer, tmp_path):
    path = tmp_path / "network.json"
    panel = editor(window)
    change(panel, 0, "units", "16")
    panel.form.apply.click()
    answer(path.with_suffix(""))
    trigger(window, "save_network")
    assert said(window) == f"Wrote {path}."
    window.session.opening.open_preset("digits")
    answer(path)
    trigger(window, "open_network")
    assert units(window) == [16, 10]
    assert said(window) == "Opened network.json; all weights begin anew."


def test_a_graph_comes_by_file_and_is_run(window, answer, tmp_path):
    path = tmp_path / "residual.json"
    path.write_bytes(network_file(RESIDUAL, "cross_entropy"))
    answer(path)
    trigger(window, "open_network")
    session = window.session
    assert session.experiment.network == RESIDUAL
    session.navigation.go_to(2, len(session.frame.program.steps) - 1)
    assert session.place.cursor == Cursor(2, len(session.frame.program.steps) - 1)
    panel = editor(window)
    assert "is a graph" in panel.form.blocked.text()
    assert session.opening.set_options(batch_size=3)
    assert session.experiment.network == RESIDUAL


@pytest.mark.parametrize("name", [*BAD, "missing", "a folder", "other data", "other classes"])
def test_a_bad_file_is_refused_in_a_sentence_and_leaves_all_as_it_was(window, answer, tmp_path, name):
    path = tmp_path / "Bad.json"
    others = {"other data": Network((63,), (Dense(10, "softmax"),)), "other classes": Network((64,), (Dense(9),))}
    if name in BAD:
        path.write_bytes(BAD[name])
    elif name == "a folder":
        path.mkdir()
    elif name in others:
        path.write_bytes(network_file(others[name], "squared_error"))
    before = everything(window)
    answer(path)
    trigger(window, "open_network")
    assert everything(window) == before
    assert said(window).endswith(".")
    assert "network" in said(window) or "layer" in said(window)


def test_a_network_that_cannot_be_saved_leaves_the_old_file_whole(window, answer, tmp_path, monkeypatch):
    path = tmp_path / "network.json"
    path.write_text("old")
    answer(path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    trigger(window, "save_network")
    assert path.read_text() == "old"
    assert said(window) == "The network was not saved: No space left on device."
    assert list(tmp_path.glob(".netstep-*")) == []


def test_where_there_is_no_network_none_is_saved(window, answer, tmp_path):
    window.session.opening.open_preset("batched-product")
    answer(tmp_path / "network.json")
    trigger(window, "save_network")
    assert said(window) == "There is no network to save: batched-product has none."
    assert not (tmp_path / "network.json").exists()


def test_what_is_saved_is_plain_json(window, answer, tmp_path):
    answer(tmp_path / "network.json")
    trigger(window, "save_network")
    about = json.loads((tmp_path / "network.json").read_text())
    assert about["loss"] == "cross_entropy"
    assert [layer["layer"] for layer in about["layers"]] == ["Dense", "Dense"]


def test_the_editor_is_as_large_as_there_is_room_beside_larger_text(window):
    window.parts.appearance.set_scale(200)
    window.resize(1280, 720)
    editor(window)
    size = window.parts.editor.size()
    assert size.width() <= 1280
    assert size.height() <= 720
    assert size.width() > 1000
    row = window.panels[EditorPanel].form.layers.rows[0]
    for box in row.boxes.values():
        assert row.rect().contains(box.geometry().translated(box.parentWidget().pos()))


def test_closing_the_window_closes_the_editor(window):
    panel = editor(window)
    window.close()
    assert not panel.isVisible()
