"""What keys, menus and panels ask for, where it is more than a call of the session."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QTabWidget, QWidget

from core.run.breakpoints import AtStep
from viz_app.frame.look import Look
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.session.training.weights import ENDING as WEIGHTS
from viz_app.window.actions.keyboard import forget_typing, is_field
from viz_app.window.dialogs import ask_open, ask_picture, ask_weights, show_about
from viz_app.window.docking.docks import INSPECTOR, LOSS
from viz_app.window.leaving import Leaving
from viz_app.window.parts import Parts


class Commands(QObject):
    """The commands of a window.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._window, self._session = parts, parts.window, parts.session
        self._stage = parts.panels[StagePanel]
        self._leaving = Leaving(parts)

    def trigger(self, name: str) -> None:
        """Do what an action does."""
        self._parts.actions[name].trigger()

    def step(self) -> None:
        """Go to the next step."""
        self._session.navigation.step(1)

    def back(self) -> None:
        """Go to the previous step."""
        self._session.navigation.step(-1)

    def next_layer(self) -> None:
        """Go to the next layer."""
        self._session.navigation.move_layer(1)

    def previous_layer(self) -> None:
        """Go to the previous layer."""
        self._session.navigation.move_layer(-1)

    def play(self) -> None:
        """Play, or pause whatever runs."""
        if self._session.trainer.training:
            self._session.trainer.pause()
        else:
            self._parts.player.toggle()

    def train(self) -> None:
        """Train, or pause; whoever visits is not trained on."""
        self._parts.player.pause()
        self._session.trainer.toggle()

    def watch(self) -> None:
        """Watch the focused cell, or what the step has made."""
        panel = self._parts.panels[WatchPanel]
        self.show_tab(panel)
        panel.watch_requested.emit(panel.target)

    def toggle_breakpoint(self) -> None:
        """Halt at the step that is shown, or do so no longer."""
        self.show_tab(self._parts.panels[WatchPanel])
        self._session.breakpoints.toggle(AtStep(self._session.frame.step.output.key))

    def show_breakpoints(self) -> None:
        """List where the run halts."""
        breakpoints = self._session.breakpoints
        self._parts.panels[WatchPanel].show_breakpoints([(one, breakpoints.is_on(one)) for one in breakpoints])

    def show_tab(self, panel: QWidget) -> None:
        """Bring a panel of the training dock to the front."""
        dock = self._parts.docks[LOSS.title]
        dock.show()
        dock.raise_()
        tabs = dock.widget()
        assert isinstance(tabs, QTabWidget)
        for place in range(tabs.count()):
            page = tabs.widget(place)
            if page is not None and (page is panel or page.isAncestorOf(panel)):
                tabs.setCurrentIndex(place)

    def open_preset(self, name: str) -> None:
        """Open a preset; who would rather not leave the one that is open sees it chosen again."""
        if not self._leaving.may_leave():
            self._session.announce()
        elif self._session.opening.open_preset(name):
            self._session.saving.begin_anew()

    def choose_preset(self, action: QAction) -> None:
        """Open the preset that an entry of the menu stands for."""
        self.open_preset(action.data())

    def set_options(self, chosen: dict[str, Any]) -> None:
        """Run with other options; training goes on where they need no other run."""
        self.change(lambda: self._session.opening.set_options(**chosen))

    def look_at(self, sample: int) -> None:
        """Pause, and show a sample in the stage."""
        self._session.trainer.pause()
        self._session.guests.show_sample(sample)

    def learn(self) -> None:
        """Let the iteration that is shown learn from the guest, or take that back."""
        self._session.trainer.pause()  # so that nothing is lost that has been learnt
        if self._session.guests.learnt:
            self._session.guests.unlearn()
        else:
            self._session.guests.learn()

    def set_settings(self, chosen: dict[str, Any]) -> None:
        """Change the settings of the preset; training goes on where they need no other run."""
        self.change(lambda: self._session.opening.set_settings(**chosen))

    def change(self, change: Callable[[], object]) -> None:
        """Pause, change something, and train on where that needed no other run."""
        trainer, run = self._session.trainer, self._session.trace
        training = trainer.training
        trainer.pause()  # so that nothing is lost that has been learnt
        change()
        if training and self._session.trace is run:
            trainer.start()

    def restart(self) -> None:
        """Go back to the first step of iteration 0; with other data than it had then, begin anew."""
        self._session.guests.stay()
        if not self._session.opening.restart():
            self._session.navigation.restart()

    def clear(self) -> None:
        """Close what is on top: keys, search, a field, a long way, full screen, the focus, the operation, a guest."""
        if self._parts.keys.isVisible():
            self._parts.keys.hide()
        elif self._parts.finder.isVisible():
            self._parts.finder.hide()
            self.focus_stage()
        elif is_field(self._window.focusWidget()):
            forget_typing(self._window.focusWidget())
            self.focus_stage()
        elif self._session.navigation.cancel():
            return
        elif self._session.trainer.training:
            self._session.trainer.pause()
        elif self._window.isFullScreen():
            self.toggle_full_screen()
        elif not self._session.cells.clear():
            self._session.guests.dismiss()

    def check_gradient(self) -> None:
        """Compare the focused cell of a gradient with a central difference."""
        frame = self._session.frame
        if frame.checkable and frame.detail is not None:
            self._session.cells.check_gradient(frame.detail.focus.key, frame.detail.focus.index)

    def focus_stage(self) -> None:
        """Give the keyboard to the stage."""
        self._stage.setFocus()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or come back to what was before: a window of some size, or one as large as there is room."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def export(self) -> None:
        """Pause, and ask what is exported; not during a quiz, whose numbers the preview would show."""
        if self._session.quiz.on:
            self._stage.show_message("The quiz covers numbers that an export would show: end it (Q), then export.")
            return
        from viz_app.window.exporting.export_dialog import ExportDialog  # late: the start does not wait for it

        self._session.trainer.pause()
        self._parts.player.pause()
        look = replace(self._parts.preferences.look, theme_name=self._parts.appearance.theme.name)
        dialog = ExportDialog(self._session, look, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.done_writing.connect(self._stage.show_message)
        dialog.look_used.connect(self._keep_look)
        dialog.open()

    def _keep_look(self, look: Look) -> None:
        """Begin the next export with what only files have; the window stays as it is."""
        shown = self._parts.preferences.look
        parts = (look.parts - {Part.CAPTION}) | (shown.parts & {Part.CAPTION}) or USUAL_PARTS
        self._parts.preferences.look = replace(
            shown, size=look.size, scale=look.scale, transparent=look.transparent, text=look.text, parts=parts
        )

    def export_picture(self) -> None:
        """Ask for a file, and write the stage into it as it is, in twice its pixels."""
        path = ask_picture(self._window, self._session.experiment, self._session.frame)
        if path is not None:
            self._stage.show_message(self._write_picture(path))

    def open_weights(self) -> None:
        """Ask for a file of weights, and open its network."""
        path = ask_open(self._window, "Open weights", f"Weights (*{WEIGHTS})")
        if path is not None:
            self.open_weights_of(path)

    def open_weights_of(self, path: Path) -> None:
        """Open the network that a file holds the weights of."""
        if self._session.weights.open(path, self._leaving.may_leave):
            self._session.saving.begin_anew()

    def save_weights(self) -> None:
        """Stop training, ask for a file, and write the weights into it."""
        self._session.trainer.pause()
        path = ask_weights(self._window, self._session.weights.suggested_name)
        if path is not None:
            self._session.weights.save(path)

    def explain(self) -> None:
        """Tell why the step is there, or leave that again."""
        dock, reason = self._parts.docks[INSPECTOR.title], self._parts.panels[InspectorPanel].reason
        if dock.isVisible():
            reason.toggle()
        else:
            dock.show()
            dock.raise_()
            reason.set_open(True)

    def show_about(self) -> None:
        """Tell what NetStep is."""
        show_about(self._window, self._session.experiment)

    def _write_picture(self, path: Path) -> str:
        """Write the stage into a file, and return what is to be said of it."""
        from viz_app.export.formats.png import write_png  # late: the start does not wait for it
        from viz_app.export.raster import render_image

        canvas = self._stage.canvas
        size = 2 * canvas.width(), 2 * canvas.height()
        try:
            image = render_image(canvas.picture, self._parts.appearance.theme, size, canvas.view)
            write_png(image, path, overwrite=True)  # the person has said so where there was one
        except (OSError, ValueError) as error:
            return f"The picture was not written: {_reason(error)}."
        return f"Wrote {path}."


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
