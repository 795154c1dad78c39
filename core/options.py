"""Hold what a person chooses about an experiment, and check it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from core.data.dataset import Dataset
from core.ops.losses import HuberError, parse_loss
from core.optimizers import OPTIMIZERS, Clipping, Penalties, make_optimizer, parameters_of, parse_parameters
from core.schedules import parse_schedule
from core.values import DTYPES, held, is_number, is_whole
from core.wording import sentence, suggestion

LEARNING_RATE = "eta"
"""The hyper-parameter that every optimizer has."""
STARTS = ("scratch", "trained")
"""What a run may start from: parameters drawn from the seed, or the trained ones that are shipped."""
LARGEST_SEED = 2**32 - 1


class OptionError(ValueError):
    """The user asked for something that there is not; the message is one sentence that says what there is."""


def check_names(noun: str, known: object, chosen: Iterable[str]) -> None:
    """Raise OptionError unless every name is that of a field of a dataclass."""
    names = [field.name for field in fields(known)]  # type: ignore[arg-type]
    for name in chosen:
        if name not in names:
            raise OptionError(f"Expected {noun}s among {', '.join(names) or 'none'}; got {name!r}.")


def _check_whole(name: str, number: object, least: int) -> None:
    if not is_whole(number) or number < least:  # type: ignore[operator]
        raise OptionError(f"Expected a {name} that is a whole number from {least}; got {number!r}.")


def _check_text(read: Callable[[str], object], text: object) -> None:
    """Raise OptionError unless a text can be read."""
    try:
        read(str(text))
    except ValueError as error:
        raise OptionError(sentence(error)) from None


def _is_positive(number: object) -> bool:
    return is_number(number) and bool(0 < number < math.inf)  # type: ignore[operator]


@dataclass(frozen=True)
class Options:
    """What the user chooses about an experiment.

    Parameters
    ----------
    batch_size : int
        How many samples an iteration takes.
    sample : int
        The first sample of iteration 0, from 0.
    seed : int
        Draws the first parameters.
    dtype : str
        ``float32`` or ``float64``.
    loss : str or None
        As ``parse_loss`` reads it; ``None`` is the preset's own.
    optimizer : str
        The update rule: a name of ``OPTIMIZERS``.
    optimizer_parameters : str
        Its numbers besides the learning rate, as ``parse_parameters`` reads them; others are as by default.
    learning_rate : float or None
        eta; ``None`` is the preset's own for the optimizer.
    l1, l2 : float
        As of ``Penalties``.
    clip_value, clip_norm : float or None
        As of ``Clipping``.
    frozen : tuple of str
        What is not trained: parameters by key, or layers by number or name.
    start : str
        What the parameters are at first: drawn anew, or those that are shipped with the preset (see ``STARTS``).
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian.
    same_samples : bool
        Take the same samples in every iteration.
    shuffle : bool
        Take the samples in another order in every epoch, drawn from the seed.
    held_back : int
        How many samples, the last of the data, are not trained on: they tell how good the network is.
    schedule : str
        How the learning rate goes on from iteration to iteration, as ``parse_schedule`` reads it.

    Raises
    ------
    OptionError
        If a number is not one, or no data could have it.
    """

    batch_size: int = 1
    sample: int = 0
    seed: int = 0
    dtype: str = "float32"
    loss: str | None = None
    optimizer: str = "sgd"
    optimizer_parameters: str = ""
    learning_rate: float | None = None
    l1: float = 0.0
    l2: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    frozen: tuple[str, ...] = ()
    start: str = "scratch"
    through_jacobian: bool = False
    same_samples: bool = False
    shuffle: bool = False
    held_back: int = 0
    schedule: str = "constant"

    def __post_init__(self) -> None:
        """Check what can be checked without the data."""
        _check_whole("batch size", self.batch_size, 1)
        _check_whole("sample", self.sample, 0)
        _check_whole("seed", self.seed, 0)
        _check_whole("number of samples held back", self.held_back, 0)
        _check_text(parse_schedule, self.schedule)
        if self.seed > LARGEST_SEED:
            raise OptionError(f"Expected a seed from 0 to {LARGEST_SEED}; got {self.seed!r}.")
        if self.dtype not in DTYPES:
            raise OptionError(f"Expected a dtype of {' or '.join(DTYPES)}; got {self.dtype!r}.")
        if self.optimizer not in OPTIMIZERS:
            meant = suggestion(self.optimizer, OPTIMIZERS)
            raise OptionError(f"Expected an optimizer among {', '.join(OPTIMIZERS)}; got {self.optimizer!r}{meant}.")
        if self.learning_rate is not None and not _is_positive(self.learning_rate):
            raise OptionError(f"Expected a positive, finite learning rate; got {self.learning_rate!r}.")
        if self.learning_rate is not None and not _is_positive(held(self.learning_rate, self.dtype)):
            raise OptionError(f"Expected a learning rate that {self.dtype} can hold; got {self.learning_rate!r}.")
        if self.start not in STARTS:
            raise OptionError(f"Expected a start of {' or '.join(STARTS)}; got {self.start!r}.")
        if not isinstance(self.frozen, tuple) or not all(isinstance(name, str) for name in self.frozen):
            raise OptionError(f"Expected names of what is frozen; got {self.frozen!r}.")
        self._check_numbers()

    def _check_numbers(self) -> None:
        """Check the numbers of the loss, the optimizer, the penalties and the clipping, as the dtype holds them."""
        rule = OPTIMIZERS[self.optimizer]
        _check_text(lambda text: make_optimizer(rule, 1.0, text), self.optimizer_parameters)
        numbers = dict(parse_parameters(rule, self.optimizer_parameters))
        kept = {name: held(number, self.dtype) for name, number in numbers.items()}
        if self.loss is not None:
            _check_text(parse_loss, self.loss)
            op = parse_loss(self.loss)
            numbers |= {"limit of the Huber error": op.limit} if isinstance(op, HuberError) else {}
        _check_text(lambda _: (self.penalties, self.clipping), "")
        numbers |= {name: getattr(self, name) or 0.0 for name in ("l1", "l2", "clip_value", "clip_norm")}
        for name, number in numbers.items():
            if not math.isfinite(held(number, self.dtype)) or (held(number, self.dtype) == 0) != (number == 0):
                raise OptionError(f"Expected a number that {self.dtype} can hold for {name}; got {number!r}.")
        _check_text(lambda _: rule(learning_rate=1.0, **kept), "")  # type: ignore[call-arg]  # 1 - 1e-9 is 1 in float32

    @property
    def penalties(self) -> Penalties | None:
        """The penalties on the weights, where there are any."""
        return Penalties(self.l1, self.l2) if self.l1 or self.l2 else None

    @property
    def clipping(self) -> Clipping | None:
        """The clipping of the gradients, where there is any."""
        none = self.clip_value is None and self.clip_norm is None
        return None if none else Clipping(self.clip_value, self.clip_norm)

    def changed(self, **chosen: Any) -> "Options":
        """Return the options with some of them changed; another optimizer has its own parameters, as by default.

        Raises
        ------
        OptionError
            If there is no such option, or it cannot be so.
        """
        check_names("option", self, chosen)
        if chosen.get("optimizer", self.optimizer) != self.optimizer:  # another has other parameters
            chosen = {"optimizer_parameters": "", **chosen}
        return replace(self, **chosen)

    def keeps_program(self, other: "Options") -> bool:
        """Tell whether a run with these options can go on with the others: it needs no new program.

        A penalty or a limit of gradients can become another number, but it cannot come or go.
        """
        own_rate = other.learning_rate is None and self.learning_rate is not None  # only the preset knows it
        same = self.optimizer == other.optimizer and self.numbers.keys() == other.numbers.keys()
        live = {name: getattr(other, name) for name in (*_LIVE, *_NUMBERS)}
        return same and not own_rate and replace(self, **live) == other

    @property
    def numbers(self) -> Mapping[str, float]:
        """The hyper-parameters of the program besides the learning rate, by key."""
        rule = OPTIMIZERS[self.optimizer]
        own = {**parameters_of(rule), **parse_parameters(rule, self.optimizer_parameters)}
        found = {_KEYS.get(name, name): number for name, number in own.items()}
        found |= {key: number for key, number in (("lambda_1", self.l1), ("lambda_2", self.l2)) if number}
        limits = ("clip_value", self.clip_value), ("clip_norm", self.clip_norm)
        return found | {key: limit for key, limit in limits if limit is not None}

    def check_data(self, preset: str, dataset: Dataset | None) -> None:
        """Check the batch size and the sample against the data of a preset; no data set counts as one sample.

        Raises
        ------
        OptionError
            If there are not as many samples.
        """
        count = 1 if dataset is None else len(dataset)
        whose = preset if dataset is None else f"{preset} ({dataset.name})"
        if self.held_back >= count:
            raise OptionError(f"Expected at most {count - 1} samples held back of {whose}; got {self.held_back}.")
        if self.held_back:
            count, whose = count - self.held_back, f"{whose} without the {self.held_back} samples held back"
        if self.batch_size > count:
            allowed = f"from 1 to {count}" if count > 1 else "of 1"
            raise OptionError(f"Expected a batch size {allowed} for {whose}; got {self.batch_size}.")
        if self.sample >= count:
            allowed = f"from 0 to {count - 1}" if count > 1 else "0"
            raise OptionError(f"Expected a sample {allowed} for {whose}; got {self.sample}.")

    def check_untrained(self, preset: str) -> None:
        """Check the options of a preset that has no loss: none of them may be about training.

        Raises
        ------
        OptionError
            If one is.
        """
        for name in _ABOUT_TRAINING:
            if getattr(self, name) != getattr(Options, name):
                what = name.replace("_", " ")
                raise OptionError(f"Expected a network that is trained, for the option {what}; {preset} is not.")


_ABOUT_TRAINING = ("loss", "optimizer_parameters", "l1", "l2", "clip_value", "clip_norm", "frozen", "start")
CHOOSE_SAMPLES = ("sample", "same_samples", "shuffle", "held_back")
"""Options that say which samples an iteration takes."""
_LIVE = (*CHOOSE_SAMPLES, "learning_rate", "schedule")
"""Options that can change in the middle of a run."""
_NUMBERS = ("optimizer_parameters", "l1", "l2", "clip_value", "clip_norm")
"""Those that can, where the program has such numbers."""
_KEYS = {"momentum": "mu"}
"""What a number of an optimizer is called in the program, where that is another name."""


@dataclass(frozen=True)
class Rates:
    """The learning rates that suit a preset, by optimizer.

    Parameters
    ----------
    sgd : float
        For plain SGD; momentum takes a share of it.
    adaptive : float
        For Adam, and others whose steps are about as large as the rate, whatever the gradients.
    """

    sgd: float
    adaptive: float = 0.001

    def of(self, optimizer: str) -> float:
        """Return the learning rate for an optimizer."""
        rule = OPTIMIZERS[optimizer]
        rate = (self.adaptive if rule.adaptive else self.sgd) * rule.usual_rate
        return float(f"{rate:.12g}")  # 0.1 of 0.1 is 0.01
