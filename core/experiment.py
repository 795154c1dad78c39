"""Put a program, its first parameters and its data together: what the window opens and the commands run."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from core.data.dataset import Dataset
from core.iteration import compile_iteration
from core.network import Architecture
from core.ops.softmax import Softmax
from core.optimizers import OPTIMIZERS
from core.program import Program
from core.run.run import MEMORY_LIMIT
from core.run.targets import Targets
from core.run.trace import Trace
from core.suggestion import suggestion
from core.values import DTYPES, Array, held, is_number, is_whole

LEARNING_RATE = "eta"
"""The hyper-parameter that every optimizer has."""
LARGEST_SEED = 2**32 - 1
LARGEST_SHOWN = MEMORY_LIMIT
"""Bytes that the values of one iteration may take where all of them are to be shown."""

Samples = tuple[int, ...]
Data = Callable[[Samples], Mapping[str, Array]]


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
    optimizer : str
        The update rule: a name of ``OPTIMIZERS``.
    learning_rate : float or None
        eta; ``None`` is the preset's own for the optimizer.
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian.
    same_samples : bool
        Take the same samples in every iteration.

    Raises
    ------
    OptionError
        If a number is not one, or no data could have it.
    """

    batch_size: int = 1
    sample: int = 0
    seed: int = 0
    dtype: str = "float32"
    optimizer: str = "sgd"
    learning_rate: float | None = None
    through_jacobian: bool = False
    same_samples: bool = False

    def __post_init__(self) -> None:
        """Check what can be checked without the data."""
        _check_whole("batch size", self.batch_size, 1)
        _check_whole("sample", self.sample, 0)
        _check_whole("seed", self.seed, 0)
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

    def changed(self, **chosen: Any) -> "Options":
        """Return the options with some of them changed.

        Raises
        ------
        OptionError
            If there is no such option, or it cannot be so.
        """
        check_names("option", self, chosen)
        return replace(self, **chosen)

    def keeps_program(self, other: "Options") -> bool:
        """Tell whether a run with these options can go on with the others: it needs no new program."""
        own_rate = other.learning_rate is None and self.learning_rate is not None  # only the preset knows it
        return not own_rate and replace(self, **{name: getattr(other, name) for name in _LIVE}) == other

    def check_data(self, preset: str, dataset: Dataset | None) -> None:
        """Check the batch size and the sample against the data of a preset; no data set counts as one sample.

        Raises
        ------
        OptionError
            If there are not as many samples.
        """
        count = 1 if dataset is None else len(dataset)
        whose = preset if dataset is None else f"{preset} ({dataset.name})"
        if self.batch_size > count:
            allowed = f"from 1 to {count}" if count > 1 else "of 1"
            raise OptionError(f"Expected a batch size {allowed} for {whose}; got {self.batch_size}.")
        if self.sample >= count:
            allowed = f"from 0 to {count - 1}" if count > 1 else "0"
            raise OptionError(f"Expected a sample {allowed} for {whose}; got {self.sample}.")


_LIVE = ("learning_rate", "sample", "same_samples")
"""Options that can change in the middle of a run."""


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


class Settings(Protocol):
    """What a preset lets the user change besides the options: a frozen dataclass that builds the experiment."""

    def open(self, options: Options) -> "Experiment":
        """Return the experiment with these settings; raise ShapeError or OptionError where they do not fit."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """A program with its first parameters and its data.

    Parameters
    ----------
    preset : str
        The name that it opens by.
    program : Program
        A whole training iteration, or any other program: without a loss it is not trained.
    parameters : mapping of str to ndarray
        The parameters at the start of iteration 0.
    options : Options
        What the user chose.
    network : Architecture or None
        What the program was compiled from, where there is one.
    dataset : Dataset or None
        Where the samples come from.
    data : callable or None
        Returns the program's data for the chosen samples, by key; ``None`` takes ``x`` and ``y`` from the data set.
    settings : Settings or None
        What can be changed: ``replace(settings, stride=2).open(options)`` is the changed experiment.
    changes : tuple of (int, Options)
        The iterations from which on other options hold than at the beginning, in order; those need no new program.

    Raises
    ------
    OptionError
        If the data have not the batch or the sample that the options ask for.
    ValueError
        If there is neither a data set nor a function that returns data, or the targets are none that the loss holds
        for.
    """

    preset: str
    program: Program
    parameters: Mapping[str, Array]
    options: Options
    network: Architecture | None = None
    dataset: Dataset | None = None
    data: Data | None = None
    settings: Settings | None = None
    changes: tuple[tuple[int, Options], ...] = ()

    def __post_init__(self) -> None:
        """Check the options against the data."""
        if self.dataset is None and self.data is None:
            raise ValueError(f"{self.preset}: expected a data set or a function that returns data; got neither")
        self.options.check_data(self.preset, self.dataset)
        if self.data is None and self.dataset is not None:
            Targets(self.program).check({"y": self.dataset.targets})

    @property
    def trainable(self) -> bool:
        """Whether an iteration updates parameters."""
        return bool(self.program.updates)

    @cached_property
    def differentiates_softmax(self) -> bool:
        """Whether a gradient goes back through a softmax: only then ``through_jacobian`` changes something."""
        trained = set(self.program.updates)
        for step in self.program.steps:
            if trained.intersection(value.key for value in step.inputs):
                if isinstance(step.op, Softmax):
                    return True
                trained.add(step.output.key)
        return False

    def samples(self, iteration: int) -> Samples:
        """Return the numbers of the samples that an iteration takes, in order; after the last comes the first."""
        count = 1 if self.dataset is None else len(self.dataset)
        since, options = self._in_force(iteration)
        passed = 0 if options.same_samples else (iteration - since) * options.batch_size
        return tuple((options.sample + passed + row) % count for row in range(options.batch_size))

    def takes_other_samples(self, iteration: int) -> bool:
        """Tell whether an iteration takes other samples than the one before it."""
        if iteration == 0 or self.dataset is None:
            return False
        since, options = self._in_force(iteration)
        if iteration == since:
            return set(self.samples(iteration)) != set(self.samples(iteration - 1))
        return not options.same_samples and options.batch_size < len(self.dataset)

    def changed(self, iteration: int, options: Options) -> "Experiment":
        """Return the experiment with other options from an iteration on; what had been planned after it is dropped.

        Raises
        ------
        OptionError
            If the data have not the sample that the options ask for.
        ValueError
            If the options need a new program.
        """
        if not self.now.keeps_program(options):
            raise ValueError(f"expected options that need no new program; got {options}")
        options.check_data(self.preset, self.dataset)
        before = tuple((first, known) for first, known in self.changes if first < iteration)
        if iteration == 0:
            return replace(self, options=options, changes=())
        return replace(self, changes=(*before, (iteration, options)))

    @property
    def now(self) -> Options:
        """The options that hold after the last change."""
        return self.changes[-1][1] if self.changes else self.options

    def _in_force(self, iteration: int) -> tuple[int, Options]:
        """Return the options that hold in an iteration, and since which."""
        held = ((first, options) for first, options in reversed(self.changes) if first <= iteration)
        return next(held, (0, self.options))

    def batch(self, iteration: int) -> Mapping[str, Array]:
        """Return the data of an iteration by key, in the chosen dtype; only what the program takes."""
        chosen = self.samples(iteration)
        if self.data is not None:
            given = self.data(chosen)
        else:
            assert self.dataset is not None
            given = self.dataset.take(chosen)
        # astype copies, so that nobody who makes a batch read-only touches the data themselves.
        return {key: array.astype(self.options.dtype) for key, array in given.items() if key in self.program.values}

    def token_names(self, iteration: int) -> tuple[tuple[str, ...], ...]:
        """Return what the tokens of every sample of an iteration are called; nothing where they have no names."""
        names = self.dataset.token_names if self.dataset else None
        return tuple(names[sample] for sample in self.samples(iteration)) if names else ()

    def inputs(self, iteration: int = 0) -> Mapping[str, Array]:
        """Return the first state, the data and the hyper-parameters of an iteration: every input of the program."""
        dtype, program = self.options.dtype, self.program
        numbers = {key: np.asarray(number, dtype) for key, number in program.hyperparameters.items()}
        return {**program.initial(self.options.seed, dtype), **self.parameters, **self.batch(iteration), **numbers}

    def trace(self) -> Trace:
        """Return a new trace at the start of iteration 0.

        Raises
        ------
        OptionError
            If the values of one iteration take more memory than can be shown; it can still be trained.
        """
        self.check_memory()
        return Trace(self.program, self.parameters, self.batch, self.options.dtype, token_names=self.token_names)

    def check_memory(self) -> None:
        """Check that the values of one iteration can be shown.

        Raises
        ------
        OptionError
            If they take more memory than that; the experiment can still be trained.
        """
        needed = self.program.nbytes(self.options.dtype)
        if needed > LARGEST_SHOWN and self.options.batch_size > 1:
            most = max(1, self.options.batch_size * LARGEST_SHOWN // needed)
            raise OptionError(
                f"A batch of {self.options.batch_size} samples can be trained on, but to show it takes "
                f"{needed / 1e9:.1f} GB, more than {LARGEST_SHOWN / 1e9:.1f}; choose at most {most} samples to step."
            )


@dataclass(frozen=True)
class Preset:
    """An experiment that opens by name.

    Parameters
    ----------
    name : str
        What the user types.
    title : str
        What the user reads in a list.
    description : str
        One or two sentences: what it is and where it comes from.
    make : callable
        Returns the experiment for the chosen options.
    defaults : Options
        The options that it opens with.
    """

    name: str
    title: str
    description: str
    make: Callable[[Options], Experiment]
    defaults: Options = Options()


def network_experiment(
    preset: str,
    network: Architecture,
    dataset: Dataset,
    options: Options,
    *,
    loss: str,
    rates: Rates,
    parameters: Mapping[str, Array] | None = None,
    settings: Settings | None = None,
) -> Experiment:
    """Compile a network with a loss and an optimizer into an experiment.

    Parameters
    ----------
    preset : str
        The name that it opens by.
    network, dataset
        What is trained, and on which data.
    options : Options
        What the user chose; their learning rate is taken before that of ``rates``.
    loss : str
        ``cross_entropy`` or ``squared_error``.
    rates : Rates
        The preset's own learning rates.
    parameters : mapping of str to ndarray or None
        The first parameters; ``None`` draws them with the seed.
    settings : Settings or None
        What can be changed about the experiment.

    Raises
    ------
    OptionError
        If the data have not the batch or the sample that the options ask for.
    ShapeError
        If the layers do not fit each other or the data.
    """
    options.check_data(preset, dataset)
    rate = rates.of(options.optimizer) if options.learning_rate is None else options.learning_rate
    optimizer = OPTIMIZERS[options.optimizer](learning_rate=rate)  # type: ignore[call-arg]
    program = compile_iteration(network, loss, optimizer, options.batch_size, through_jacobian=options.through_jacobian)
    first = network.initial(options.seed, options.dtype) if parameters is None else parameters
    first = {key: array.astype(options.dtype) for key, array in first.items()}
    return Experiment(preset, program, first, options, network, dataset, settings=settings)
