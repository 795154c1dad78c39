"""See how good a network is on samples that it need not have seen: loss, accuracy, and what it took for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.iteration import compile_forward
from core.network import Architecture
from core.program import Program
from core.run.executor import Executor
from core.run.parts import Parts, finish
from core.run.plan import Plan
from core.values import Array

AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How good a network is on some samples.

    Parameters
    ----------
    loss : float
        The mean over the samples.
    samples : ndarray of int, shape (n,)
        Their numbers in the data set.
    labels, guesses : ndarray of int, shape (n,) or (n, T), or None
        The class of each sample, or of each token of it, and the one that the network takes it for; ``None`` where
        there are no classes.
    classes : int
        How many classes there are.
    """

    loss: float
    samples: NDArray[np.intp]
    labels: NDArray[np.intp] | None
    guesses: NDArray[np.intp] | None
    classes: int

    @cached_property
    def accuracy(self) -> float | None:
        """The share of samples, or tokens, whose class is found; ``None`` where there are no classes."""
        if self.labels is None or self.guesses is None:
            return None
        return float(np.mean(self.labels == self.guesses))

    @cached_property
    def confusion(self) -> NDArray[np.intp] | None:
        """How many samples, or tokens, of each class (row) were taken for each class (column)."""
        if self.labels is None or self.guesses is None:
            return None
        counts = np.zeros((self.classes, self.classes), np.intp)
        np.add.at(counts, (self.labels, self.guesses), 1)
        return counts

    def taken(self, label: int, guess: int) -> NDArray[np.intp]:
        """Return the samples of one class that were taken for another, or for it."""
        if self.labels is None or self.guesses is None:
            return np.empty(0, np.intp)
        found = (self.labels == label) & (self.guesses == guess)
        chosen: NDArray[np.intp] = self.samples[found if found.ndim == 1 else found.any(axis=1)]
        return chosen


class Evaluator:
    """Runs samples forward through a network, as fast as the executor can.

    Parameters
    ----------
    network : Architecture
        The network.
    loss : str
        As of ``compile_iteration``.
    dataset : Dataset
        Where the samples are.
    samples : sequence of int
        Their numbers; at least one.
    dtype : str
        ``float32`` or ``float64``.
    at_once : int
        How many samples are judged at a time.
    """

    def __init__(
        self,
        network: Architecture,
        loss: str,
        dataset: Dataset,
        samples: Sequence[int],
        dtype: str = "float32",
        at_once: int = AT_ONCE,
    ) -> None:
        if not len(samples):
            raise ValueError("expected at least one sample to evaluate; got none")
        self._network, self._loss, self._dataset, self._dtype = network, loss, dataset, dtype
        self._samples, self._at_once = np.asarray(samples, np.intp), at_once
        self._planned: dict[int, tuple[Program, Plan]] = {}

    def __call__(self, parameters: Mapping[str, Array]) -> Evaluation:
        """Return how good the network is with these parameters."""
        return finish(self.parts(parameters))

    def parts(self, parameters: Mapping[str, Array]) -> Parts[Evaluation]:
        """Judge some samples each time it is asked; what it returns at the end is how good the network is."""
        total, guesses = 0.0, []
        size = self._at_once
        parts = [self._samples[start : start + size] for start in range(0, len(self._samples), size)]
        executors = {size: self._executor(size, parameters) for size in sorted({len(part) for part in parts})}
        for chosen in parts:
            executor = executors[len(chosen)]
            data = self._dataset.take(chosen.tolist())
            loss = executor.run({key: array.astype(self._dtype) for key, array in data.items()})
            assert loss is not None
            assert executor.program.output is not None
            total += loss * len(chosen)
            guesses.append(executor.value(executor.program.output).argmax(axis=-1))
            yield
        labels = self._dataset.every_label
        found = None if labels is None else np.concatenate(guesses).astype(np.intp)
        own = None if labels is None else labels[self._samples]
        classes = self._dataset.outputs
        return Evaluation(total / len(self._samples), self._samples, own, found, classes)

    def _executor(self, size: int, parameters: Mapping[str, Array]) -> Executor:
        """Return the executor for batches of a size, with these parameters; it is planned once."""
        program, plan = self._planned.get(size) or (compile_forward(self._network, self._loss, size), None)
        keep = (program.output,) if program.output else ()
        own = {key: parameters[key] for key in program.state}
        executor = Executor(program, own, self._dtype, keep, plan=plan)
        self._planned[size] = program, executor.plan
        return executor
