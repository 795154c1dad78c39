"""Grey out in the menus what cannot be done."""

from PySide6.QtCore import QObject

from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.panels.stage import StagePanel
from viz_app.session.moving.player import SPEEDS
from viz_app.window.parts import Parts
from viz_app.window.preferences import SCALES


class Availability(QObject):
    """Enables the actions of a window that do something, and disables the others.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._actions = parts, parts.actions
        for name in ("Run", "View"):
            menu = parts.actions.menus[name]
            menu.aboutToShow.connect(self._grey)
            menu.aboutToHide.connect(self._ungrey)

    def show_frame(self, frame: Frame) -> None:
        """Enable the moves that lead elsewhere, the check where there is a gradient, saving where there are weights."""
        possible = walking.possible(frame.program, frame.cursor, frame.outline, out=frame.leads_out)
        for move in walking.Move:
            self._actions[move].setEnabled(move in possible)
        self._actions["check_gradient"].setEnabled(frame.checkable)
        self._actions["hide_copies"].setChecked(frame.options.hide_copies)
        self._actions["unfold_all"].setEnabled(frame.options.folds is not None)
        self._actions["hold_colors"].setChecked(bool(frame.options.held))
        self._actions["train"].setEnabled(self._parts.session.trainer.possible)
        self._actions["stop_training"].setEnabled(self._parts.session.trainer.training)
        self._actions["inference"].setEnabled(self._parts.session.inferring.possible)
        self._actions["inference"].setChecked(frame.inference)
        self._actions["leave_guest"].setEnabled(frame.guest is not None)
        self._actions["learn_guest"].setEnabled(frame.guest is not None and bool(frame.program.updates))
        self._actions["save_weights"].setEnabled(bool(frame.program.updates))

    def _grey(self) -> None:
        """Disable what has come to its end while a menu is open; a key may be pressed whenever it likes."""
        speed, scale = self._parts.player.speed, self._parts.preferences.scale
        self._actions["faster"].setEnabled(speed < SPEEDS[-1])
        self._actions["slower"].setEnabled(speed > SPEEDS[0])
        self._actions["larger"].setEnabled(scale < SCALES[-1])
        self._actions["smaller"].setEnabled(scale > SCALES[0])
        self._actions["reset_view"].setEnabled(self._parts.panels[StagePanel].canvas.view.zoomed)

    def _ungrey(self) -> None:
        for name in ("faster", "slower", "larger", "smaller", "reset_view"):
            self._actions[name].setEnabled(True)
