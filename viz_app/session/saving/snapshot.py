"""Take a session as it is, and go on with one that was taken."""

from typing import TYPE_CHECKING

from core.run.run import State
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import Saved, Typed, Visiting

if TYPE_CHECKING:
    from viz_app.session.session import Session


def snapshot(session: "Session", window: WindowRecord) -> Saved:
    """Return the session as it is now; nothing is computed for it, and whatever comes later does not change it.

    The state of three iterations is in it: the first, the one that is shown, and the last that has been reached.
    """
    trace, place, visit = session.trace, session.run_place, session.visit
    last = trace.run.checkpoints[-1]
    known = (visit or trace).known(place.iteration)
    states: dict[int, State] = {place.iteration: {key: known[key] for key in trace.program.state}}
    if last > place.iteration:
        states[last] = trace.run.state(last)
    targets, base = session.targets, session.targets.base
    return Saved(
        session.experiment,
        trace.run.kept(states),
        place,
        None if visit is None else Visiting(visit.guest, *session.guests.came_to),
        Typed(base.name, targets.base_is_own, targets.originals) if base and targets.originals else None,
        tuple((one, session.breakpoints.is_on(one)) for one in session.breakpoints),
        tuple(session.watches),
        goal=session.trainer.goal,
        window=window,
        export=session.exporting,
        bookmarks=tuple(sorted(session.bookmarks)),
    )


def take_up(session: "Session", saved: Saved) -> None:
    """Go on with a session that was read from a file; whatever cannot be leaves all as it was."""
    assert saved.trace is not None
    visiting = saved.visiting
    session.take_up(saved.experiment, saved.trace, saved.place, visiting.guest if visiting else None)
    if visiting is not None:
        session.guests.take_up(visiting.left, visiting.row, visiting.stays)
    if saved.typed is not None:
        session.targets.take_up(saved.typed.name, saved.typed.own, saved.typed.originals)
    session.breakpoints.replace_all(dict(saved.breakpoints))
    session.watches.replace_all(saved.watches)
    session.bookmarks.set_keys(frozenset(saved.bookmarks))
    if saved.goal is not None:
        session.trainer.set_goal(saved.goal)
    session.trainer.take_up(saved.trace.run.checkpoints[-1])
    session.exporting = saved.export
