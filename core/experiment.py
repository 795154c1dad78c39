"""Put a program, its first parameters and its data together: what the window opens and the commands run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.guest import Guest
from core.data.order import Order
from core.iteration import compile_inference
from core.network import Architecture
from core.ops.softmax import Softmax
from core.options import CHOOSE_SAMPLES, LEARNING_RATE, OptionError, Options, Rates
from core.program import Program
from core.run.inference import Inference
from core.run.run import Run
from core.run.targets import Targets
from core.run.trace import Trace
from core.run.visit import Visit
from core.schedules import parse_schedule
from core.values import Array
from core.visiting import check_guest, put_first, sample_of
from core.weights import Weights
from core.wording import counted

LARGEST_SHOWN = 225_000_000
"""Bytes that the values of one iteration may take where all of them are to be shown; training takes twice as much."""

Samples = tuple[int, ...]
Data = Callable[[Samples], Mapping[str, Array]]


class Settings(Protocol):
    """What a preset lets the user change besides the options: a frozen dataclass that builds the experiment."""

    def open(self, options: Options) -> "Experiment":
        """Return the experiment with these settings; raise ShapeError or OptionError where they do not fit."""


@runtime_checkable
class LiveSettings(Settings, Protocol):
    """Settings of which some can change in the middle of a run: those that say which data are taken."""

    def keeps_run(self, other: Settings) -> bool:
        """Tell whether a run with these settings can go on with the others: only its data are others."""


@dataclass(frozen=True, eq=False)
class Edit:
    """What a person has made of the network of an experiment.

    Parameters
    ----------
    network : Architecture
        The network in place of the preset's own.
    loss : str
        Its loss, as of ``compile_iteration``.
    kept : mapping of str to ndarray
        The parameters that it begins with; the others are drawn.
    how : str
        What a person is told that the network is: ``edited`` by hand, ``adapted`` to data, or nothing.
    """

    network: Architecture
    loss: str
    kept: Mapping[str, Array]
    how: str = "edited"


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
    loss : str
        What ``compile_iteration`` calls the loss; empty where the program is not such an iteration.
    changes : tuple of (int, Options)
        The iterations from which on other options hold than at the beginning, in order; those need no new program.
    rates : Rates or None
        The learning rates that suit it, by optimizer; ``None`` where it is not trained.
    edit : Edit or None
        What a person has made of its network.
    earlier : tuple of (int, Dataset)
        The data that were taken before ``dataset``, in order, each with the iteration up to which they held.
    opened : Weights or None
        The weights of a file that it starts from, where it does.
    own : Dataset or None
        The data of their own that a person has put in the place of the preset's: they are ``dataset``, then.
    guests : tuple of (int, Guest)
        The iterations that learn from a guest in place of their first sample, each with that guest.

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
    loss: str = ""
    changes: tuple[tuple[int, Options], ...] = ()
    rates: Rates | None = None
    edit: Edit | None = None
    earlier: tuple[tuple[int, Dataset], ...] = ()
    opened: Weights | None = None
    own: Dataset | None = None
    guests: tuple[tuple[int, Guest], ...] = ()

    def __post_init__(self) -> None:
        """Check the options against the data."""
        if self.dataset is None and self.data is None:
            raise ValueError(f"{self.preset}: expected a data set or a function that returns data; got neither")
        self.now.check_data(self.preset, self.dataset)
        if not self.loss:
            self.now.check_untrained(self.preset)
        if self.data is None and self.dataset is not None:
            Targets(self.program).check_rows("y", self.dataset.targets)

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
        """Return the numbers of the samples that an iteration takes, in order; after the last comes the first.

        Where it learns from a guest that is none of them, the first one gives way to it (see ``guest_at``).
        """
        return self.samples_with(iteration, self.guest_at(iteration))

    def samples_with(self, iteration: int, guest: Guest | None) -> Samples:
        """Return the numbers of the samples of an iteration in which a guest comes first."""
        since, options = self._in_force(iteration)
        order = Order(self._count_at(iteration) - options.held_back, options.seed if options.shuffle else None)
        passed = 0 if options.same_samples else (iteration - since) * options.batch_size
        turn = order.take(options.sample + passed, options.batch_size)
        return turn if guest is None or guest.sample is None else _sample_first(turn, guest.sample)

    @property
    def trained_on(self) -> range:
        """The numbers of the samples that the network is trained on."""
        return range(self._count - self.now.held_back)

    @property
    def held_back(self) -> range:
        """The numbers of the samples that it is not trained on."""
        return range(self._count - self.now.held_back, self._count)

    def factors(self, iteration: int) -> Mapping[str, float]:
        """Return what hyper-parameters are multiplied by in an iteration: the learning rate by its schedule."""
        _, options = self._in_force(iteration)
        factor = parse_schedule(options.schedule).factor(iteration)
        return {LEARNING_RATE: factor} if LEARNING_RATE in self.program.hyperparameters else {}

    @property
    def _count(self) -> int:
        return 1 if self.dataset is None else len(self.dataset)

    def _count_at(self, iteration: int) -> int:
        return len(self.dataset_at(iteration) or (None,))

    def dataset_at(self, iteration: int) -> Dataset | None:
        """Return the data that an iteration takes its samples from."""
        return next((dataset for until, dataset in self.earlier if iteration < until), self.dataset)

    def takes_other_samples(self, iteration: int) -> bool:
        """Tell whether an iteration takes other samples than the one before it."""
        if iteration == 0 or self.dataset is None:
            return False
        since, _ = self._in_force(iteration)
        guests = self.guest_at(iteration), self.guest_at(iteration - 1)
        if any(guest is not None and guest.sample is None for guest in guests):
            return guests[0] is not guests[1]
        if iteration == since or guests != (None, None):
            return set(self.samples(iteration)) != set(self.samples(iteration - 1))
        return self._moves_on(iteration)

    def _moves_on(self, iteration: int) -> bool:
        """Tell whether the options of an iteration let each take other samples than the one before."""
        _, options = self._in_force(iteration)
        return not options.same_samples and options.batch_size < self._count_at(iteration) - options.held_back

    def take_other_samples(self, iterations: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of many iterations, in order, whether each takes other samples than the one before it."""
        other = np.zeros(len(iterations), bool)
        if self.dataset is None:
            return other
        begins = {0, *(first for first, _ in self.changes), *(end for end, _ in self.earlier)}
        for since in sorted(begins):
            other[iterations > since] = self._moves_on(since + 1)
        for since in begins | {near for first, _ in self.guests for near in (first, first + 1)}:
            other[iterations == since] = self.takes_other_samples(since)
        return other

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
        guests = self._guests_before(iteration + 1)  # who is learnt from in it still is
        if iteration == 0:
            return replace(self, options=options, changes=(), guests=guests)
        return replace(self, changes=(*before, (iteration, options)), guests=guests)

    def with_guest(self, iteration: int, guest: Guest | int | None) -> "Experiment":
        """Return the experiment whose iteration learns from a guest; no guest of it, or of a later one, stays.

        Parameters
        ----------
        iteration : int
            Which.
        guest : Guest, int or None
            One with a target, or the number of a sample of the data, one that is held back, too; ``None`` leaves the
            iteration the samples whose turn it is.

        Raises
        ------
        OptionError
            If the data have no such sample, or the guest does not fit.
        """
        guests = self._guests_before(iteration)
        if guest is None:
            return replace(self, guests=guests)
        return replace(self, guests=(*guests, (iteration, self.admitted(iteration, guest))))

    def admitted(self, iteration: int, guest: Guest | int) -> Guest:
        """Return a guest that fits an iteration.

        Raises
        ------
        OptionError
            If the data have no such sample, or the guest does not fit.
        """
        dataset = self.dataset_at(iteration)
        if not isinstance(guest, Guest):
            return sample_of(dataset, guest)
        check_guest(guest, self.preset, self.program, dataset, self.options.dtype)
        return guest

    def guest_at(self, iteration: int) -> Guest | None:
        """Return the guest that an iteration learns from."""
        return next((guest for first, guest in self.guests if first == iteration), None)

    def _guests_before(self, iteration: int) -> tuple[tuple[int, Guest], ...]:
        return tuple((first, guest) for first, guest in self.guests if first < iteration)

    def with_data(self, iteration: int, other: "Experiment") -> "Experiment":
        """Return the experiment with the data and the settings of another one from an iteration on."""
        assert self.dataset is not None
        here = self.dataset_at(iteration)
        earlier = tuple((until, dataset) for until, dataset in self.earlier if until <= iteration)
        begins = bool(earlier) and earlier[-1][0] == iteration  # the iterations before have other data already
        if iteration > 0 and here is not None and not begins:
            earlier = (*earlier, (iteration, here))
        guests = self._guests_before(iteration)
        changed = replace(self, dataset=other.dataset, own=other.own, settings=other.settings, edit=other.edit)
        return replace(changed, earlier=earlier, guests=guests)

    @property
    def now(self) -> Options:
        """The options that hold after the last change."""
        return self.changes[-1][1] if self.changes else self.options

    def _in_force(self, iteration: int) -> tuple[int, Options]:
        """Return the options that hold in an iteration, and since which one the samples are taken as they say.

        A change of other options, such as the learning rate, leaves the samples as they come.
        """
        since, options = 0, self.options
        for first, changed in self.changes:
            if first > iteration:
                break
            if any(getattr(changed, name) != getattr(options, name) for name in CHOOSE_SAMPLES):
                since = first
            options = changed
        return since, options

    def batch(self, iteration: int) -> Mapping[str, Array]:
        """Return the data of an iteration by key, in the chosen dtype; only what the program takes."""
        return self.batch_with(iteration, self.guest_at(iteration))

    def batch_with(self, iteration: int, guest: Guest | None) -> Mapping[str, Array]:
        """Return the data of an iteration in which a guest comes first; one without a target has the first sample's."""
        chosen = self.samples_with(iteration, guest)
        if self.data is not None:
            given = self.data(chosen)
        else:
            dataset = self.dataset_at(iteration)
            assert dataset is not None
            given = dataset.take(chosen)
        # astype copies, so that nobody who makes a batch read-only touches the data themselves.
        batch = {key: array.astype(self.options.dtype) for key, array in given.items() if key in self.program.values}
        if guest is not None:
            put_first(guest, self.program, batch)
        return batch

    def token_names(self, iteration: int) -> tuple[tuple[str, ...], ...]:
        """Return what the tokens of every sample of an iteration are called; nothing where they have no names."""
        return self.token_names_with(iteration, self.guest_at(iteration))

    def token_names_with(self, iteration: int, guest: Guest | None) -> tuple[tuple[str, ...], ...]:
        """Return the same for an iteration in which a guest comes first."""
        dataset = self.dataset_at(iteration)
        names = dataset.token_names if dataset else None
        return tuple(names[sample] for sample in self.samples_with(iteration, guest)) if names else ()

    def inputs(self, iteration: int = 0) -> Mapping[str, Array]:
        """Return the first state, the data and the hyper-parameters of an iteration: every input of the program."""
        dtype, program = self.options.dtype, self.program
        numbers = {key: np.asarray(number, dtype) for key, number in program.hyperparameters.items()}
        return {**program.initial(self.options.seed, dtype), **self.parameters, **self.batch(iteration), **numbers}

    def run(self) -> Run:
        """Return a new run at the start of iteration 0."""
        return Run(self.program, self.parameters, self.batch, self.options.dtype, factors=self.factors)

    def trace(self, guest: Guest | None = None) -> Trace:
        """Return a new trace at the start of iteration 0, or what a guest that fits makes of it.

        Raises
        ------
        OptionError
            If the values of one iteration take more memory than can be shown; it can still be trained.
        """
        self.check_memory()
        run = self.run()
        return Trace.of(run, self.token_names) if guest is None else self.visit(run, guest)

    def visit(self, run: Run, guest: Guest) -> Visit:
        """Return what a guest that fits makes of a run of this experiment."""
        batch, names = partial(self.batch_with, guest=guest), partial(self.token_names_with, guest=guest)
        return Visit(run, guest, batch, names)

    def inferred(self) -> "Experiment":
        """Return the forward pass alone as an experiment of its own, with the same samples and first parameters.

        Raises
        ------
        OptionError
            If the experiment has nothing to leave out.
        """
        now = self.now
        options = Options(now.batch_size, now.sample, now.seed, now.dtype, same_samples=now.same_samples)
        options = replace(options, shuffle=now.shuffle, held_back=now.held_back)
        return replace(self, program=self._forward_alone, options=options, loss="", changes=(), rates=None, guests=())

    @cached_property
    def _forward_alone(self) -> Program:
        if self.network is None or not self.loss:
            raise OptionError(f"Expected a network that is trained, to leave its training out; {self.preset} is not.")
        return compile_inference(self.network, self.options.batch_size)

    def inference(self, run: Run, guest: Guest | None = None) -> Inference:
        """Return the forward pass alone on the weights of a run of this experiment, as of a network that has learnt.

        Raises
        ------
        OptionError
            If the experiment has nothing to leave out: it is no network, or no part of it is trained.
        """
        program = self._forward_alone
        names = self.token_names if guest is None else partial(self.token_names_with, guest=guest)
        return Inference(run, program, partial(self._samples_alone, program, guest), names, guest)

    def _samples_alone(self, program: Program, guest: Guest | None, iteration: int) -> Mapping[str, Array]:
        """Return the data of an iteration without its targets."""
        batch = self.batch_with(iteration, self.guest_at(iteration) if guest is None else guest)
        return {value.key: batch[value.key] for value in program.data}

    def check_memory(self) -> None:
        """Check that the values of one iteration can be shown.

        Raises
        ------
        OptionError
            If they take more memory than that; the experiment can still be trained.
        """
        needed = self.program.nbytes(self.options.dtype)
        if needed > LARGEST_SHOWN and self.options.batch_size > 1:
            fixed = self.program.nbytes_of_parameters(self.options.dtype)
            most = max(1, self.options.batch_size * (LARGEST_SHOWN - fixed) // (needed - fixed))
            raise OptionError(
                f"A batch of {self.options.batch_size} samples can be trained on, but to show it takes "
                f"{needed / 1e6:,.0f} MB, more than {LARGEST_SHOWN / 1e6:.0f}; "
                f"choose at most {counted(most, 'sample')} to step."
            )


def _sample_first(samples: Samples, first: int) -> Samples:
    """Return as many samples, a chosen one first."""
    others = tuple(sample for sample in samples if sample != first)
    return (first, *others[len(others) + 1 - len(samples) :])
