"""Keep the curves of earlier runs beside those of the one that is shown, named by what differs between them. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from core.experiment import Experiment
from core.options import LEARNING_RATE, Options
from core.run.record import Judged, Series

MOST = 6
"""More earlier runs than that are not kept."""
_SHORT = 5
"""A run of fewer iterations is no curve."""
_NOT_TOLD = "sample", "same_samples"
_WORDS = {
    "batch_size": "batch",
    "learning_rate": "η",
    "held_back": "held back",
    "through_jacobian": "by the Jacobian",
    "optimizer_parameters": "",
    "optimizer": "",
    "schedule": "",
    "loss": "",
    "start": "",
    "dtype": "",
    "l1": "L1",
    "l2": "L2",
    "clip_value": "clipped at",
    "clip_norm": "norm clipped at",
}
"""What options are called in the name of a run; those that speak for themselves are called nothing."""


@dataclass(frozen=True)
class CurvesOf:
    """The curves of a run.

    Parameters
    ----------
    losses : Series
        The loss of every iteration.
    judged : mapping of Judged to Series
        How good the network was where it was judged.
    about : mapping of str to str
        What was chosen for the run, as a person reads it, by option.
    """

    losses: Series
    judged: Mapping[Judged, Series]
    about: Mapping[str, str] = field(default_factory=dict)


def about(experiment: Experiment) -> Mapping[str, str]:
    """Return what was chosen for a run, as a person reads it, by option."""
    options, told = experiment.options, {}
    for one in fields(Options):
        if one.name in _NOT_TOLD:
            continue
        number = getattr(options, one.name)
        if one.name == "learning_rate":
            number = experiment.program.hyperparameters.get(LEARNING_RATE)
        if one.name == "loss":
            number = experiment.loss
        told[one.name] = _text(one.name, number)
    told["network"] = "edited network" if experiment.edit is not None else "network as it was"
    settings = experiment.settings
    if settings is not None:
        told |= {f"settings.{name}": f"{name} {value}" for name, value in _simple(settings)}
    return told


class Runs:
    """The earlier runs of a network, the last one last."""

    def __init__(self) -> None:
        self._kept: list[CurvesOf] = []

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, curves: CurvesOf) -> None:
        """Keep the curves of a run that is left, if they are long enough to be some."""
        if len(curves.losses) >= _SHORT:
            self._kept = [*self._kept, curves][-MOST:]

    def clear(self) -> None:
        """Forget them all."""
        self._kept = []

    def named(self, current: CurvesOf) -> Sequence[tuple[str, CurvesOf]]:
        """Return the earlier runs, and last the current one, each by what differs between them."""
        every = [*self._kept, current]
        keys = [key for key in current.about if len({run.about.get(key, "") for run in every}) > 1]
        names = [", ".join(part for key in keys if (part := run.about.get(key, ""))) for run in every]
        return [(name or f"run {number}", run) for number, (name, run) in enumerate(zip(names, every, strict=True), 1)]


def _text(name: str, value: object) -> str:
    word = _WORDS.get(name, name.replace("_", " "))
    if value is None or value == () or value == "":
        return ""
    if isinstance(value, bool):
        return word if value else f"not {word}"
    if isinstance(value, (tuple, frozenset, list)):
        value = " ".join(map(str, value))
    told = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return f"{word} {told}".strip()


def _simple(settings: object) -> Sequence[tuple[str, object]]:
    """Return the settings of a preset that are a word or a number."""
    found = ((one.name, getattr(settings, one.name)) for one in fields(settings))  # type: ignore[arg-type]
    return [(name.replace("_", " "), value) for name, value in found if isinstance(value, (str, int, float))]
