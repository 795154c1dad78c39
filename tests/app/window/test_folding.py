"""Panels give way to the stage where room is short, and come back as a person had them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from viz_app.panels.stage import StagePanel
from viz_app.window.preferences import Preferences

PANELS = ("Network", "Data", "Inspector", "Training")
SMALL, LARGE = (900, 600), (1600, 900)


def resized(window, size):
    window.resize(*size)
    settled()


def settled():
    for _ in range(3):
        QApplication.processEvents()


def shown(window):
    return {name for name in PANELS if window.parts.docks[name].isVisible()}


def tabs(window):
    folding = window.parts.docks.folding
    return {name for name in PANELS if folding.tab(window.parts.docks[name]).isVisible()}


def widths(window):
    return {name: window.parts.docks[name].width() for name in PANELS}


def choose_scale(window, percent):
    actions = window.parts.actions.groups["scale"].actions()
    next(action for action in actions if action.data() == str(percent)).trigger()
    settled()


@pytest.mark.parametrize("scale", [100, 150, 200, 250])
def test_the_stage_keeps_most_of_the_width_and_every_panel_can_be_reached(open_window, scale):
    window = open_window(size=LARGE)
    choose_scale(window, scale)
    for size in ((800, 500), SMALL, (1280, 720), (1920, 1080), (3840, 2160)):
        resized(window, LARGE)
        resized(window, size)
        assert (window.width(), window.height()) == size
        assert window.panels[StagePanel].canvas.width() >= 0.55 * size[0]
        assert shown(window) | tabs(window) == set(PANELS), size
        assert not shown(window) & tabs(window), size


def test_panels_fold_the_least_important_first_and_come_back(open_window):
    window = open_window(size=LARGE)
    before = widths(window)
    assert shown(window) == set(PANELS)
    resized(window, (1040, 700))
    assert shown(window) == {"Inspector", "Training"}
    resized(window, (800, 500))
    assert tabs(window) >= {"Network", "Data", "Inspector"}
    resized(window, LARGE)
    assert shown(window) == set(PANELS)
    assert not tabs(window)
    assert widths(window) == before


def test_a_tab_opens_its_panel_and_folds_the_other(open_window, qtbot):
    window = open_window(size=(800, 500))
    folding = window.parts.docks.folding
    data, inspector = (window.parts.docks[name] for name in ("Data", "Inspector"))
    qtbot.mouseClick(folding.tab(data), Qt.MouseButton.LeftButton)
    assert shown(window) == {"Data"}
    qtbot.mouseClick(folding.tab(inspector), Qt.MouseButton.LeftButton)
    settled()
    assert shown(window) == {"Inspector"}
    assert folding.tab(inspector).isChecked()
    qtbot.mouseClick(folding.tab(inspector), Qt.MouseButton.LeftButton)
    assert shown(window) == set()
    assert tabs(window) >= {"Network", "Data", "Inspector"}


def test_a_folded_panel_is_opened_by_the_menu_too(open_window):
    window = open_window(size=(800, 500))
    data = window.parts.docks["Data"]
    data.toggleViewAction().trigger()
    assert shown(window) == {"Data"}
    assert window.parts.docks.folding.tab(data).isChecked()
    data.toggleViewAction().trigger()
    assert shown(window) == set()
    resized(window, LARGE)
    assert shown(window) == set(PANELS)


def test_what_a_person_has_closed_or_made_float_stays_so(open_window):
    window = open_window(size=LARGE)
    window.parts.docks["Data"].toggleViewAction().trigger()
    window.parts.docks["Network"].setFloating(True)
    resized(window, (800, 500))
    assert window.parts.docks["Network"].isVisible()
    assert "Data" not in tabs(window)
    resized(window, LARGE)
    assert shown(window) == {"Network", "Inspector", "Training"}
    assert window.parts.docks["Network"].isFloating()


def test_what_is_folded_is_remembered_where_it_stood(open_window):
    first = open_window(size=LARGE)
    first.parts.docks["Training"].toggleViewAction().trigger()
    resized(first, (800, 500))
    assert shown(first) == set()
    first.close()
    again = open_window(size=LARGE)
    assert shown(again) == {"Network", "Data", "Inspector"}


@pytest.mark.parametrize("percent", [150, 200, 250])
def test_a_larger_scale_and_back_leaves_every_panel_as_it_was(open_window, percent):
    window = open_window(size=LARGE)
    window.resizeDocks([window.parts.docks["Inspector"]], [300], Qt.Orientation.Horizontal)
    settled()
    window.parts.docks.measure()  # as at the end of a drag
    before = [(dock.size(), dock.isVisible()) for dock in window.parts.docks.closable]
    choose_scale(window, percent)
    choose_scale(window, 100)
    assert [(dock.size(), dock.isVisible()) for dock in window.parts.docks.closable] == before


@pytest.mark.parametrize(("saved", "opened"), [(100, 100), (200, 100), (100, 200), (250, 115)])
def test_what_was_saved_at_another_scale_leaves_the_stage_its_room(open_window, store, saved, opened):
    Preferences(store).scale = saved
    open_window(size=LARGE).close()
    Preferences(store).scale = opened
    docks = open_window(size=LARGE).parts.docks
    assert docks["Run"].height() == docks["Run"].minimumSizeHint().height()
    assert docks["Inspector"].height() > docks["Training"].height()


def test_what_a_person_has_made_wider_is_remembered(open_window):
    window = open_window(size=LARGE)
    window.resizeDocks([window.parts.docks["Inspector"]], [400], Qt.Orientation.Horizontal)
    settled()
    window.parts.docks.measure()  # as at the end of a drag
    before = widths(window)
    window.close()
    assert before["Inspector"] == 400
    assert widths(open_window(size=LARGE)) == before


def test_resetting_the_layout_leaves_theme_scale_and_notation(open_window, store):
    window = open_window(size=LARGE)
    first = widths(window)
    groups = window.parts.actions.groups
    for name, data in (("theme", "dark"), ("notation", "z/a"), ("scale", "115")):
        next(action for action in groups[name].actions() if action.data() == data).trigger()
    window.parts.docks["Training"].close()
    window.parts.docks["Data"].setFloating(True)
    window.parts.actions["reset_layout"].trigger()
    resized(window, LARGE)
    assert shown(window) == set(PANELS)
    assert not window.parts.docks["Data"].isFloating()
    preferences = Preferences(store)
    assert (preferences.theme, preferences.notation.value, preferences.scale) == ("dark", "z/a", 115)
    assert preferences.layout is None
    assert window.parts.appearance.theme.dark
    choose_scale(window, 100)
    resized(window, LARGE)
    assert widths(window) == first


@pytest.mark.parametrize("leave", ["full_screen", "clear"])
@pytest.mark.parametrize("maximized", [True, False])
def test_leaving_full_screen_leads_back_to_where_it_came_from(open_window, leave, maximized):
    window = open_window(size=LARGE)
    if maximized:
        window.showMaximized()
    window.parts.actions["full_screen"].trigger()
    assert window.isFullScreen()
    window.parts.actions[leave].trigger()
    assert not window.isFullScreen()
    assert window.isMaximized() is maximized


def test_a_panel_with_nothing_to_show_is_away_and_can_be_opened(open_window, qtbot):
    window = open_window(size=LARGE)
    before = widths(window)
    window.session.opening.open_preset("conv-kernel")
    settled()
    assert tabs(window) == set()
    assert shown(window) == set(PANELS) - {"Training"}
    window.parts.docks["Training"].toggleViewAction().trigger()
    settled()
    assert shown(window) == set(PANELS)
    window.session.opening.open_preset("digits")
    settled()
    assert tabs(window) == set()
    assert shown(window) == set(PANELS)
    assert widths(window) == before
