"""Sessions in the window: saved, opened by content, remembered, named in the title, asked about, and recovered."""

import gc
import os
import subprocess
import sys
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from core.editing.files import network_file
from core.images.photo import Photo
from core.images.settings import Preparation
from core.layers import Dense
from core.network import Network
from core.notation import Notation
from viz_app.frame.frame import Focus
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.draw import DrawPage
from viz_app.panels.own_input.image import ImagePage
from viz_app.panels.stage import StagePanel
from viz_app.saved.session_reading import read_session
from viz_app.widgets.drawing.paper import Brush
from viz_app.window.exporting.export_dialog import ExportDialog
from viz_app.window.sessions import Recovery

Buttons = QMessageBox.StandardButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def answers(monkeypatch):
    """Return the answers to give, and the questions that were asked."""
    given, asked = [], []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *parts: asked.append(parts[2]) or (given.pop(0) if given else Buttons.Discard)
    )
    return given, asked


def said(window):
    return window.panels[StagePanel].line


def train(window, qtbot, iterations=3):
    window.session.trainer.start()
    qtbot.waitUntil(lambda: window.session.place.iteration >= iterations, timeout=20_000)
    window.session.trainer.pause()


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), action, mime, button, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(QPoint(5, 5)), action, mime, button, none))


def test_keys_save_and_open_and_the_title_tells(open_window, qtbot, answers, choose, tmp_path):
    window = open_window("digits")
    given, asked = answers
    session, path = window.session, tmp_path / "lecture.netstep"
    assert window.windowTitle() == "Digits, 64-32-10[*] – NetStep"
    session.opening.set_options(optimizer="adam")
    assert not window.isWindowModified()  # it is chosen anew with a click
    train(window, qtbot)
    assert window.isWindowModified()
    reached = session.place.iteration
    session.navigation.go_to(reached, 12, focus=Focus("delta_1", (0, 5)))
    suggested = choose(tmp_path / "lecture")
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL)
    session.saving.finish()
    assert suggested == [f"digits-{reached}.netstep"]
    assert said(window) == f"Wrote {path}: the session."
    assert window.windowTitle() == "lecture.netstep[*] – Digits, 64-32-10 – NetStep"
    assert not window.isWindowModified()
    place, state = session.place, session.trace.run.state(reached)
    session.opening.set_options(learning_rate=0.5)
    assert window.isWindowModified()  # the file would tell another one
    suggested.clear()
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL)
    session.saving.finish()
    assert suggested == []
    window.parts.actions.groups["preset"].actions()[3].trigger()
    assert not asked
    assert session.experiment.preset == "sigmoid-3-4-2"
    assert session.saving.path is None
    choose(path)
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)
    session.saving.finish_opening()
    assert session.place == place
    assert session.experiment.now.learning_rate == 0.5
    assert session.trace.run.state(reached)["w_1"].tobytes() == state["w_1"].tobytes()
    assert said(window) == "Opened lecture.netstep."
    assert not window.isWindowModified()
    train(window, qtbot, reached + 2)
    given.append(Buttons.Cancel)
    assert not window.close()
    assert asked[0].startswith("lecture.netstep has changes that are not saved: ")
    given.append(Buttons.Save)
    assert window.close()
    assert read_session(path).place.iteration == session.place.iteration


def test_whatever_is_opened_or_dropped_is_told_by_its_content(open_window, qtbot, tmp_path, answers):
    """No name says what it is; each is opened as what it holds, and what was open last stands in a menu."""
    window = open_window("digits")
    session, sessions = window.session, window.sessions
    session.saving.save(tmp_path / "a.bin")
    session.saving.finish()
    session.opening.open_preset("sigmoid-3-4-2")
    session.weights.save(tmp_path / "b.bin")
    (tmp_path / "c.json").write_bytes(
        network_file(Network((3,), (Dense(5, "tanh"), Dense(2, "sigmoid"))), "squared_error")
    )
    (tmp_path / "d.csv").write_text("a,b\n1,2\n3,4\n5,6\n")
    session.opening.open_preset("worked-2-2-2")
    drop(window, tmp_path / "a.bin")
    session.saving.finish_opening()
    assert session.experiment.preset == "digits", said(window)
    drop(window, tmp_path / "b.bin")
    assert session.experiment.preset == "sigmoid-3-4-2"
    assert session.saving.path is None
    sessions.open_path(tmp_path / "c.json")
    assert [layer.units for layer in session.experiment.network.layers] == [5, 2]
    drop(window, tmp_path / "d.csv")
    qtbot.waitUntil(lambda: session.data.found.offer is not None, timeout=10_000)
    assert session.data.found.source == tmp_path / "d.csv"
    recent = sessions.recent
    recent.fill()
    assert [action.text() for action in recent.actions() if action.data()] == [
        "&1 d.csv",
        "&2 c.json",
        "&3 b.bin",
        "&4 a.bin",
    ]
    (tmp_path / "b.bin").unlink()
    recent.actions()[2].trigger()
    assert said(window) == f"b.bin was not opened: there is no file {tmp_path / 'b.bin'} any more."
    recent.fill()
    assert len([action for action in recent.actions() if action.data()]) == 3
    recent.actions()[-1].trigger()
    recent.fill()
    assert [action.text() for action in recent.actions()] == ["Nothing yet"]


def test_what_cannot_be_opened_or_written_leaves_all_as_it_was(open_window, qtbot, tmp_path, answers):
    window = open_window("digits")
    session, sessions = window.session, window.sessions
    session.navigation.go_to(2, 5)
    before = session.experiment, session.trace, session.place
    path = tmp_path / "it.netstep"
    session.saving.save(path)
    session.saving.finish()
    path.write_bytes(path.read_bytes()[:-50])
    sessions.open_path(path)
    session.saving.finish_opening()
    assert said(window) == (
        "it.netstep was not opened: the file is damaged or cut short, so nothing of it can be trusted."
    )
    assert (session.experiment, session.trace, session.place) == before
    nowhere = tmp_path / "nowhere" / "it.netstep"
    session.saving.save(nowhere)
    session.saving.finish()
    assert (
        said(window) == f"The session was not written into {nowhere}: No such file or directory. Choose another place."
    )
    session.saving.save(path)
    session.saving.finish()
    train(window, qtbot)
    answers[0].append(Buttons.Cancel)
    sessions.open_path(path)
    session.saving.finish_opening()
    assert said(window) == "it.netstep was not opened: what is open stays."
    assert session.trainer.trained > 0


def test_a_script_makes_the_picture_that_the_window_exports(open_window, qtbot, choose, tmp_path):
    """Byte for byte, in another process, with the look, the steps and the view that the session was saved with."""
    window = open_window("digits", batch_size=3)
    session = window.session
    session.navigation.go_to(2, 12, focus=Focus("delta_1", (1, 5)))
    session.viewing.set_row(1)
    window._handlers.choices.choose_comma(True)
    window._handlers.choices.take_look(
        window.parts.preferences.look.__class__(notation=Notation.Z_A, size=(640, 480), text=1.3)
    )
    window.parts.appearance.set_scale(150)
    dialog = ExportDialog(session, window.parts.preferences.look, window)
    dialog.looks.themes.setCurrentIndex(dialog.looks.themes.findData("dark"))
    choose(tmp_path / "window.png")
    with qtbot.waitSignal(dialog.done_writing, timeout=20_000):
        dialog._export.click()
    session.saving.save(tmp_path / "it.netstep", window.parts.appearance.chosen)
    session.saving.finish()
    command = [sys.executable, "-m", "viz_app", "export", str(tmp_path / "it.netstep"), "--out"]
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run([*command, str(tmp_path / "script.png")], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "script.png").read_bytes() == (tmp_path / "window.png").read_bytes()
    again = ExportDialog(session, window.parts.preferences.look, window)
    assert again.chosen == dialog.chosen
    for one in (dialog, again):
        one.deleteLater()


def test_how_the_window_looks_comes_with_the_session(open_window, tmp_path):
    window = open_window("digits")
    choices, preferences, session = window._handlers.choices, window.parts.preferences, window.session
    choices.choose_comma(True)
    window.parts.appearance.set_theme("dark")
    session.saving.save(tmp_path / "it.netstep", window.parts.appearance.chosen)
    session.saving.finish()
    choices.choose_comma(False)
    window.parts.appearance.set_theme("light")
    session.saving.open(tmp_path / "it.netstep")
    session.saving.finish_opening()
    assert preferences.look.writing.comma
    assert preferences.theme == "dark"
    assert window.parts.actions["decimal_comma"].isChecked()
    assert session.place.options.writing.comma


def test_what_stands_beside_the_run_comes_with_the_session(open_window, tmp_path):
    window = open_window("digits")
    session, panel = window.session, window.panels[OwnInputPanel]
    window.parts.player.set_speed(8.0)
    window.parts.actions["own_input"].trigger()
    panel.choose(DrawPage)
    page, image = panel.page_of(DrawPage), panel.page_of(ImagePage)
    page.pad.paper.begin(Brush(40), 200, 60)
    page.pad.paper.lead(210, 360)
    page.pad.paper.end()
    sheet = page.pad.paper.pixels.copy()
    pixels = np.full((40, 30), 230, np.uint8)
    pixels[8:32, 13:18] = 20
    image.take(Photo(pixels, "one.png"), Preparation(threshold=0.6))
    session.saving.save(tmp_path / "it.netstep", window.parts.looks, window.parts.own)
    session.saving.finish()
    page.pad.clear()
    image.take(None, Preparation())
    window.parts.player.set_speed(1.0)
    session.saving.open(tmp_path / "it.netstep")
    session.saving.finish_opening()
    assert window.parts.player.speed == 8.0
    assert np.array_equal(page.pad.paper.pixels, sheet)
    assert not page.pad.paper.untouched
    assert image.photo.title == "one.png"
    assert image.settings.threshold == 0.6
    assert session.guests.guest is None  # the network is not run on them unasked
    panel.choose(ImagePage)
    assert image.prepared is not None
    late = open_window("digits")  # its pages are made when they are first shown
    late.session.saving.open(tmp_path / "it.netstep")
    late.session.saving.finish_opening()
    assert np.array_equal(late.parts.own.drawing, sheet)
    late.parts.actions["own_input"].trigger()
    assert np.array_equal(late.panels[OwnInputPanel].page_of(DrawPage).pad.paper.pixels, sheet)


@pytest.fixture
def recovery(tmp_path):
    """Return a function that lets a window keep its session; all of them end with the test."""
    made = []

    def make(window):
        one = Recovery(window.parts, tmp_path / "state")
        made.append(one)
        one.start()
        return one

    yield make
    for one in made:
        one.close()


def test_each_window_keeps_its_session_and_what_is_left_is_offered(open_window, recovery, answers, tmp_path):
    given, asked = answers
    first, second = open_window("digits"), open_window("worked-2-2-2")
    one, other = recovery(first), recovery(second)
    assert not one.offer()
    assert not other.offer()
    one.keep()
    assert not one.path.exists()  # nothing has been done yet
    first.session.opening.set_options(optimizer="adam")
    first.session.navigation.go_to(3, 7)
    second.session.navigation.go_to(5, 2)
    for keeper in (one, other):
        keeper.keep()
        keeper._background.wait()
    assert {one.path.name, other.path.name} == {"recovery-1.netstep", "recovery-2.netstep"}
    left = one.path.read_bytes()
    one.close()
    assert not one.path
    assert not (tmp_path / "state" / "recovery-1.netstep").exists()
    (tmp_path / "state" / "recovery-1.netstep").write_bytes(left)  # as if it had not closed
    third = recovery(first)
    assert not asked
    given.append(Buttons.Open)
    first.session.opening.open_preset("worked-2-2-2")
    assert third.offer()
    assert "did not close properly" in asked[0]
    assert first.session.experiment.now.optimizer == "adam"
    assert (first.session.place.iteration, first.session.place.step) == (3, 7)
    assert first.isWindowModified()
    assert first.session.saving.path is None
    assert said(first) == "Recovered the session."
    third.close()
    assert not list((tmp_path / "state").glob("recovery-1.netstep"))


def test_what_a_killed_save_has_left_goes_with_the_next_save_and_the_next_start(open_window, recovery, tmp_path):
    window = open_window("worked-2-2-2")
    (tmp_path / "state").mkdir()
    left = [folder / ".netstep-999999999-0.part" for folder in (tmp_path, tmp_path / "state")]
    for part in left:
        part.write_bytes(b"half")
        os.utime(part, (0, 0))
    recovery(window)
    assert [part.exists() for part in left] == [True, False]
    window.session.saving.save(tmp_path / "it.netstep")
    window.session.saving.finish()
    assert not left[0].exists()


def test_a_recovered_session_that_nobody_wants_goes(open_window, recovery, answers, tmp_path):
    window = open_window("digits")
    (tmp_path / "state").mkdir()
    path = tmp_path / "state" / "recovery-4.netstep"
    window.session.saving.save(path)
    window.session.saving.finish()
    keeper = recovery(window)
    before = window.session.experiment
    assert not keeper.offer()
    assert len(answers[1]) == 1
    assert not path.exists()
    assert window.session.experiment is before


def test_no_run_stays_that_is_not_open_any_more(open_window, recovery, answers, tmp_path):
    """What would be lost, and what is kept for recovery, is known without the values of runs before."""
    window = open_window("sigmoid-3-4-2")
    session, path = window.session, tmp_path / "a.netstep"
    kept = recovery(window)
    kept.offer()
    before = []
    for preset in ("worked-2-2-2", "sigmoid-3-4-2"):
        session.saving.save(path)
        session.saving.finish()
        kept.keep_now()
        before += [weakref.ref(session.trace), weakref.ref(session.frame)]
        session.opening.open_preset(preset)
        session.saving.open(path)
        session.saving.finish_opening()
        before += [weakref.ref(session.trace), weakref.ref(session.frame)]
        session.opening.open_preset(preset)
    QApplication.processEvents()
    gc.collect()
    assert [one() for one in before] == [None] * len(before)
