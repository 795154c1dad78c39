"""Copy what is shown to the clipboard."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from core.wording import counted
from viz_app.frame.frame import MapView
from viz_app.frame.words.copied import as_latex, as_rows, as_tex, shown_map
from viz_app.frame.words.writing import Writing, current_writing, written
from viz_app.panels.stage import StagePanel
from viz_app.session.background import Background, Task
from viz_app.window.parts import Parts

MOST = 1_000_000
"""So many numbers are copied at once."""
MOST_LATEX = 10_000
"""TeX sets no larger matrix in reasonable time."""
_AT_ONCE = 5_000
"""So many numbers are written between two events; more of them beside the window, which goes on meanwhile."""


class Copies(QObject):
    """The commands that copy.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._session = parts, parts.session
        self._stage = parts.panels[StagePanel]
        self._background = Background(self)
        self._background.finished.connect(self._copied)
        self._background.failed.connect(self._fail)

    def close(self) -> None:
        """Copy nothing more."""
        self._background.close()

    def picture(self) -> None:
        """Copy the stage as it is, in twice its pixels."""
        from viz_app.export.raster import render_image  # late: the start does not wait for it

        canvas = self._stage.canvas
        size = 2 * canvas.width(), 2 * canvas.height()
        image = render_image(canvas.picture, self._parts.appearance.theme, size, canvas.view)
        QGuiApplication.clipboard().setImage(image)
        self._stage.show_message(f"Copied the picture, {size[0]} × {size[1]} pixels.")

    def rows(self) -> None:
        """Copy the numbers of the focused map, or of what the step has made, for a spreadsheet."""
        self.rows_of(shown_map(self._session.frame))

    def latex(self) -> None:
        """Copy the focused map, or what the step has made, as a matrix of LaTeX."""
        self.latex_of(shown_map(self._session.frame))

    def rows_of(self, view: MapView) -> None:
        """Copy the numbers of a map for a spreadsheet."""
        self._copy_map(view, as_rows, MOST)

    def latex_of(self, view: MapView) -> None:
        """Copy a map as a matrix of LaTeX."""
        self._copy_map(view, as_latex, MOST_LATEX, " as LaTeX")

    def formula(self) -> None:
        """Copy the equation of the step as TeX."""
        QGuiApplication.clipboard().setText(as_tex(self._session.frame))
        self._stage.show_message("Copied the formula as TeX.")

    def _copy_map(self, view: MapView, write: Callable[[MapView], str], most: int, how: str = "") -> None:
        self._background.cancel()
        if (told := not_copied(view, most)) or view.array is None:
            self._stage.show_message(told)
            return
        told = f"Copied {counted(view.array.size, 'number')} of {view.name}{how}."
        if view.array.size <= _AT_ONCE:
            self._copied((write(view), told))
        else:
            self._stage.show_message(f"Writing {counted(view.array.size, 'number')} of {view.name} …")
            kept = replace(view, array=view.array.copy())  # the network may train meanwhile
            self._background.start(partial(_written, kept, write, current_writing(), told))

    def _fail(self, error: Exception) -> None:
        """Let an error be told as any other of the window's is."""
        raise error

    def _copied(self, made: tuple[str, str]) -> None:
        text, told = made
        QGuiApplication.clipboard().setText(text)
        self._stage.show_message(told)


def _written(
    view: MapView, write: Callable[[MapView], str], writing: Writing, told: str, task: Task
) -> tuple[str, str]:
    with written(writing):  # a thread begins with none of its own
        return write(view), told


def not_copied(view: MapView, most: int) -> str:
    """Return why a map cannot be copied, in a sentence; nothing where it can."""
    if view.array is None:
        return f"{view.name} is not computed yet; there is nothing to copy."
    if view.array.size > most:
        return f"{view.name} has {view.array.size:,} numbers; at most {most:,} can be copied."
    return ""
