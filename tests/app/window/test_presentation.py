"""The presentation: the same session on another screen, keys of a remote, and controls that come with the mouse."""

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from core.values import Phase
from viz_app.paint.theme import THEMES
from viz_app.panels.presenter import PresenterPanel, elapsed, next_name
from viz_app.panels.stage import StagePanel
from viz_app.picture.elements import Formula, Heatmap
from viz_app.window.presentation.pointer import Look
from viz_app.window.presentation.screens import chosen_screen
from viz_app.window.presentation.window import PresentationWindow

Key = Qt.Key


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def present(window, qtbot):
    """Return a function that begins a presentation with its key, as large as it is told."""

    def begun(size=(1280, 720)):
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window.windowHandle(), Key.Key_F5)
        (shown,) = window.findChildren(PresentationWindow)
        shown.showNormal()
        shown.resize(*size)
        with qtbot.waitActive(shown):
            shown.activateWindow()
        return shown

    return begun


def is_over(window):
    return not window.findChildren(PresentationWindow)


def press(shown, *keys):
    for key in keys:
        QTest.keyClick(shown.windowHandle(), key)


def test_it_shows_what_the_window_shows_and_the_keys_of_a_remote_step_both(window, present):
    shown, session = present(), window.session
    assert window.parts.actions["present"].isChecked()
    press(shown, Key.Key_PageDown, Key.Key_PageDown, Key.Key_PageUp, Key.Key_Right)
    assert session.place.step == 2
    for stage in (shown.stage, window.panels[StagePanel]):
        formulas = [e.tex for e in stage.canvas.picture.elements if isinstance(e, Formula)]
        assert session.frame.equation in formulas
    press(shown, Key.Key_Down)
    assert session.place.cell == 0
    press(shown, Key.Key_Up, Key.Key_End, Key.Key_Home)
    assert (session.place.cell, session.place.step) == (None, 0)


def test_the_type_fills_the_room_and_the_maps_stay(window, present):
    shown = present()
    own = window.panels[StagePanel].canvas
    for size in ((1280, 720), (3840, 2160), (1024, 768)):
        shown.resize(*size)
        canvas = shown.stage.canvas
        picture, scale = canvas.picture, canvas.view.scale
        assert canvas.size().toTuple() == size
        assert picture.em * scale / size[0] > 1.15 * own.picture.em / window.width()
        edges = [canvas.view.to_widget(e.rect.right, e.rect.bottom) for e in picture.heatmaps]
        assert max(x for x, _ in edges) <= size[0]
        assert max(y for _, y in edges) <= size[1]
        largest = max(e.rect.width * e.rect.height for e in picture.heatmaps) * scale**2
        assert largest > 0.02 * size[0] * size[1]


def test_a_black_screen_comes_and_goes_and_escape_leaves_step_by_step(window, present):
    shown = present()
    for key in (Key.Key_B, Key.Key_Period):
        press(shown, key)
        assert shown.black.isVisible()
        assert shown.black.geometry() == shown.rect()
        press(shown, key)
        assert shown.black.isHidden()
    assert not list(window.session.breakpoints)  # B is another key in the main window
    press(shown, Key.Key_B, Key.Key_Escape)
    assert shown.black.isHidden()
    assert shown.isVisible()
    press(shown, Key.Key_Escape)
    assert not window.parts.actions["present"].isChecked()
    assert not window.parts.actions["present"].isChecked()
    assert window.panels[PresenterPanel].isHidden()


def test_controls_and_the_arrow_come_with_the_mouse_and_go_when_it_rests(window, present):
    shown = present()
    canvas = shown.stage.canvas
    assert shown.controls.isHidden()
    QTest.mouseMove(shown.windowHandle(), QPoint(600, 300))
    assert shown.controls.isVisible()
    assert canvas.cursor().shape() is not Qt.CursorShape.BlankCursor
    assert shown.rect().contains(shown.controls.geometry())
    shown._idle.timeout.emit()  # the time that it waits is no matter of the test
    assert shown.controls.isHidden()
    assert canvas.cursor().shape() is Qt.CursorShape.BlankCursor
    QTest.mouseMove(shown.windowHandle(), QPoint(610, 300))
    session = window.session
    controls = shown.controls
    controls.buttons["step"].click()
    assert session.place.step == 1
    controls.phases[Phase.BACKWARD].click()
    assert session.frame.phase is Phase.BACKWARD
    assert controls.phases[Phase.BACKWARD].isChecked()
    assert not controls.phases[Phase.FORWARD].isChecked()
    controls.phases[Phase.BACKWARD].click()  # where it is already, it stays the one that is pressed
    assert controls.phases[Phase.BACKWARD].isChecked()
    controls.field.setFocus()
    QTest.keyClicks(controls.field, "3")
    press(shown, Key.Key_Return)
    assert session.place.iteration == 3
    controls.buttons["play"].click()
    assert window.parts.player.playing
    controls.buttons["play"].click()
    assert not window.parts.player.playing
    controls.buttons["close"].click()
    assert not window.parts.actions["present"].isChecked()


def test_the_pointer_follows_the_mouse_in_the_place_of_the_arrow(present):
    shown = present()
    looks = []
    for _ in Look:
        press(shown, Key.Key_L)
        QTest.mouseMove(shown.windowHandle(), QPoint(400 + len(looks), 300))
        looks.append(shown.pointer.look)
        arrow = shown.stage.canvas.cursor().shape() is not Qt.CursorShape.BlankCursor
        assert arrow is (looks[-1] is Look.NONE)
        assert shown.pointer.isVisible() is (looks[-1] is not Look.NONE)
    assert looks == [Look.DOT, Look.SPOTLIGHT, Look.NONE]
    assert shown.pointer.at == QPoint(402, 300)
    press(shown, Key.Key_L)
    image = shown.grab().toImage()
    light = image.pixelColor(402, 300)
    assert light.red() > 200
    assert max(light.green(), light.blue()) < 100
    press(shown, Key.Key_L)
    dark = shown.grab().toImage().pixelColor(5, 5)
    assert dark.lightness() < 150  # outside the spot a light theme is dark
    QTest.mouseClick(
        shown.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(402, 300)
    )  # what lies below is clicked


def test_a_click_keeps_a_cell_on_both_and_a_screen_that_goes_ends_it(window, present):
    shown = present()
    canvas = shown.stage.canvas
    heatmap = next(e for e in canvas.picture.elements if isinstance(e, Heatmap) and e.map.key == "w_1")
    x, y = heatmap.rect.x + 5, heatmap.rect.y + 5
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert window.session.place.focus.key == "w_1"
    QGuiApplication.instance().screenRemoved.emit(shown.screen())
    assert not window.parts.actions["present"].isChecked()
    assert "screen is gone" in window.panels[StagePanel].line


def test_the_presenter_is_told_what_to_say_what_comes_next_and_the_time(window, present):
    seconds = [100.0]
    presenter = window.panels[PresenterPanel]
    presenter._clock = lambda: seconds[0]
    shown = present()
    frame = window.session.frame
    assert presenter.isVisible()
    texts = [label.text() for label in presenter.findChildren(type(presenter._title))]
    assert {frame.title, frame.caption, frame.reason, f"Next: {next_name(frame)}"} <= set(texts)
    seconds[0] += 247
    presenter._tell_time()
    assert presenter._time.text() == "4:07"
    presenter._again.click()
    assert presenter._time.text() == "0:00"
    presenter._black.click()
    assert shown.black.isVisible()
    presenter._end.click()
    assert not window.parts.actions["present"].isChecked()


def test_notes_stand_below_the_stage_where_there_is_one_screen(window, present):
    shown = present()
    high = shown.stage.height()
    press(shown, Key.Key_N)
    assert shown.told.isVisible()
    assert shown.stage.height() < high
    assert shown.notes.geometry().bottom() <= shown.height()
    press(shown, Key.Key_N)
    assert shown.stage.height() == high


def test_the_next_step_has_a_name_everywhere(session):
    last = len(session.frame.program.steps) - 1
    assert "cell [0, 1]" in next_name(_at(session, 0, 0, 0))
    assert next_name(_at(session, 0, last)).endswith(", iteration 1")
    assert "iteration" not in next_name(_at(session, 0, 0))
    assert [elapsed(s) for s in (0, 59.9, 60, 3847)] == ["0:00", "0:59", "1:00", "1:04:07"]


def _at(session, *place):
    session.navigation.go_to(*place)
    return session.frame


def test_it_takes_the_theme_and_the_scale_that_are_chosen_meanwhile(window, present):
    shown = present()
    em = shown.stage.canvas.picture.em
    window.parts.appearance.set_theme("dark")
    assert shown.stage.canvas._theme is THEMES["dark"]
    assert shown.grab().toImage().pixelColor(3, 3).lightness() < 60
    window.parts.appearance.set_scale(130)
    assert shown.stage.canvas.picture.em != em


def test_it_can_be_begun_again_and_again_and_closing_the_main_window_ends_it(window, present):
    for _ in range(2):
        press(present((800, 500)), Key.Key_F5)
        assert is_over(window)
    present((800, 500))
    window.close()
    assert not window.parts.actions["present"].isChecked()


class Screen:
    def __init__(self, name):
        self._name = name

    def name(self):
        return self._name

    def size(self):
        return QSize(1920, 1080)


def test_the_screen_is_another_one_unless_it_is_named():
    here, beamer, tv = Screen("eDP-1"), Screen("HDMI-1"), Screen("DP-2")
    assert chosen_screen([here, beamer, tv], here, "") is beamer
    assert chosen_screen([here, beamer, tv], beamer, "") is here
    assert chosen_screen([here, beamer, tv], here, "DP-2") is tv
    assert chosen_screen([here, beamer], here, "DP-2") is beamer  # it is not plugged in today
    assert chosen_screen([here, beamer], here, "eDP-1") is here
    assert chosen_screen([here], here, "") is here


def test_the_menu_lists_the_screens_that_there_are_and_remembers_the_choice(window, monkeypatch):
    screens = [Screen("eDP-1"), Screen("HDMI-1")]
    monkeypatch.setattr(QGuiApplication, "screens", lambda: screens)
    menu = window.parts.actions.lists["Presentation screen"]
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()][1:] == ["eDP-1, 1920 × 1080", "HDMI-1, 1920 × 1080"]
    assert [action.isChecked() for action in menu.actions()] == [True, False, False]
    menu.actions()[2].trigger()
    assert window.parts.preferences.screen == "HDMI-1"
    menu.aboutToShow.emit()
    assert [action.isChecked() for action in menu.actions()] == [False, False, True]


_TWO_SCREENS = """
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
app = QApplication([])
from core.presets import open_preset
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences
from viz_app.window.presentation.window import PresentationWindow
store = QSettings("settings.ini", QSettings.Format.IniFormat)
window = MainWindow(Session(open_preset("worked-2-2-2")), Preferences(store))
window.resize(1000, 700)
window.show()
window.parts.actions["present"].trigger()
app.processEvents()
(shown,) = window.findChildren(PresentationWindow)
menu = window.parts.actions.lists["Presentation screen"]
for _ in range(2):
    print(window.screen().name(), shown.screen().name(), shown.size().toTuple(), shown.isFullScreen())
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.data() == window.screen().name()).trigger()
    app.processEvents()
window.close()
"""


def test_of_two_screens_it_fills_the_other_one_and_moves_to_the_one_that_is_chosen(tmp_path):
    place = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, "y": 0}
    screens = [
        {"name": "desk", "x": 0, "width": 1600, "height": 900, **place},
        {"name": "beamer", "x": 1600, "width": 1920, "height": 1080, **place},
    ]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", _TWO_SCREENS], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["desk beamer (1920, 1080) True", "desk desk (1600, 900) True"]
