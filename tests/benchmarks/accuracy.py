"""How good networks get on real MNIST digits, here and in PyTorch: the same architecture, optimizer and epochs.

    python -m tests.benchmarks.accuracy --mnist DIR
    python -m tests.benchmarks.accuracy --mnist DIR --presets mlp-784-800-10 --optimizer sgd --rate 0.1

Trained on the first 8,000 images of the MNIST test set, tested on its last 2,000. Both draw their first parameters from
the same distribution, and shuffle, each with seeds of its own; accuracies are means over the seeds after the last
epoch, with the standard deviation of one run.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.data.dataset import Dataset
from core.experiment import Experiment
from core.initialisers import Initialiser
from core.network import Network
from core.options import LEARNING_RATE, Options, Rates
from core.preset import network_experiment
from core.presets import open_preset
from core.run.evaluation import Evaluator
from tests.benchmarks.pytorch import OPTIMIZERS as RULES
from tests.benchmarks.pytorch import model_of
from tests.mnist import MNIST, TESTED, load

BATCH = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """Train everything and print the table."""
    options = parser().parse_args(arguments)
    torch.set_num_threads(1)
    load(options.mnist)
    versions = f"NumPy {np.__version__}, PyTorch {torch.__version__}"
    print(f"{options.optimizer}, batch {BATCH}, {options.epochs} epochs, {options.seeds} seeds; {versions}\n")
    print(f"{'preset':<16} {'eta':>7} {'here':>17} {'PyTorch':>17}  {'difference':>10}")
    within = True
    for preset in options.presets:
        dataset = load(options.mnist, channels=len(open_preset(preset).program.values["x"].shape) == 4)
        rate = options.rate or open_preset(preset, optimizer=options.optimizer).program.hyperparameters[LEARNING_RATE]
        start = time.monotonic()
        ours = [here(preset, dataset, options, rate, seed) for seed in range(options.seeds)]
        middle = time.monotonic()
        theirs = [there(preset, dataset, options, rate, 1000 + seed) for seed in range(options.seeds)]
        seconds = middle - start, time.monotonic() - middle
        within &= tell(preset, rate, ours, theirs, seconds)
    return 0 if within else 1


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--presets", nargs="+", default=["mlp-784-800-10", "conv-digits"], help="networks of 28 x 28")
    result.add_argument("--mnist", type=Path, default=MNIST, metavar="DIR", help=f"where its files are ({MNIST})")
    result.add_argument("--seeds", type=int, default=5, help="how many runs of each (5)")
    result.add_argument("--epochs", type=int, default=10, help="times all the data (10)")
    result.add_argument("--optimizer", choices=tuple(RULES), default="adam", help="the update rule (adam)")
    result.add_argument("--rate", type=float, default=None, help="the learning rate (that of the preset)")
    return result


def here(preset: str, dataset: Dataset, options: argparse.Namespace, rate: float, seed: int) -> float:
    """Return the accuracy of a run of the executor."""
    experiment = open_with(preset, dataset, options.optimizer, rate, seed)
    state = experiment.run().state(options.epochs * len(experiment.trained_on) // BATCH)
    assert experiment.network is not None
    judged = Evaluator(experiment.network, experiment.loss, dataset, experiment.held_back)(state)
    assert judged.accuracy is not None
    return judged.accuracy


def open_with(preset: str, dataset: Dataset, optimizer: str, rate: float, seed: int) -> Experiment:
    """Return the experiment of a preset's network on other data."""
    given = open_preset(preset)
    about = {"batch_size": BATCH, "seed": seed, "shuffle": True, "held_back": TESTED}
    chosen = Options(optimizer=optimizer, learning_rate=rate, **about)  # type: ignore[arg-type]
    assert given.network is not None
    return network_experiment(preset, given.network, dataset, chosen, loss=given.loss, rates=Rates(rate))


def there(preset: str, dataset: Dataset, options: argparse.Namespace, rate: float, seed: int) -> float:
    """Return the accuracy of a run of PyTorch."""
    network = open_preset(preset).network
    assert isinstance(network, Network)
    assert dataset.labels is not None
    generator = torch.Generator().manual_seed(seed)
    model = drawn(network, generator)
    rule, about = RULES[options.optimizer]
    optimizer = rule(model.parameters(), lr=rate, **about)
    x, y = torch.tensor(np.asarray(dataset.inputs)), torch.tensor(dataset.labels)
    count = len(x) - TESTED
    for _ in range(options.epochs):
        for chosen in torch.randperm(count, generator=generator).split(BATCH):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
            optimizer.step()
    with torch.no_grad():
        return float((model(x[count:]).argmax(dim=1) == y[count:]).double().mean())


def drawn(network: Network, generator: torch.Generator) -> nn.Sequential:
    """Return the model with parameters that PyTorch draws from the distributions of the network."""
    model = model_of(network, network.initial(0))
    weights = [key for key, value in network.forward.values.items() if key.startswith("w_") and value.shape]
    layers = [module for module in model if isinstance(module, nn.Linear | nn.Conv2d)]
    for key, module in zip(weights, layers, strict=True):
        _draw(module, network.forward.initialisers[key], generator)
    return model


def _draw(module: nn.Linear | nn.Conv2d, initialiser: Initialiser, generator: torch.Generator) -> None:
    match initialiser.kind:
        case "he":
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
        case "glorot":
            nn.init.xavier_uniform_(module.weight, generator=generator)
        case _:
            raise ValueError(f"expected he or glorot; got {initialiser.kind!r}")
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def tell(
    preset: str, rate: float, ours: Sequence[float], theirs: Sequence[float], seconds: tuple[float, float]
) -> bool:
    """Print a row; return whether both are as good, within a standard deviation."""
    spread = sqrt((_spread(ours) ** 2 + _spread(theirs) ** 2) / 2)
    gap = mean(ours) - mean(theirs)
    means = [f"{mean(runs):>8.2%} ± {_spread(runs):.2%}" for runs in (ours, theirs)]
    verdict = "within one standard deviation" if abs(gap) <= spread else "further apart"
    print(f"{preset:<16} {rate:>7g} {means[0]:>17} {means[1]:>17}  {100 * gap:>+9.2f}%  {verdict} ({spread:.2%})")
    for name, runs, spent in zip(("here", "PyTorch"), (ours, theirs), seconds, strict=True):
        print(f"{'':<16} {name + ':':<9}{' '.join(f'{run:.2%}' for run in runs)} in {spent:.0f} s")
    return abs(gap) <= spread


def _spread(runs: Sequence[float]) -> float:
    return stdev(runs) if len(runs) > 1 else 0.0


if __name__ == "__main__":
    sys.exit(main())
