"""Continue a text token by token: the likelihoods of the next one, and which of them is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from core.data.text import Alphabet
from core.experiment import Experiment
from core.iteration import compile_inference
from core.network import Network
from core.options import OptionError
from core.program import Program
from core.run.executor import Executor
from core.run.inference import Inference
from core.run.plan import Plan
from core.run.run import Run
from core.values import Array, is_number, is_whole
from core.wording import sentence

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Taste:
    """How the next token is chosen.

    Parameters
    ----------
    temperature : float
        Likelihoods are raised to the power of one over it: below 1 the likely ones gain, above 1 the others do. At 0
        the likeliest is taken.
    top_k : int or None
        Only so many of the likeliest are drawn from; ``None`` is all.
    seed : int
        What is drawn with; the same seed continues the same text in the same way.

    Raises
    ------
    OptionError
        If a number is out of its range.

    References
    ----------
    Fan, Lewis and Dauphin, "Hierarchical Neural Story Generation" (2018), section 5.4: top-k sampling.
    """

    temperature: float = 0.8
    top_k: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not is_number(self.temperature) or not 0 <= self.temperature < float("inf"):
            raise OptionError(f"Expected a temperature from 0; got {self.temperature}.")
        if self.top_k is not None and not (is_whole(self.top_k) and self.top_k >= 1):
            raise OptionError(f"Expected a top-k of at least 1 token; got {self.top_k}.")
        if not is_whole(self.seed) or self.seed < 0:
            raise OptionError(f"Expected a seed that is a whole number from 0; got {self.seed}.")

    def shares(self, likelihoods: Array) -> Shares:
        """Return what is drawn from, (V,): how often each token comes; a 1 for the likeliest at temperature 0."""
        p = np.asarray(likelihoods, np.float64)
        order = np.argsort(-p, kind="stable")
        shares = np.zeros(len(p))
        if self.temperature == 0:
            shares[order[0]] = 1.0
            return shares
        kept = order[: self.top_k]
        logs = np.log(np.maximum(p[kept], np.finfo(np.float64).tiny))
        with np.errstate(over="ignore"):  # a share of nothing, where the temperature is nearly 0
            weights = np.exp(np.maximum((logs - logs[0]) / self.temperature, log(np.finfo(np.float64).tiny)))
        shares[kept] = weights / weights.sum()
        return shares

    def choose(self, likelihoods: Array, written: int) -> int:
        """Return the token that comes next, where so many have been written before it.

        Raises
        ------
        OptionError
            If the likelihoods are no numbers.
        """
        if not np.isfinite(likelihoods).all():
            raise OptionError("The network answers with numbers that are not finite, so there is nothing to draw from.")
        shares = self.shares(likelihoods)
        drawn = np.random.default_rng((self.seed, written)).random()
        return int(min(np.searchsorted(np.cumsum(shares), drawn, side="right"), np.flatnonzero(shares)[-1]))


def why_not_writing(experiment: Experiment) -> str:
    """Return in one sentence why a network does not continue a text; nothing where it does."""
    network, dataset = experiment.network, experiment.dataset
    alphabet = dataset.alphabet if dataset is not None else None
    if not isinstance(network, Network) or alphabet is None or not network.layers[0].of_tokens:
        return f"{experiment.preset} does not read text, so it cannot continue one; the preset transformer does."
    if network.forward.values[network.forward.output or ""].shape != (1, *network.input_shape, len(alphabet)):
        return "The network gives no likelihood for every character after each token, so it cannot continue a text."
    return ""


class Writer:
    """The network of an experiment, asked what comes after texts of any length.

    Parameters
    ----------
    experiment : Experiment
        What is open.

    Raises
    ------
    OptionError
        If its network continues no text.
    """

    def __init__(self, experiment: Experiment) -> None:
        if problem := why_not_writing(experiment):
            raise OptionError(problem)
        assert isinstance(experiment.network, Network)
        assert experiment.dataset is not None
        assert experiment.dataset.alphabet is not None
        self.network: Network = experiment.network
        self.alphabet: Alphabet = experiment.dataset.alphabet
        self._dtype = experiment.options.dtype
        self._programs: dict[int, tuple[Program, Plan | None]] = {}

    @property
    def longest(self) -> int:
        """How many tokens the network sees at once."""
        return int(self.network.input_shape[0])

    def seen(self, text: str) -> str:
        """Return the part of a text that the network sees: the last tokens, where it is longer.

        Raises
        ------
        OptionError
            If there is nothing to continue, or it has characters that the network does not know.
        """
        if not text:
            raise OptionError("Expected a text to continue, of at least one character; got none.")
        try:
            self.alphabet.numbers(text)
        except ValueError as error:
            raise OptionError(sentence(error)) from None
        return text[-self.longest :]

    def likelihoods(self, parameters: Mapping[str, Array], text: str) -> Array:
        """Return how likely each token is to come after a text, (V,).

        Raises
        ------
        OptionError
            If the text cannot be continued.
        """
        seen = self.seen(text)
        program, plan = self._program(len(seen))
        assert program.output is not None
        own = {key: parameters[key] for key in program.state}
        executor = Executor(program, own, self._dtype, (program.output,), plan=plan)
        self._programs[len(seen)] = program, executor.plan
        executor.run(self._batch(seen))
        after: Array = executor.value(program.output)[0, -1].copy()
        return after

    def inference(self, run: Run, text: str) -> Inference:
        """Return the forward pass of a text, on the weights of a run of the experiment.

        Raises
        ------
        OptionError
            If the text cannot be continued.
        """
        seen = self.seen(text)
        batch, names = self._batch(seen), (self.alphabet.shown(seen),)
        return Inference(run, self._program(len(seen))[0], lambda _: batch, lambda _: names)

    def _batch(self, seen: str) -> Mapping[str, Array]:
        return {"x": np.array([self.alphabet.numbers(seen)], self._dtype)}

    def _program(self, tokens: int) -> tuple[Program, Plan | None]:
        if tokens not in self._programs:
            network = self.network
            if tokens != self.longest:
                names = network.axis_names and tuple(one and one[:tokens] for one in network.axis_names)
                try:
                    network = replace(network, input_shape=(tokens,), axis_names=names)
                except ValueError as error:
                    raise OptionError(f"The network cannot read {tokens} tokens: {sentence(error)}") from None
            self._programs[tokens] = compile_inference(network, 1), None
        return self._programs[tokens]


def written(writer: Writer, parameters: Mapping[str, Array], text: str, taste: Taste, tokens: int) -> str:
    """Return what a network writes after a text, so many tokens of it.

    Raises
    ------
    OptionError
        If the text cannot be continued.
    """
    came = ""
    for number in range(tokens):
        came += writer.alphabet.text((taste.choose(writer.likelihoods(parameters, text + came), number),))
    return came
