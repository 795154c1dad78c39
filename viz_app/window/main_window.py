"""The window: build the panels, and wire what they ask for to the session, and its frames to them. Nothing else."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QMessageBox,
)

from core.experiment import Experiment
from core.notation import Notation
from core.presets import PRESETS
from viz_app.panels.curves import CurvesPanel
from viz_app.panels.data import DataPanel
from viz_app.panels.inspector import InspectorPanel
from viz_app.panels.kernel import KernelPanel
from viz_app.panels.network import NetworkPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.transport import TransportPanel
from viz_app.picture.typeset import program_formulas
from viz_app.session.player import SPEEDS, Player
from viz_app.session.session import Session
from viz_app.widgets.idle import IdleTypesetter
from viz_app.widgets.timeline import Timeline
from viz_app.window.actions import Actions
from viz_app.window.appearance import Appearance
from viz_app.window.docks import Docks, joined, stacked
from viz_app.window.help import HelpOverlay
from viz_app.window.keyboard import forget_typing, is_field, keeps_key
from viz_app.window.menus import MENUS
from viz_app.window.preferences import SCALES, SYSTEM, Preferences

_THEMES = ((SYSTEM, "As the &system"), ("light", "&Light"), ("dark", "&Dark"))
_NOTATIONS = ((Notation.NET_OUT.value, "&net and out"), (Notation.Z_A.value, "&z and a"))
_ABOUT = "<h3>NetStep</h3><p>A debugger for neural networks: one training iteration, one operation at a time.</p>"


class MainWindow(QMainWindow):
    """The stage in the middle, the network and the data on the left, the inspector on the right, the run below.

    Parameters
    ----------
    session : Session
        What is shown; the window owns it from here on.
    preferences : Preferences
        What is remembered.
    """

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self._session, self._preferences = session, preferences
        session.setParent(self)
        self._player, self._typesetter = Player(self), IdleTypesetter(self)
        self.setWindowTitle("NetStep")
        self._appearance = Appearance(self, preferences)  # first: Qt would style all there is once more
        self.actions_ = Actions(self)
        self._add_choices()
        self.stage, self.network, self.inspector = StagePanel(), NetworkPanel(), InspectorPanel()
        self.data, self.kernel, self.curves = DataPanel(PRESETS), KernelPanel(), CurvesPanel()
        self.transport, self.timeline = TransportPanel(SPEEDS), Timeline()
        self._themed = (
            self.stage,
            self.network,
            self.inspector,
            self.data,
            self.curves,
            self.transport,
            self.timeline,
        )
        self._appearance.add(
            self.actions_,
            stage=self.stage,
            panels=(self.network, self.transport, self.inspector),
            themed=(*self._themed, self.kernel),
        )
        self.docks = self._make_docks()
        self._show_kernel(session.experiment)
        self.help = HelpOverlay(MENUS, self)
        self._connect_signals()
        self._apply_preferences()
        self._restore_layout()
        session.announce()
        self.transport.show_speed(self._player.speed)
        self.stage.setFocus()

    @property
    def session(self) -> Session:
        """What is shown."""
        return self._session

    @property
    def appearance(self) -> Appearance:
        """What it looks like."""
        return self._appearance

    @property
    def player(self) -> Player:
        """What plays it."""
        return self._player

    def _connect_signals(self) -> None:
        """Wire everything: intent goes up into the session, and frames come down to the panels."""
        session, player, data, inspector = self._session, self._player, self.data, self.inspector
        # Down: every panel draws every frame.
        for panel in (*self._themed, player):
            session.frame_changed.connect(panel.show_frame)
        session.frame_prefetched.connect(self.stage.prefetch_frame)
        session.frame_prefetched.connect(self.network.prefetch_frame)
        session.experiment_changed.connect(data.show_experiment)
        session.experiment_changed.connect(self._show_kernel)
        session.experiment_changed.connect(self._remember_preset)
        session.settings_refused.connect(self.kernel.show_refusals)
        session.experiment_changed.connect(self._set_formulas)
        session.message.connect(self.stage.show_message)
        session.gradient_checked.connect(inspector.show_check)
        player.playing_changed.connect(self.transport.show_playing)
        player.speed_changed.connect(self.transport.show_speed)
        # Up from the pictures: what the mouse does.
        self.stage.cell_hovered.connect(session.hover_cell)
        self.stage.cell_clicked.connect(session.focus_cell)
        self.stage.cell_opened.connect(session.open_cell)
        self.stage.choice_requested.connect(session.choose)
        self.network.cell_hovered.connect(session.hover_cell)
        self.network.value_requested.connect(session.go_to_value)
        self.timeline.step_requested.connect(session.go_to_step)
        # Up from the inspector and the data: what is asked of a cell, and what is run.
        inspector.cell_open_requested.connect(session.open_cell)
        inspector.reach_requested.connect(session.show_reach)
        inspector.gradient_check_requested.connect(session.check_gradient)
        data.preset_requested.connect(self._open_preset)
        data.options_requested.connect(self._set_options)
        data.row_requested.connect(session.set_row)
        self.kernel.settings_requested.connect(self._set_settings)
        # Up from the transport and the clock: where in the run.
        self.transport.action_requested.connect(self._do)
        self.transport.speed_requested.connect(player.set_speed)
        self.transport.iteration_requested.connect(session.go_to_iteration)
        self.transport.step_requested.connect(session.go_to_step)
        player.advance_requested.connect(session.advance)
        # Up from the keys and menus.
        for name, slot in self._slots().items():
            self.actions_[name].triggered.connect(slot)
        for name, choose in self._choice_slots().items():
            self.actions_.groups[name].triggered.connect(choose)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._connect_focus()

    def _connect_focus(self) -> None:
        """Give the keyboard back to the stage after a button, a choice, or a number that was typed."""
        for button in self.findChildren(QAbstractButton):
            button.clicked.connect(self._focus_stage)
        for box in self.findChildren(QComboBox):
            box.activated.connect(self._focus_stage)
        for line in self.findChildren(QLineEdit):
            line.returnPressed.connect(self._focus_stage)

    def _slots(self) -> Mapping[str, Callable[[], object]]:
        """Return what every action does."""
        session, player = self._session, self._player
        return {
            "step": self._step,
            "back": self._back,
            "enter": session.enter,
            "leave": session.leave,
            "play": player.toggle,
            "next_layer": self._next_layer,
            "previous_layer": self._previous_layer,
            "first": session.first,
            "last": session.last,
            "faster": player.faster,
            "slower": player.slower,
            "restart": session.restart,
            "clear": self._clear,
            "export_picture": self._export_picture,
            "quit": self.close,
            "larger": self._appearance.larger,
            "smaller": self._appearance.smaller,
            "reset_view": self.stage.canvas.reset_view,
            "full_screen": self._toggle_full_screen,
            "reset_layout": self._reset_layout,
            "keys": self.help.toggle,
            "about": self._show_about,
        }

    def _choice_slots(self) -> Mapping[str, Callable[[QAction], None]]:
        """Return what every submenu of choices does."""
        return {
            "preset": self._choose_preset,
            "theme": self._choose_theme,
            "notation": self._choose_notation,
            "scale": self._choose_scale,
        }

    # What the actions do beyond the session

    def _do(self, name: str) -> None:
        self.actions_[name].trigger()

    def _step(self) -> None:
        self._session.step(1)

    def _back(self) -> None:
        self._session.step(-1)

    def _next_layer(self) -> None:
        self._session.move_layer(1)

    def _previous_layer(self) -> None:
        self._session.move_layer(-1)

    def _set_options(self, chosen: dict[str, Any]) -> None:
        self._session.set_options(**chosen)

    def _set_settings(self, chosen: dict[str, Any]) -> None:
        self._session.set_settings(**chosen)

    def _open_preset(self, name: str) -> None:
        self._session.open_preset(name)

    def _clear(self) -> None:
        """Close what is on top: the keys, a field that is typed in, full screen, the focus, the operation."""
        if self.help.isVisible():
            self.help.hide()
        elif is_field(self.focusWidget()):
            forget_typing(self.focusWidget())
            self._focus_stage()
        elif self.isFullScreen():
            self.showNormal()
        else:
            self._session.clear()

    def _focus_stage(self) -> None:
        self.stage.setFocus()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _choose_preset(self, action: QAction) -> None:
        self._session.open_preset(action.data())

    def _follow_system(self) -> None:
        self._appearance.show_theme()

    def _choose_theme(self, action: QAction) -> None:
        self._appearance.set_theme(action.data())

    def _choose_notation(self, action: QAction) -> None:
        self._preferences.notation = Notation(action.data())
        self._session.set_notation(self._preferences.notation)
        self._set_formulas()

    def _choose_scale(self, action: QAction) -> None:
        self._appearance.set_scale(int(action.data()))

    def _export_picture(self) -> None:
        """Ask for a file, and write the stage into it as it is, in twice its pixels."""
        cursor = self._session.frame.cursor
        suggestion = f"{self._session.experiment.preset}-{cursor.iteration}-{cursor.step:03d}.png"
        path, _ = QFileDialog.getSaveFileName(self, "Export picture", suggestion, "PNG image (*.png)")
        if path:
            self.stage.show_message(self._write_picture(Path(path).with_suffix(".png")))

    def _write_picture(self, path: Path) -> str:
        """Write the stage into a file, and return what is to be said of it."""
        from viz_app.export.png import render_image, write_png  # late: the start does not wait for it

        size = 2 * self.stage.canvas.width(), 2 * self.stage.canvas.height()
        try:
            write_png(render_image(self.stage.canvas.picture, self._appearance.theme, size), path)
        except (OSError, ValueError) as error:
            return f"The picture was not written: {error}."
        return f"Wrote {path}."

    def _show_about(self) -> None:
        dataset = self._session.experiment.dataset
        data = f"<p>Data: {escape(dataset.attribution)}</p>" if dataset and dataset.attribution else ""
        QMessageBox.about(self, "About NetStep", f"{_ABOUT}{data}")

    def show_failure(self, what: str) -> None:
        """Say that something unexpected went wrong; one such dialog at a time."""
        if self.findChild(QMessageBox, "failure") is not None:
            return
        text = f"Something went wrong; the details are in the terminal, and you can go on. ({what})"
        box = QMessageBox(QMessageBox.Icon.Warning, "NetStep", text, QMessageBox.StandardButton.Ok, self)
        box.setObjectName("failure")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _set_formulas(self) -> None:
        """Let the formulas of the run be set in type while nothing else is to be done."""
        frame = self._session.frame
        self._typesetter.set_formulas(program_formulas(frame.program, frame.options.notation))

    def _show_kernel(self, experiment: Experiment) -> None:
        """Show the kernel where there is one, and make room for it."""
        hidden = self.kernel.isHidden()
        self.kernel.show_experiment(experiment)
        if self.kernel.isHidden() != hidden:
            self.docks.favour_data(not self.kernel.isHidden())

    # What is remembered

    def _remember_preset(self, experiment: Experiment) -> None:
        self._preferences.preset = experiment.preset
        self.actions_.choose("preset", experiment.preset)
        self.setWindowTitle(f"{PRESETS[experiment.preset].title} – NetStep")

    def _apply_preferences(self) -> None:
        self.actions_.choose("notation", self._preferences.notation.value)
        self._session.set_notation(self._preferences.notation)
        self._appearance.show()

    def _restore_layout(self) -> None:
        layout = self._preferences.layout
        if layout is None or not (self.restoreGeometry(layout[0]) and self.restoreState(layout[1])):
            self.docks.reset()

    def _reset_layout(self) -> None:
        """Forget what is remembered, and look as on the first day."""
        self._preferences.reset()
        self._preferences.preset = self._session.experiment.preset
        self.showNormal()
        self._apply_preferences()
        self.docks.reset()

    # Building

    def _add_choices(self) -> None:
        add = self.actions_.add_choices
        presets = tuple((preset.name, preset.title) for preset in PRESETS.values())
        add("preset", "&Open preset", presets, "File", "export_picture")
        add("theme", "&Theme", _THEMES, "View", "larger")
        add("notation", "&Notation", _NOTATIONS, "View", "larger")
        add("scale", "Presentation &scale", tuple((str(s), f"{s} %") for s in SCALES), "View", "larger")

    def _make_docks(self) -> Docks:
        self.setCentralWidget(self.stage)
        docks = Docks(
            self,
            network=self.network,
            data=joined(self.data, self.kernel),
            inspector=self.inspector,
            run=stacked(self.transport, self.timeline),
            loss=self.curves,
        )
        for dock in docks.closable:
            self.actions_.menus["View"].insertAction(self.actions_["reset_layout"], dock.toggleViewAction())
        return docks

    # Qt's events

    def event(self, event: QEvent) -> bool:
        """Keep keys from being shortcuts while a field is typed in: what the field leaves comes by here."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._kept(event):
            event.accept()
            return True
        return super().event(event)

    def _kept(self, event: QKeyEvent) -> bool:
        return keeps_key(self.focusWidget(), event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.help.isVisible():
            self.help.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._player.pause()
        self._typesetter.stop()
        self._session.stop()
        self._preferences.layout = self.saveGeometry(), self.saveState()
        self._preferences.save()
        super().closeEvent(event)
