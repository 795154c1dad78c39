"""What the menu entries do that copy or save numbers and code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from os.path import isfile
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from core.notation import Notation
from core.program import Step
from core.run.trace import Trace
from viz_app.frame.frame import MapView
from viz_app.frame.look import Look
from viz_app.frame.words.copied import shown_map
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.takeaway import kinds
from viz_app.takeaway.curves import SIZE, Drawing, RunCurves, curves_picture, has_curves
from viz_app.takeaway.files import Files, beside, curves_file, script_files, table_file, torch_files, values_file
from viz_app.takeaway.kinds import Kind
from viz_app.takeaway.literals import Keep, is_small
from viz_app.takeaway.script import given_to, script
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.table import MOST
from viz_app.takeaway.torch.script import needed
from viz_app.takeaway.torch.writing import UnsayableError
from viz_app.takeaway.values import read_and_made
from viz_app.window.dialogs import ask_takeaway, may_replace
from viz_app.window.parts import Parts
from viz_app.window.takeaway.writing import Writing

_MOST_COPIED = 4_000_000
"""So many bytes of arrays are copied at once, as text."""


def not_saved(view: MapView) -> str:
    """Return why a map cannot be saved as a table, in a sentence; nothing where it can."""
    if view.array is None:
        return f"{view.name} is not computed yet; there is nothing to save."
    if view.covered is not None:
        return f"The quiz covers numbers of {view.name}: reveal them (Return), then save."
    if view.array.size > MOST:
        return f"{view.name} has {view.array.size:,} numbers; a table takes at most {MOST:,}: save the values."
    return ""


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
        self._pause()
        shown = self._shown
        path = self._ask("Save the values of the iteration", kinds.VALUES, f"{shown.iteration}")
        if path is not None:
            self._compute(partial(values_file, path=path), shown)

    def save_map(self) -> None:
        """Ask for a file, and write the focused map, or what the step has made, into it as a table."""
        self.save_map_of(shown_map(self._session.frame))

    def save_map_of(self, view: MapView) -> None:
        """Ask for a file, and write a map into it as a table."""
        if told := not_saved(view):
            self._say(told)
            return
        about = f"{self._session.frame.cursor.iteration}-{view.key}"
        path = self._ask("Save the map as a table", kinds.TABLE, about)
        if path is not None:
            self.writing.write(partial(table_file, view, path))

    def save_network(self) -> None:
        """Ask for a file, and write the network into it as a PyTorch script, with its weights beside it.

        Its batch and its weights are those of the run, or of whoever visits it, also while the forward pass alone is
        stepped.
        """
        self._pause()
        session = self._session
        experiment, iteration = session.experiment, session.run_place.iteration
        try:
            keys = needed(experiment)
        except UnsayableError as error:
            self._say(str(error))
            return
        path = self._ask("Save the network as PyTorch code", kinds.PYTORCH, f"{iteration}-pytorch")
        if path is not None:
            shown = replace(self._shown, trace=session.visit or session.trace, iteration=iteration)
            self._compute(partial(torch_files, experiment=experiment, path=path), shown, keys)

    def save_curves(self) -> None:
        """Ask for a file, and write the curves of all runs that are drawn into it as a table."""
        runs = self._curves()
        path = self._ask("Save the curves as a table", kinds.TABLE, "curves") if runs else None
        if path is not None:
            self.writing.write(partial(curves_file, runs, path))

    def save_curves_picture(self) -> None:
        """Ask for a file, and draw the curves of all runs into it."""
        runs, panel = self._curves(), self._parts.panels[CurvesPanel]
        path = self._ask_any("Save the curves as a picture", kinds.PICTURES, "curves") if runs else None
        if path is None:
            return
        from viz_app.export.drawn import encoded  # late: the start does not wait for it

        title = self._session.experiment.preset
        picture = curves_picture(runs, f"Curves of {title}", Drawing(panel.logarithmic, panel.smoothed))
        look = Look(SIZE, self._parts.appearance.theme.name, scale=2.0)
        try:
            content = encoded(picture, look, path, f"Curves of {title}")
        except OSError as error:
            self._say(f"The picture was not written: {error}.")
            return
        self.writing.write(partial(dict, {path: content}))

    def _curves(self) -> Sequence[RunCurves]:
        """Return the curves of all runs that are drawn; where there are none, say so."""
        panel = self._parts.panels[CurvesPanel]
        *earlier, (name, current) = panel.drawn
        runs = [*(RunCurves(*run) for run in earlier), RunCurves(name, current, panel.other_samples)]
        if not has_curves(runs):
            self._say("There are no curves yet: every iteration that has been run adds a loss.")
            return ()
        return runs

    def _copy(self, steps: Sequence[Step], what: str) -> None:
        values = self._shown.values([value.key for value in given_to(steps)])
        if sum(array.nbytes for array in values.arrays.values()) > _MOST_COPIED:
            self._say(f"A script of {what} would hold more than {_MOST_COPIED / 1e6:g} MB; save it as a file.")
            return
        text = script(values, steps, Keep.PACKED).text
        QGuiApplication.clipboard().setText(text)
        packed = all(map(is_small, values.arrays.values()))
        self._say(f"Copied {what} as a NumPy script{'' if packed else '; its large arrays are packed into the text'}.")

    def _pause(self) -> None:
        """Stay at the iteration that is shown."""
        self._session.trainer.pause()
        self._parts.player.pause()

    def _compute(self, make: Callable[[Snapshot], Files], shown: "_Shown", keys: Sequence[str] | None = None) -> None:
        """Execute an iteration to its end, and write what is made of its values."""

        def write() -> None:
            self.writing.write(partial(make, shown.values(keys)))

        self.writing.compute(shown.trace, shown.iteration, write)

    @property
    def _shown(self) -> "_Shown":
        session, frame = self._session, self._session.frame
        return _Shown(session.shown, session.experiment.preset, frame.cursor.iteration, frame.options.notation)

    def _ask(self, title: str, kind: Kind, about: str) -> Path | None:
        """Ask for a file; where a script has a file of arrays beside it, that may be replaced, too."""
        path = self._ask_any(title, (kind,), about)
        if path is None or kind.ending != kinds.NUMPY.ending or not isfile(beside(path)):
            return path
        return path if may_replace(self._window, title, [beside(path)]) else None

    def _ask_any(self, title: str, choices: Sequence[Kind], about: str) -> Path | None:
        if self.writing.busy:
            self._say("Another file is still being written; ask again in a moment.")
            return None
        return ask_takeaway(self._window, title, f"{self._session.experiment.preset}-{about}", choices)

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
