"""What the menu entries do that copy or save numbers and code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import isfile
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from core.notation import Notation
from core.program import Step
from core.run.trace import Trace
from viz_app.frame.copied import shown_map
from viz_app.panels.stage import StagePanel
from viz_app.takeaway import kinds
from viz_app.takeaway.files import Files, beside, script_files, table_file, values_file
from viz_app.takeaway.kinds import Kind
from viz_app.takeaway.literals import Keep, is_small
from viz_app.takeaway.script import given_to, script
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.values import read_and_made
from viz_app.window.dialogs import ask_takeaway, may_replace
from viz_app.window.parts import Parts
from viz_app.window.takeaway.writing import Writing

_MOST_COPIED = 4_000_000
"""So many bytes of arrays are copied at once, as text."""


class TakeAways(QObject):
    """The commands that take numbers and code out of the window.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._window, self._session = parts, parts.window, parts.session
        self.writing = Writing(self)
        self.writing.told.connect(parts.panels[StagePanel].show_message)

    def copy_operation(self) -> None:
        """Copy the step that is shown as a NumPy script."""
        self._copy([self._session.frame.step], "the operation")

    def copy_iteration(self) -> None:
        """Copy the iteration that is shown as a NumPy script."""
        self._copy(self._session.frame.program.steps, "the iteration")

    def save_script(self) -> None:
        """Ask for a file, and write the iteration that is shown into it as a NumPy script."""
        frame = self._session.frame
        steps = frame.program.steps
        keys = [value.key for value in given_to(steps)]
        path = self._ask("Save the iteration as a NumPy script", kinds.NUMPY, f"{frame.cursor.iteration}")
        if path is not None:
            self.writing.write(partial(script_files, self._shown.values(keys), steps, path))

    def save_step_values(self) -> None:
        """Ask for a file, and write what the step that is shown reads and makes into it."""
        cursor, step = self._session.frame.cursor, self._session.frame.step
        about = f"{cursor.iteration}-{cursor.step:03d}"
        path = self._ask("Save the values of the step", kinds.VALUES, about)
        if path is not None:
            self.writing.write(partial(values_file, self._shown.values(read_and_made([step])), path))

    def save_values(self) -> None:
        """Ask for a file, and write every value of the iteration that is shown into it."""
        about = f"{self._session.frame.cursor.iteration}"
        path = self._ask("Save the values of the iteration", kinds.VALUES, about)
        if path is not None:
            self._compute(partial(values_file, path=path))

    def save_map(self) -> None:
        """Ask for a file, and write the focused map, or what the step has made, into it as a table."""
        frame = self._session.frame
        view = shown_map(frame)
        if view.array is None:
            self._say(f"{view.name} is not computed yet; there is nothing to save.")
            return
        path = self._ask("Save the map as a table", kinds.TABLE, f"{frame.cursor.iteration}-{view.key}")
        if path is not None:
            self.writing.write(partial(table_file, view, path))

    def _copy(self, steps: Sequence[Step], what: str) -> None:
        values = self._shown.values([value.key for value in given_to(steps)])
        if sum(array.nbytes for array in values.arrays.values()) > _MOST_COPIED:
            self._say(f"A script of {what} would hold more than {_MOST_COPIED / 1e6:g} MB; save it as a file.")
            return
        text = script(values, steps, Keep.PACKED).text
        QGuiApplication.clipboard().setText(text)
        packed = all(map(is_small, values.arrays.values()))
        self._say(f"Copied {what} as a NumPy script{'' if packed else '; its large arrays are packed into the text'}.")

    def _compute(self, make: Callable[[Snapshot], Files]) -> None:
        """Execute the iteration that is shown to its end, and write what is made of all its values."""
        self._session.trainer.pause()
        self._parts.player.pause()
        shown = self._shown
        self.writing.compute(shown.trace, shown.iteration, lambda: self.writing.write(partial(make, shown.values())))

    @property
    def _shown(self) -> "_Shown":
        session, frame = self._session, self._session.frame
        return _Shown(session.shown, session.experiment.preset, frame.cursor.iteration, frame.options.notation)

    def _ask(self, title: str, kind: Kind, about: str) -> Path | None:
        """Ask for a file; where a script has a file of arrays beside it, that may be replaced, too."""
        if self.writing.busy:
            self._say("Another file is still being written; ask again in a moment.")
            return None
        path = ask_takeaway(self._window, title, f"{self._session.experiment.preset}-{about}", kind.title, kind.ending)
        if path is None or kind.ending != kinds.NUMPY.ending or not isfile(beside(path)):
            return path
        return path if may_replace(self._window, title, [beside(path)]) else None

    def _say(self, text: str) -> None:
        self._parts.panels[StagePanel].show_message(text)


@dataclass(frozen=True, eq=False)
class _Shown:
    """The iteration that is shown, whatever is shown next."""

    trace: Trace
    name: str
    iteration: int
    notation: Notation

    def values(self, keys: Sequence[str] | None = None) -> Snapshot:
        return Snapshot.of(self.trace, self.name, self.iteration, keys, self.notation)
