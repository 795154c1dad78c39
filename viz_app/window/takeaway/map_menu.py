"""What a right click on the stage offers: to take away the map under the mouse, the formula and the picture."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from viz_app.frame.frame import MapView
from viz_app.frame.words.copied import map_of
from viz_app.window.parts import Parts
from viz_app.window.takeaway.copies import MOST, MOST_LATEX, Copies, not_copied
from viz_app.window.takeaway.takeaways import TakeAways, not_saved


class MapMenu(QObject):
    """The menu of the stage.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    copies, takeaways : Copies, TakeAways
        What copies and saves.
    """

    def __init__(self, parts: Parts, copies: Copies, takeaways: TakeAways) -> None:
        super().__init__(parts.window)
        self._parts, self._copies, self._takeaways = parts, copies, takeaways
        self._view: MapView | None = None

    def open(self, key: str, at: QPoint) -> None:
        """Offer what can be done with a map; with ``""`` it is the focused one, or what the step has made.

        ``at`` is where the menu opens, on the screen.
        """
        view = self._view = map_of(self._parts.session.frame, key)
        menu = QMenu(self._parts.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        name = view.name.replace("&", "&&")
        _add(menu, f"Copy &numbers of {name}", self._copy_rows, not_copied(view, MOST))
        _add(menu, f"Copy {name} as &LaTeX", self._copy_latex, not_copied(view, MOST_LATEX))
        _add(menu, f"&Save {name} as table…", self._save, not_saved(view))
        menu.addSeparator()
        for action in ("copy_formula", "copy_picture", "export_picture"):
            menu.addAction(self._parts.actions[action])
        menu.popup(at)

    def _copy_rows(self) -> None:
        if self._view is not None:
            self._copies.rows_of(self._view)

    def _copy_latex(self) -> None:
        if self._view is not None:
            self._copies.latex_of(self._view)

    def _save(self) -> None:
        if self._view is not None:
            self._takeaways.save_map_of(self._view)


def _add(menu: QMenu, text: str, slot: Callable[[], None], refusal: str) -> None:
    """Add an entry; where it cannot be done, it is grey, and its tip says why."""
    action = menu.addAction(text)
    action.triggered.connect(slot)
    action.setEnabled(not refusal)
    action.setToolTip(refusal)
