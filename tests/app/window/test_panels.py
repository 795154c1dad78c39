import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow

from viz_app.panels.data import DataPanel
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.network import NetworkPanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.transport import TransportPanel
from viz_app.window.docking.docks import BOTTOM, DATA, RIGHT, DockInfo, Docks
from viz_app.window.panels import PANELS, PanelInfo, Panels, ShowsExperiments, ShowsFrames, Themed

NOTES = DockInfo("Notes", RIGHT, 200)


class Notes(QLabel):
    """A panel that is new: it stands in a dock of its own."""


@pytest.fixture
def window(open_window):
    return open_window()


def signals(panel):
    """Return the signals that the class of a panel has itself."""
    names = {name for name, member in vars(type(panel)).items() if isinstance(member, Signal)}
    methods = [panel.metaObject().method(number) for number in range(panel.metaObject().methodCount())]
    return [method for method in methods if method.name().data().decode() in names]


def test_every_panel_shows_something_in_the_colours_of_the_theme(window):
    assert len(list(window.panels)) == len(PANELS)
    for panel in window.panels:
        assert isinstance(panel, ShowsFrames | ShowsExperiments)
        assert isinstance(panel, Themed)


def test_nothing_that_a_panel_asks_for_is_lost(window):
    asked = [(panel, signal) for panel in window.panels for signal in signals(panel)]
    assert asked
    assert [signal.name() for panel, signal in asked if not panel.isSignalConnected(signal)] == []


def test_a_new_panel_is_one_entry_of_the_table(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    panels = Panels((*PANELS, PanelInfo(Notes, NOTES)))
    docks = Docks(window, panels.docked)
    assert docks["Notes"].widget() is panels[Notes]
    assert window.dockWidgetArea(docks["Notes"]) is RIGHT
    assert docks["Notes"] in docks.closable


def test_panels_of_one_dock_stand_below_each_other(window):
    panels = window.panels.docked[DATA]
    assert len(panels) > 1
    assert len({panel.parent() for panel in panels}) == 1
    assert window.dockWidgetArea(window.parts.docks["Training"]) is RIGHT
    assert window.dockWidgetArea(window.parts.docks["Run"]) is BOTTOM
    assert window.parts.docks["Run"] not in window.parts.docks.closable


def test_a_dock_stands_only_while_one_of_its_panels_has_something_to_show(open_window):
    for preset in ("worked-2-2-2", "playground"):
        window = open_window(preset)
        shown = {dock.windowTitle() for dock in window.findChildren(QDockWidget) if not dock.isHidden()}
        more = {"Playground"} if preset == "playground" else set()
        assert shown == {"Network", "Data", "Inspector", "Run", "Training", *more}
        for kind in (NetworkPanel, DataPanel, InspectorPanel, TransportPanel, CurvesPanel):
            assert window.panels[kind].isVisible(), kind
