"""Menus: what cannot be done is grey, what belongs together stands together, and the dialog says what runs."""

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, qVersion
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox

from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from viz_app.frame import walking
from viz_app.frame.walking import Move
from viz_app.panels.stage import StagePanel
from viz_app.panels.transport import TransportPanel
from viz_app.picture.elements import Heatmap
from viz_app.session.moving.player import SPEEDS
from viz_app.window.actions.menus import MENUS


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def opened_menu(window):
    """Return a function that opens a menu, and says whether an action in it can be chosen."""

    def can(menu, name):
        menu = window.parts.actions.menus[menu]
        menu.popup(window.mapToGlobal(window.rect().topLeft()))
        QApplication.processEvents()
        enabled = window.parts.actions[name].isEnabled()
        menu.close()
        return enabled

    return can


def goals(navigation):
    return {
        Move.BACK: lambda: navigation.step(-1),
        Move.FIRST: navigation.first,
        Move.LAST: navigation.last,
        Move.ENTER: navigation.enter,
        Move.LEAVE: navigation.leave,
        Move.PREVIOUS_LAYER: lambda: navigation.move_layer(-1),
        Move.RESTART: navigation.restart,
    }


def places(program):
    last = len(program.steps) - 1
    chance = random.Random(1)
    inside = [Cursor(0, 0, 0), Cursor(0, 0, 1), Cursor(1, last, 0)]
    return [*(Cursor(i, s) for i in (0, 1) for s in (0, 1, last)), *inside, Cursor(1, chance.randrange(last))]


def test_a_move_can_be_chosen_where_it_leads_elsewhere(window):
    session, actions, buttons = window.session, window.parts.actions, window.panels[TransportPanel].buttons
    assert goals(session.navigation).keys() == set(Move)
    for place in places(session.frame.program):
        for move, go in goals(session.navigation).items():
            session.navigation.go_to(place.iteration, place.step, place.cell)
            enabled = actions[move].isEnabled()
            assert move not in buttons or buttons[move].isEnabled() is enabled
            go()
            assert enabled is (session.frame.cursor != place), (move, place)


def test_the_gradient_can_be_checked_where_there_is_one(window):
    action = window.parts.actions["check_gradient"]
    assert not action.isEnabled()
    window.session.navigation.go_to_value("grad_w_1")
    assert not action.isEnabled()
    window.session.cells.focus("grad_w_1", (0, 1))
    assert action.isEnabled()
    checks = []
    window.session.gradient_checked.connect(checks.append)
    action.trigger()
    assert checks[0].gradient == pytest.approx(checks[0].difference, rel=1e-6)
    window.session.cells.focus("delta_1", (0, 1))
    assert not action.isEnabled()


def test_what_is_at_its_end_is_grey_in_the_menu_and_its_key_works_after(window, opened_menu):
    window.parts.player.set_speed(SPEEDS[-1])
    assert not opened_menu("Run", "faster")
    assert opened_menu("Run", "slower")
    assert not opened_menu("View", "smaller")
    assert not opened_menu("View", "reset_view")
    window.panels[StagePanel].canvas.zoom_by(2)
    assert opened_menu("View", "reset_view")
    assert all(window.parts.actions[name].isEnabled() for name in ("faster", "smaller", "reset_view"))


def test_lines_stand_between_entries_only(window):
    for title, menu in window.parts.actions.menus.items():
        lines = [action.isSeparator() for action in menu.actions()]
        assert any(lines), title
        assert not lines[0]
        assert not lines[-1]
        assert not any(one and other for one, other in pairwise(lines))
    file = [action.text().replace("&", "") for action in window.parts.actions.menus["File"].actions()]
    assert file == [
        "Open…",
        "Open preset",
        "Open recent",
        "",
        "Save session",
        "Save session as…",
        "",
        "Open image…",
        "Paste image",
        "Open data…",
        "Browse samples…",
        "",
        "Open weights…",
        "Save weights…",
        "",
        "Export…",
        "Export picture…",
        "Save numbers and code",
        "Copy",
        "",
        "Quit",
    ]


def all_menus(menu):
    """Yield a menu and every menu in it."""
    yield menu
    for action in menu.actions():
        if action.menu() is not None:
            yield from all_menus(action.menu())


def test_every_menu_fits_a_low_screen_at_double_size(open_window):
    window = open_window()
    window.parts.preferences.recent = [Path(f"/a/folder/a-session-{number}.netstep") for number in range(10)]
    next(action for action in window.parts.actions.groups["scale"].actions() if action.data() == "200").trigger()
    assert window.parts.preferences.scale == 200
    menus = [menu for action in window.menuBar().actions() for menu in all_menus(action.menu())]
    assert len(menus) > 15
    for menu in menus:
        menu.aboutToShow.emit()
        size = menu.sizeHint()
        menu.aboutToHide.emit()
        assert size.height() <= 720 - window.menuBar().height(), menu.title()
        assert size.width() <= 1280 * 0.6, menu.title()


def test_every_action_of_a_menu_stands_in_one(window):
    shown = {
        action for title in window.menuBar().actions() for menu in all_menus(title.menu()) for action in menu.actions()
    }
    assert {info.name for _, infos in MENUS for info in infos if window.parts.actions[info.name] not in shown} == set()


def entries(window):
    """Return the entries of the menu that has been opened on the stage, and close it."""
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    found = {action.text().replace("&", ""): action for action in menu.actions() if not action.isSeparator()}
    return menu, found


def right_click(window, at):
    """Click the stage with the right button, as the system tells it."""
    canvas = window.panels[StagePanel].canvas
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
    QApplication.sendEvent(canvas, event)


def middle_of(window, key):
    """Return where a map lies on the stage."""
    canvas = window.panels[StagePanel].canvas
    maps = [one.rect for one in canvas.picture.elements if isinstance(one, Heatmap) and one.map.key == key]
    return QPoint(*map(round, max(maps, key=lambda rect: rect.width).center))


def test_a_right_click_takes_the_map_under_the_mouse_away(window, qtbot):
    window.resize(1280, 720)
    window.show()
    window.session.navigation.go_to_value("net_1")
    QApplication.processEvents()
    right_click(window, middle_of(window, "b_1"))
    menu, found = entries(window)
    assert list(found) == [
        "Copy numbers of b₁",
        "Copy b₁ as LaTeX",
        "Save b₁ as table…",
        "Copy formula as TeX",
        "Copy picture",
        "Export picture…",
    ]
    assert all(action.isEnabled() for action in found.values())
    found["Copy numbers of b₁"].trigger()
    bias = window.session.trace.array("b_1")
    assert [float(text) for text in QApplication.clipboard().text().split()] == bias.ravel().tolist()
    found["Copy formula as TeX"].trigger()
    assert QApplication.clipboard().text() == window.session.frame.equation
    menu.close()
    window.session.navigation.enter()
    right_click(window, QPoint(3, 3))  # beside the maps: what the step makes
    menu, found = entries(window)
    found["Copy net₁ as LaTeX"].trigger()
    assert QApplication.clipboard().text().startswith(r"\mathrm{net}_{1} = \begin{pmatrix}")
    menu.close()


def test_what_a_right_click_cannot_do_is_grey_and_says_why(window):
    window.show()
    window.session.navigation.go_to_value("loss")
    window.session.quiz.set_on(True)
    right_click(window, QPoint(3, 3))
    menu, found = entries(window)
    save = next(action for text, action in found.items() if text.startswith("Save"))
    assert not save.isEnabled()
    assert "The quiz covers" in save.toolTip()
    menu.close()
    window.session.quiz.set_on(False)


def test_about_says_what_runs(window, monkeypatch):
    said = []
    monkeypatch.setattr(QMessageBox, "about", lambda *texts: said.append(texts[-1]))
    window.parts.actions["about"].trigger()
    assert qVersion() in said[0]
    assert np.__version__ in said[0]
    assert "NetStep 0." in said[0] or "not installed" in said[0]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_first_place_of_every_preset_has_nothing_before_it(preset):
    program = open_preset(preset).program
    assert walking.possible(program, Cursor()) <= {Move.LAST, Move.ENTER}
