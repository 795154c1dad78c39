import gc
import re
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from core.notation import Notation
from core.presets import open_preset
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.levels import MapKind
from viz_app.frame.look import Look
from viz_app.frame.parts import Part
from viz_app.frame.words.writing import Writing
from viz_app.paint.theme import DARK, LIGHT
from viz_app.panels.data import DataPanel
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.network import NetworkPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.transport import TransportPanel
from viz_app.picture.elements import Text
from viz_app.session.session import Session
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.timeline.timeline import Timeline
from viz_app.window import appearance
from viz_app.window.dialogs import show_failure
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def press(qtbot, window):
    """Return a function that presses a key where the keyboard is."""

    def key(key, modifiers=NONE):
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return key


def place(window):
    cursor = window.session.frame.cursor
    return cursor.iteration, cursor.step, cursor.cell


def shown(window):
    """Everything that the window shows of a frame: every element of both pictures, and every text of the panels."""
    window.panels[NetworkPanel].verticalScrollBar().setValue(0)  # where it has scrolled to depends on the way
    pictures = window.panels[StagePanel].canvas.picture, window.panels[NetworkPanel].canvas.picture
    maps = [heatmap.map for picture in pictures for heatmap in picture.heatmaps]
    return (
        [[repr(element) for element in picture.elements if not hasattr(element, "map")] for picture in pictures],
        [(heatmap.rect, heatmap.grid) for picture in pictures for heatmap in picture.heatmaps],
        [(view.name, view.levels, view.computed) for view in maps],
        [None if view.array is None else view.array.tobytes() for view in maps],
        [(mark, cells.tolist()) for view in maps for mark, cells in view.marks],
        window.panels[InspectorPanel]._source.text(),
        window.panels[DataPanel]._answer.text(),
        window.panels[TransportPanel]._where.text,
        window.panels[CurvesPanel].plot._losses,
    )


def middle(rect):
    return QPoint(*(round(part) for part in rect.center))


def map_of(panel, key):
    return next(heatmap for heatmap in panel.canvas.picture.heatmaps if heatmap.map.key == key)


def test_opens_paused_at_step_0_with_the_keyboard_on_the_stage(window):
    assert place(window) == (0, 0, None)
    assert not window.parts.player.playing
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas
    assert "Worked example" in window.windowTitle()


@pytest.mark.parametrize(
    ("key", "modifiers", "start", "end"),
    [
        (Key.Key_Right, NONE, (0, 3, None), (0, 4, None)),
        (Key.Key_PageDown, NONE, (0, 3, None), (0, 4, None)),
        (Key.Key_Left, NONE, (0, 3, None), (0, 2, None)),
        (Key.Key_PageUp, NONE, (0, 3, None), (0, 2, None)),
        (Key.Key_Left, NONE, (1, 0, None), (0, 20, None)),
        (Key.Key_Right, NONE, (0, 20, None), (1, 0, None)),
        (Key.Key_Down, NONE, (0, 3, None), (0, 3, 0)),
        (Key.Key_Up, NONE, (0, 3, 1), (0, 3, None)),
        (Key.Key_Right, NONE, (0, 3, 0), (0, 3, 1)),
        (Key.Key_Left, NONE, (0, 3, 0), (0, 3, None)),
        (Key.Key_Right, SHIFT, (0, 1, None), (0, 3, None)),
        (Key.Key_Left, SHIFT, (0, 4, None), (0, 0, None)),
        (Key.Key_Home, NONE, (2, 9, None), (2, 0, None)),
        (Key.Key_End, NONE, (2, 9, None), (2, 20, None)),
        (Key.Key_R, NONE, (2, 9, 1), (0, 0, None)),
        (Key.Key_Escape, NONE, (2, 9, 1), (2, 9, None)),
        (Key.Key_Escape, NONE, (2, 9, None), (2, 9, None)),
    ],
)
def test_keys_walk_the_run(window, press, key, modifiers, start, end):
    window.session.navigation.go_to(*start)
    press(key, modifiers)
    assert place(window) == end


def test_space_plays_and_pauses_and_plus_and_minus_change_the_speed(window, press):
    press(Key.Key_Space)
    assert window.parts.player.playing
    press(Key.Key_Space)
    assert not window.parts.player.playing
    before = window.parts.player.speed
    press(Key.Key_Plus)
    assert window.parts.player.speed > before
    press(Key.Key_Minus)
    press(Key.Key_Minus)
    assert window.parts.player.speed < before


@pytest.mark.parametrize("key", [Key.Key_F, Key.Key_F11])
def test_full_screen_and_back(window, press, qtbot, key):
    press(key)
    qtbot.waitUntil(window.isFullScreen)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert place(window) == (0, 0, None)


@pytest.mark.parametrize(("key", "modifiers"), [(Key.Key_F1, NONE), (Key.Key_Question, SHIFT)])
def test_help_lists_the_keys_and_escape_closes_only_it(window, press, key, modifiers):
    window.session.cells.focus("x", (0, 0))
    press(key, modifiers)
    assert window.parts.keys.isVisible()
    press(Key.Key_Escape)
    assert not window.parts.keys.isVisible()
    assert window.session.frame.detail is not None
    press(Key.Key_Escape)
    assert window.session.frame.detail is None


def test_no_key_stands_for_two_actions(window):
    keys = [key.toString() for action in window.parts.actions for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(QKeySequence(key).count() == 1 for key in keys)


def test_larger_text_from_the_keyboard(window, press):
    before = window.panels[StagePanel].canvas.picture.em
    press(Key.Key_Equal, CONTROL)
    assert window.panels[StagePanel].canvas.picture.em > before
    press(Key.Key_Minus, CONTROL)
    assert window.panels[StagePanel].canvas.picture.em == before


def test_walking_an_iteration_and_back_shows_identical_frames(window, press):
    forward, backward = [], []
    count = len(window.session.frame.program.steps) + 2
    for _ in range(count):
        forward.append(shown(window))
        press(Key.Key_Right)
    for _ in range(count):
        press(Key.Key_Left)
        backward.append(shown(window))
    assert backward[::-1] == forward


def test_walking_cells_and_back_shows_identical_frames(window, press):
    window.session.navigation.go_to_value("grad_w_2")
    press(Key.Key_Down)
    forward, backward = [], []
    for _ in range(3):
        forward.append(shown(window))
        press(Key.Key_Right)
    for _ in range(3):
        press(Key.Key_Left)
        backward.append(shown(window))
    assert backward[::-1] == forward


@pytest.mark.parametrize("key", [Key.Key_R, Key.Key_Space, Key.Key_Left, Key.Key_Right, Key.Key_PageDown, Key.Key_Down,
                                 Key.Key_Home, Key.Key_End, Key.Key_Plus, Key.Key_F, Key.Key_Question])  # fmt: skip
def test_keys_do_not_fire_while_typing(window, press, key):
    window.session.navigation.go_to(1, 3, 1)
    box = window.panels[DataPanel].findChildren(NumberField)[3]
    box.setFocus()
    speed = window.parts.player.speed
    press(key)
    assert place(window) == (1, 3, 1)
    assert not window.parts.player.playing
    assert not window.isFullScreen()
    assert not window.parts.keys.isVisible()
    assert window.parts.player.speed == speed


def test_arrows_in_the_table_move_in_the_table(window, press):
    window.session.navigation.go_to_value("sum_2")
    window.session.cells.focus("sum_2", (0, 1))
    table = window.panels[InspectorPanel]._table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    press(Key.Key_Right)
    press(Key.Key_Down)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 1)
    assert window.session.frame.step.output.key == "sum_2"
    press(Key.Key_Escape)
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas


def test_a_typed_number_goes_there_and_gives_the_keyboard_back(window, qtbot, press):
    iteration, step = window.panels[TransportPanel].findChildren(NumberField)
    step.setFocus()
    step.selectAll()
    qtbot.keyClicks(step.findChild(QLineEdit), "12")
    assert place(window) == (0, 0, None)
    press(Key.Key_Return)
    assert place(window) == (0, 12, None)
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas
    press(Key.Key_Right)
    assert place(window) == (0, 13, None)
    iteration.setValue(2)
    assert place(window) == (2, 13, None)


def test_escape_takes_back_what_was_typed(window, qtbot, press):
    step = window.panels[TransportPanel].findChildren(NumberField)[1]
    step.setFocus()
    step.selectAll()
    qtbot.keyClicks(step.findChild(QLineEdit), "12")
    press(Key.Key_Escape)
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas
    assert place(window) == (0, 0, None)
    assert step.text() == "0"


def test_buttons_do_what_the_keys_do_and_leave_the_keyboard_to_the_stage(window, qtbot):
    for name, end in (("step", (0, 1, None)), ("enter", (0, 1, 0)), ("leave", (0, 1, None)), ("last", (0, 20, None)),
                      ("back", (0, 19, None)), ("first", (0, 0, None)), ("step", (0, 1, None)),
                      ("restart", (0, 0, None))):  # fmt: skip
        window.panels[DataPanel].findChildren(NumberField)[3].setFocus()
        qtbot.mouseClick(window.panels[TransportPanel].buttons[name], Qt.MouseButton.LeftButton)
        assert place(window) == end
        assert QApplication.focusWidget() is window.panels[StagePanel].canvas
    qtbot.mouseClick(window.panels[TransportPanel].buttons["play"], Qt.MouseButton.LeftButton)
    assert window.parts.player.playing


def test_clicking_a_cell_inspects_it_and_with_ctrl_shows_what_it_reaches(window, qtbot):
    cell = map_of(window.panels[StagePanel], "w_1")
    qtbot.mouseClick(window.panels[StagePanel].canvas, Qt.MouseButton.LeftButton, NONE, middle(cell.rect))
    focus = window.session.frame.detail.focus
    assert focus.key == "w_1"
    assert window.panels[InspectorPanel]._name.text().startswith("w₁[")
    assert window.panels[StagePanel].line.startswith("w₁[")
    qtbot.mouseClick(window.panels[StagePanel].canvas, Qt.MouseButton.LeftButton, CONTROL, middle(cell.rect))
    assert [mark for mark, _ in window.session.frame.result.marks] == ["reached"]


def test_clicking_every_map_of_every_step_inspects_a_cell_of_it(window, qtbot):
    for step in window.session.frame.program.steps:
        window.session.navigation.go_to(0, step.number)
        values = window.session.frame.program.values
        heatmaps = [
            heatmap for heatmap in window.panels[StagePanel].canvas.picture.heatmaps if heatmap.map.key in values
        ]
        assert heatmaps
        for heatmap in heatmaps:
            qtbot.mouseClick(window.panels[StagePanel].canvas, Qt.MouseButton.LeftButton, NONE, middle(heatmap.rect))
            assert window.session.frame.detail.focus.key == heatmap.map.key


def test_hovering_tells_and_leaving_forgets(window, qtbot):
    cell = map_of(window.panels[StagePanel], "x")
    qtbot.mouseMove(window.panels[StagePanel].canvas, middle(cell.rect))
    qtbot.waitUntil(lambda: window.session.frame.detail is not None)
    assert window.panels[StagePanel].line.startswith("x[0, ")
    qtbot.mouseMove(window.panels[StagePanel].canvas, QPoint(2, 2))
    qtbot.waitUntil(lambda: window.session.frame.detail is None)


def test_double_clicking_a_cell_goes_to_the_step_that_made_it(window, qtbot):
    window.session.navigation.go_to_value("sum_2")
    at = middle(map_of(window.panels[StagePanel], "out_1").rect)
    qtbot.mouseDClick(window.panels[StagePanel].canvas, Qt.MouseButton.LeftButton, NONE, at)
    assert window.session.frame.step.output.key == "out_1"
    assert window.session.frame.detail.focus.key == "out_1"


def test_a_thumbnail_goes_to_its_value(window, qtbot):
    at = middle(map_of(window.panels[NetworkPanel], "delta_1").rect)
    qtbot.mouseClick(window.panels[NetworkPanel].canvas, Qt.MouseButton.LeftButton, NONE, at)
    assert window.session.frame.step.output.key == "delta_1"


def test_the_timeline_scrubs(window, qtbot):
    at = window.panels[Timeline].segment(9).center().toPoint()
    qtbot.mouseClick(window.panels[Timeline], Qt.MouseButton.LeftButton, pos=at)
    assert place(window) == (0, 9, None)


def test_the_gradient_is_checked_from_the_inspector(window, qtbot):
    window.session.navigation.go_to_value("grad_w_1")
    window.session.cells.focus("grad_w_1", (0, 1))
    qtbot.mouseClick(window.panels[InspectorPanel]._check, Qt.MouseButton.LeftButton)
    lines = window.panels[InspectorPanel]._check_result.text().split("\n")
    gradient, difference = (float(line.split()[1].replace("−", "-")) for line in lines[:2])
    assert gradient == pytest.approx(difference, rel=1e-6)


def test_wrong_options_are_said_and_the_controls_go_back(window, qtbot):
    window.panels[DataPanel].options_requested.emit({"batch_size": 9})
    assert "batch size" in window.panels[StagePanel].line
    assert window.panels[DataPanel]._batch.value() == 1


def test_playing_reaches_the_next_iteration_and_draws_the_loss(window, qtbot):
    window.parts.player.set_speed(60.0)
    window.parts.player.play()
    qtbot.waitUntil(lambda: window.session.frame.cursor.iteration >= 1)
    window.parts.player.pause()
    assert not window.panels[CurvesPanel].plot.empty


def test_playing_stops_at_a_nan(open_window, qtbot):
    window = open_window("digits", learning_rate=1e30)
    window.parts.player.set_speed(60.0)
    window.parts.player.play()
    qtbot.waitUntil(lambda: not window.parts.player.playing)
    frame = window.session.frame
    assert frame.warning
    assert frame.broken.number == frame.cursor.step


def test_closing_while_playing_is_clean(window):
    window.parts.player.set_speed(60.0)
    window.parts.player.play()
    window.close()
    assert not window.parts.player.playing


def test_closing_while_the_mouse_is_on_a_cell_is_clean(window, qtbot):
    qtbot.mouseMove(window.panels[StagePanel].canvas, middle(map_of(window.panels[StagePanel], "x").rect))
    window.close()
    assert not window.isVisible()


def test_presets_open_from_the_menu(window):
    for action in window.parts.actions.groups["preset"].actions():
        action.trigger()
        assert window.session.experiment.preset == action.data()
        assert action.isChecked()
        assert window.panels[DataPanel]._preset.currentData() == action.data()


def test_theme_scale_notation_and_preset_are_remembered(open_window, store, qtbot):
    window = open_window()
    groups = window.parts.actions.groups
    for name, data in (("theme", "dark"), ("notation", "z/a"), ("scale", "150"), ("preset", "sigmoid-3-4-2")):
        next(action for action in groups[name].actions() if action.data() == data).trigger()
    window.close()
    preferences = Preferences(store)
    assert (preferences.theme, preferences.notation, preferences.scale) == ("dark", Notation.Z_A, 150)
    assert preferences.preset == "sigmoid-3-4-2"
    again = open_window()
    assert again.session.frame.options.notation is Notation.Z_A
    assert again.parts.appearance.theme.dark
    again.resize(1900, 1200)  # where there is room for so large a text
    qtbot.waitUntil(lambda: again.panels[StagePanel].canvas.picture.em >= 21.0)


def test_digits_comma_colours_and_captions_are_chosen_shown_and_remembered(open_window, store):
    window = open_window()
    window.session.navigation.go_to(0, 2, 0)
    assert re.search(r"\d\.\d{3}", window.session.frame.live)
    actions, groups = window.parts.actions, window.parts.actions.groups
    for name, data in (("digits", "2"), ("colors", "viridis")):
        next(action for action in groups[name].actions() if action.data() == data).trigger()
    for name in ("decimal_comma", "captions"):
        actions[name].trigger()
    texts = [field.text() for field in window.findChildren(NumberField)]
    assert any("," in text for text in texts), "the learning rate"
    assert not any("." in text for text in texts)
    window.close()
    look = Preferences(store).look
    assert (look.writing, look.colors) == (Writing(2, comma=True), ColorMap.VIRIDIS)
    assert Part.CAPTION not in look.parts
    again = open_window()
    again.session.navigation.go_to(0, 2, 0)
    frame, picture = again.session.frame, again.panels[StagePanel].canvas.picture
    assert re.search(r"\d,\d", frame.live)
    assert not re.search(r"\d[.,]\d{3}", frame.live)
    assert frame.caption not in [element.text for element in picture.elements if isinstance(element, Text)]
    assert again.parts.appearance.theme.colors is ColorMap.VIRIDIS
    again.panels[StagePanel].cell_hovered.emit(frame.result.key, (0, 0))
    assert re.search(r"\d,\d", again.panels[StagePanel].line), "what a panel tells has the comma, too"
    again.parts.actions["captions"].trigger()
    picture = again.panels[StagePanel].canvas.picture
    assert frame.caption in [element.text for element in picture.elements if isinstance(element, Text)]


def test_images_are_grey_until_the_menu_says_otherwise_and_that_is_remembered(open_window, store):
    def kind(window):
        views = {view.key: view for view in window.session.frame.operands}
        return views["x"].levels.kind

    window = open_window("digits")
    action = window.parts.actions["grey_images"]
    assert action.isChecked()
    assert kind(window) is MapKind.GREY
    action.trigger()
    assert kind(window) is MapKind.SEQUENTIAL
    window.session.opening.open_preset("mlp-768-800-10")
    assert kind(window) is MapKind.SEQUENTIAL
    window.close()
    again = open_window("digits")
    assert not again.parts.actions["grey_images"].isChecked()
    assert kind(again) is MapKind.SEQUENTIAL
    again.parts.actions["grey_images"].trigger()
    assert kind(again) is MapKind.GREY
    assert Preferences(store).grey_images


def test_the_layout_is_remembered_and_can_be_reset(open_window, store, qtbot):
    window = open_window()
    window.parts.docks["Training"].close()
    window.resize(1100, 611)
    window.close()
    again = MainWindow(Session(open_preset("worked-2-2-2")), Preferences(store))
    qtbot.addWidget(again)
    again.show()
    qtbot.waitExposed(again)
    assert not again.parts.docks["Training"].isVisible()
    assert again.height() == 611
    again.parts.actions["reset_layout"].trigger()
    again.resize(1600, 900)  # where there is room for every panel
    assert again.parts.docks["Training"].isVisible()
    assert Preferences(store).layout is None
    again.close()


def test_preferences_that_make_no_sense_are_as_if_not_there(store, open_window):
    wrong = {"preset": "gone", "theme": "pink", "scale": "7", "notation": "?", "look": '{"size": 3}', "docks": "x"}
    for key, value in wrong.items():
        store.setValue(key, value)
    preferences = Preferences(store)
    assert (preferences.preset, preferences.theme, preferences.scale) == ("digits", "system", 100)
    assert preferences.notation is Notation.NET_OUT
    assert preferences.look == Look()
    assert preferences.layout is None
    assert open_window().isVisible()


def test_the_system_theme_is_followed_until_one_is_chosen(window, monkeypatch):
    changed = QApplication.styleHints().colorSchemeChanged
    for theme in (DARK, LIGHT):
        monkeypatch.setattr(appearance, "system_theme", lambda theme=theme: theme)
        changed.emit(Qt.ColorScheme.Unknown)
        assert window.parts.appearance.theme is theme
    next(action for action in window.parts.actions.groups["theme"].actions() if action.data() == "dark").trigger()
    changed.emit(Qt.ColorScheme.Unknown)
    assert window.parts.appearance.theme is DARK


@pytest.fixture
def export(window, monkeypatch):
    """Return a function that exports to the names a person types, and answers every question in turn."""

    def choose(names, answers=()):
        names, answers, asked = iter(names), iter(answers), []

        def answer(parent, title, text, *_):
            asked.append(text)
            return next(answers)

        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(names)), ""))
        monkeypatch.setattr(QMessageBox, "question", answer)
        window.parts.actions["export_picture"].trigger()
        return asked

    return choose


@pytest.mark.parametrize(
    ("name", "written"),
    [("picture", "picture.png"), ("lecture 3.1", "lecture 3.1.png"), ("a.png", "a.png"), ("A.PNG", "A.PNG"),
     ("v1.2.jpg", "v1.2.jpg.png"), (".png", ".png")],
)  # fmt: skip
def test_the_picture_is_exported(window, export, tmp_path, name, written):
    folder = tmp_path / "pictures"
    folder.mkdir()
    assert export([folder / name]) == []
    assert [path.name for path in folder.iterdir()] == [written]
    assert (folder / written).read_bytes().startswith(b"\x89PNG")
    assert window.panels[StagePanel].line == f"Wrote {folder / written}."


def test_a_file_that_nobody_named_is_replaced_with_a_yes_alone(window, export, tmp_path):
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    there = tmp_path / "exp.png"
    there.write_text("mine")
    assert export([tmp_path / "exp", ""], [no]) == ["exp.png already exists. Do you want to replace it?"]
    assert there.read_text() == "mine"
    assert export([tmp_path / "exp", tmp_path / "other"], [no]) != []
    assert (tmp_path / "other.png").exists()
    assert there.read_text() == "mine"
    assert len(export([tmp_path / "exp"], [yes])) == 1
    assert there.read_bytes().startswith(b"\x89PNG")
    there.write_text("mine")
    assert export([there]) == [], "the dialog has asked about this very name"
    assert there.read_bytes().startswith(b"\x89PNG")


def test_the_picture_is_exported_as_it_is_magnified(window, export, tmp_path):
    canvas = window.panels[StagePanel].canvas
    for name, times in (("whole", 0), ("near", 8)):
        for _ in range(times):
            canvas.zoom_by(1.2)
        assert export([tmp_path / name]) == []
    whole, near = (QImage(str(tmp_path / f"{name}.png")) for name in ("whole", "near"))
    assert whole != near
    smooth = Qt.TransformationMode.SmoothTransformation
    shown = canvas.grab().toImage().scaled(near.size(), mode=smooth)
    spots = [(x, y) for x in range(5, near.width(), 20) for y in range(5, near.height(), 20)]
    apart = [
        sum(abs(shown.pixelColor(*s).lightness() - image.pixelColor(*s).lightness()) > 60 for s in spots)
        for image in (near, whole)
    ]
    assert apart[0] < 0.08 * len(spots), "edges of cells may be a pixel apart"
    assert apart[1] > 3 * apart[0]


@pytest.mark.parametrize("name", ["folder", "folder.png"])
def test_a_folder_of_the_name_of_the_picture_stays(window, export, tmp_path, name):
    (tmp_path / "folder.png").mkdir()
    assert export([tmp_path / name]) == []
    assert window.panels[StagePanel].line == "The picture was not written: Is a directory."
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".ini"] == ["folder.png"]


def test_a_picture_that_cannot_be_written_is_said(window, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "a.png"), ""))
    window.parts.actions["export_picture"].trigger()
    assert "not written" in window.panels[StagePanel].line


def test_a_failure_nobody_expected_is_said_once(window):
    show_failure(window, "ValueError: no")
    show_failure(window, "ValueError: again")
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == 1
    assert "ValueError: no" in boxes[0].text()
    boxes[0].close()


def test_a_closed_window_is_let_go(qtbot, store):
    window = MainWindow(Session(open_preset("worked-2-2-2")), Preferences(store))
    window.show()
    qtbot.waitExposed(window)
    gone = weakref.ref(window)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del window
    gc.collect()
    assert gone() is None
