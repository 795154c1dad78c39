"""Copy or save numbers and code from a window, by chance; a script that is copied must be one."""

import random
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from viz_app.window.main_window import MainWindow

_COPIES = ("copy_operation", "copy_iteration")
_SAVES = (
    "save_map",
    "save_step_values",
    "save_values",
    "save_script",
    "save_network_code",
    "save_curves",
    "save_curves_picture",
)


def take_away(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Choose one of the entries that copy or save."""
    name = chance.choice((*_COPIES, *_SAVES))
    tell(f"take away: {name}")
    QGuiApplication.clipboard().setText("")
    window.parts.actions[name].trigger()
    if name in _COPIES and (text := QGuiApplication.clipboard().text()):
        compile(text, name, "exec")
