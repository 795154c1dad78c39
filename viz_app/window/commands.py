"""What keys, menus and panels ask for, where it is more than a call of the session."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt

from viz_app.panels.inspector import InspectorPanel
from viz_app.panels.stage import StagePanel
from viz_app.session.weights import ENDING as WEIGHTS
from viz_app.window.dialogs import ask_open, ask_picture, ask_weights, show_about
from viz_app.window.docks import INSPECTOR
from viz_app.window.keyboard import forget_typing, is_field
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

    def open_preset(self, name: str) -> None:
        """Open a preset."""
        self._session.opening.open_preset(name)

    def set_options(self, chosen: dict[str, Any]) -> None:
        """Run with other options."""
        self._session.opening.set_options(**chosen)

    def set_settings(self, chosen: dict[str, Any]) -> None:
        """Change the settings of the preset."""
        self._session.opening.set_settings(**chosen)

    def clear(self) -> None:
        """Close what is on top: keys, a field that is typed in, a long way, full screen, the focus, the operation."""
        if self._parts.keys.isVisible():
            self._parts.keys.hide()
        elif is_field(self._window.focusWidget()):
            forget_typing(self._window.focusWidget())
            self.focus_stage()
        elif self._session.navigation.cancel():
            return
        elif self._window.isFullScreen():
            self.toggle_full_screen()
        else:
            self._session.cells.clear()

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

    def export_picture(self) -> None:
        """Ask for a file, and write the stage into it as it is, in twice its pixels."""
        path = ask_picture(self._window, self._session.experiment, self._session.frame)
        if path is not None:
            self._stage.show_message(self._write_picture(path))

    def open_weights(self) -> None:
        """Ask for a file of weights, and open its network."""
        path = ask_open(self._window, "Open weights", f"Weights (*{WEIGHTS})")
        if path is not None:
            self._session.weights.open(path)

    def save_weights(self) -> None:
        """Ask for a file, and write the weights into it."""
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
        from viz_app.export.png import render_image, write_png  # late: the start does not wait for it

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
