"""Know what would be lost: what has been trained, edited, brought or typed since the session was saved or opened."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.data.guest import Guest
from core.experiment import Experiment
from core.presets.convolution import KernelSettings
from core.presets.playground import PlaygroundSettings
from core.wording import counted
from viz_app.session.saving.same import Same

if TYPE_CHECKING:
    from viz_app.session.session import Session


@dataclass(frozen=True, eq=False)
class Mark:
    """How far work had come at some time; objects that are not replaced are the same work.

    A run that nobody shows any more goes, with all its values, whoever compares something with it.
    """

    experiment: Experiment
    run: Same
    trained: int
    guest: Guest | None
    breakpoints: tuple[Any, ...]


class Work(QObject):
    """Compares the session with how it was when it was saved or opened last.

    Going elsewhere and looking otherwise is no work. Options and settings, which are chosen anew with a click, count
    once the session has a file: it would tell other ones.

    Parameters
    ----------
    session : Session
        Whose work it is.
    """

    changed = Signal(bool)
    """Whether something would be lost."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session, self.has_file = session, False
        self._mark, self._modified = self.mark(), False
        for signal in (
            session.experiment_changed,
            session.guest_changed,
            session.breakpoints.changed,
            session.trainer.training_changed,
            session.trainer.progressed,
            session.weights.saved,
        ):
            signal.connect(self.look)

    @property
    def modified(self) -> bool:
        """Whether something would be lost."""
        return bool(self.lost)

    @property
    def lost(self) -> tuple[str, ...]:
        """What would be lost, in a few words each."""
        now, before, session = self.mark(), self._mark, self._session
        same = now.run == before.run
        trained = now.trained - (before.trained if same else 0)
        saved = session.weights.saved_iteration
        found = [counted(trained, "trained iteration")] if trained > 0 and now.trained > (saved or 0) else []
        found += _made(now.experiment, before.experiment)
        if now.guest is not None and now.guest.sample is None and now.guest is not before.guest:
            found.append("an input of your own")
        if not found and self.has_file:
            if now.experiment is not before.experiment:
                found.append("other options")
            elif now.breakpoints != before.breakpoints:
                found.append("other breakpoints")
        return tuple(found)

    def mark(self) -> Mark:
        """Return how far the work has come."""
        session = self._session
        visit, breakpoints = session.visit, session.breakpoints
        on = tuple((one, breakpoints.is_on(one)) for one in breakpoints)
        guest = visit.guest if visit else None
        return Mark(session.experiment, Same(session.trace), session.trainer.trained, guest, on)

    def settle(self, mark: Mark | None = None, *, has_file: bool = False) -> None:
        """Take all as saved that has been done up to now, or up to a mark."""
        self._mark, self.has_file = mark or self.mark(), has_file
        self.look()

    def unsettle(self) -> None:
        """Take what is open as not saved anywhere: it was recovered."""
        mark = self.mark()
        self._mark, self.has_file = Mark(mark.experiment, mark.run, -1, None, ()), False
        self.look()

    def look(self, *_: object) -> None:
        """Tell where something would be lost now that would not have been before, or the other way round."""
        modified = self.modified
        if modified != self._modified:
            self._modified = modified
            self.changed.emit(modified)


def _made(now: Experiment, before: Experiment) -> list[str]:
    """Return what a person has made of an experiment that was another one before."""
    settings, earlier = now.settings, before.settings
    found = []
    if now.edit is not None and now.edit is not before.edit and now.edit.how == "edited":
        found.append("the edited network")
    if now.own is not None and now.own is not before.own:
        found.append("data of your own")
    if isinstance(settings, PlaygroundSettings) and settings.points is not None:
        was = earlier.points if isinstance(earlier, PlaygroundSettings) else None
        found += ["points of your own"] if settings.points != was else []
    if isinstance(settings, KernelSettings):
        was_kernel = earlier if isinstance(earlier, KernelSettings) else KernelSettings()
        if settings.own_image is not was_kernel.own_image:
            found.append("an image of your own")
        if settings.weights != was_kernel.weights:
            found.append("a kernel of your own")
    if now.guests and now.guests != before.guests:
        found.append("what was learnt from a guest")
    return found
