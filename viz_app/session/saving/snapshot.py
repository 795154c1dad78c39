"""Take a session as it is, and go on with one that was taken."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.run.kept import State
from viz_app.saved.own import Continued, Own
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import Inferred, Saved, Typed, Visiting

if TYPE_CHECKING:
    from viz_app.session.session import Session


def snapshot(session: "Session", window: WindowRecord, own: Own | None = None) -> Saved:
    """Return the session as it is now; nothing is computed for it, and whatever comes later does not change it.

    The state of three iterations is in it: the first, the one that is shown, and the last that has been reached.
    """
    trace, place, visit = session.trace, session.run_place, session.visit
    inferred = _inferred(session)
    known = (visit or trace).known(place.iteration)
    states: dict[int, State] = {place.iteration: {key: known[key] for key in trace.program.state}}
    for also in (trace.run.checkpoints[-1], *(() if inferred is None else (inferred.place.iteration,))):
        if also not in states:
            states[also] = trace.run.state(also)
    kept: dict[str, Any] = {"sample": place.options.sample, "folds": place.options.folds}
    options = replace(session.place.options, **kept)  # the others are those of what is shown
    place = replace(place, options=options, cover=None)
    targets, base = session.targets, session.targets.base
    return Saved(
        session.experiment,
        trace.run.kept(states),
        place,
        None if visit is None else Visiting(visit.guest, *session.guests.came_to),
        inferred,
        Typed(base.name, targets.base_is_own, targets.originals) if base and targets.originals else None,
        tuple((one, session.breakpoints.is_on(one)) for one in session.breakpoints),
        tuple(session.watches),
        goal=session.trainer.goal,
        own=own,
        text=session.writing.continued,
        window=window,
        export=session.exporting,
        bookmarks=tuple(sorted(session.bookmarks)),
    )


def _inferred(session: "Session") -> Inferred | None:
    """Return the forward pass alone, where that is stepped."""
    if session.inference is None:
        return None
    typed, came = session.writing.shown_text or (None, "")
    return Inferred(replace(session.place, cover=None), typed, came)


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
    session.writing.take_text(saved.text or Continued())
    inferred = saved.inferred
    if inferred is not None and inferred.trace is not None:
        if inferred.typed is not None:
            session.writing.take_up(inferred.typed, inferred.came, inferred.trace)
        session.infer(inferred.trace)
        session.show(inferred.place)
    session.trainer.take_up(saved.trace.run.checkpoints[-1])
    session.exporting = saved.export
