"""Open the session that a command line names."""

from argparse import Namespace
from dataclasses import dataclass, replace

from core.data.guest import Guest
from core.experiment import Experiment
from core.run.trace import Trace
from viz_app.cli.image import guest_of
from viz_app.cli.opening import open_experiment
from viz_app.cli.saved import read_saved
from viz_app.frame.place import Place
from viz_app.saved.session import Saved


@dataclass(frozen=True, eq=False)
class Opened:
    """What a command line opens.

    Parameters
    ----------
    experiment : Experiment
        What is run.
    guest : Guest or None
        Who visits it.
    trace : Trace
        The run, or what the guest makes of it.
    place : Place
        The place in it: that of a session, or the first.
    saved : Saved or None
        The session, where it is one.
    """

    experiment: Experiment
    guest: Guest | None
    trace: Trace
    place: Place
    saved: Saved | None = None


def open_session(arguments: Namespace) -> Opened:
    """Return what a command line opens: a session, or an experiment at its first step.

    Raises
    ------
    OptionError
        If it cannot be opened.
    """
    saved = read_saved(arguments)
    if saved is None:
        experiment = open_experiment(arguments)
        guest = guest_of(experiment, arguments)
        return Opened(experiment, guest, experiment.trace(guest), Place())
    assert saved.trace is not None
    guest = saved.visiting.guest if saved.visiting else None
    inferred = saved.inferred
    if inferred is not None and inferred.trace is not None:
        alone = replace(saved.experiment.inferred(), program=inferred.trace.program)
        return Opened(alone, guest, inferred.trace, inferred.place, saved)
    trace = saved.trace if guest is None else saved.experiment.visit(saved.trace.run, guest)
    return Opened(saved.experiment, guest, trace, saved.place, saved)
