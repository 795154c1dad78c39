"""Train the weights that are shipped, and write them into weights/: ``python -m resources.train_weights --mnist DIR``.

The larger networks of 28 × 28 pixels learn from the first 8,000 images of the MNIST test set together with the shipped
digits, the others from these alone. The last 2,000 images, and a tenth of the shipped digits, are not trained on: they
tell how good the networks get.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset, one_hot
from core.data.digits import digits
from core.data.idx import find_pair, image_dataset
from core.experiment import Experiment
from core.options import Options, Rates
from core.preset import network_experiment
from core.presets import open_preset
from core.run.evaluation import Evaluator
from core.saved import weights_of
from core.values import Array
from core.weights import Weights, weights_file
from core.wording import sentence

TARGET = Path(__file__).with_name("weights")
MNIST_KEPT = 2_000
"""The last of the images are not trained on."""
DIGITS_KEPT = 180
"""So many shipped digits, drawn from all, are not trained on: the last ones alone are by few writers, and harder."""


@dataclass(frozen=True)
class Recipe:
    """How a preset is trained.

    Parameters
    ----------
    preset : str
        Its name.
    epochs, batch_size, seed : int
        As for every training.
    rate : float
        Where the learning rate of Adam begins; it goes down along a cosine.
    l2 : float
        The L2 penalty.
    mnist : bool
        Whether real MNIST digits are among the data.
    shifted : int
        How many of the nine shifts by up to a pixel each image is also shown in; 1 is none.
    dtype : str
        What is stored.
    """

    preset: str
    epochs: int
    batch_size: int = 64
    seed: int = 1
    rate: float = 0.002
    l2: float = 0.0
    mnist: bool = True
    shifted: int = 5
    dtype: str = "float32"


RECIPES = (
    Recipe("digits", 60, rate=0.01, l2=1e-4, mnist=False, shifted=1),
    Recipe("mlp-784-800-10", 12, dtype="float16"),
    Recipe("conv-digits", 12),
    Recipe("residual-digits", 25, rate=0.01, mnist=False),
    Recipe("vision-transformer", 40, rate=0.005, mnist=False),
)


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the data: what they are called, and the numbers of the samples that are kept back."""

    name: str
    dataset: Dataset
    kept: Sequence[int]

    @property
    def shown(self) -> Sequence[int]:
        """The numbers of the samples that are trained on."""
        kept = set(self.kept)
        return [sample for sample in range(len(self.dataset)) if sample not in kept]


def parts_of(recipe: Recipe, mnist: Path | None) -> tuple[Part, ...]:
    """Return the data of a recipe, in the shape that its network takes."""
    shape = open_preset(recipe.preset).program.values["x"].shape[1:]
    channels = len(shape) == 3
    size = open_preset(recipe.preset).dataset.row_image  # type: ignore[union-attr]
    assert size is not None
    dataset = digits(size, channels=channels)
    drawn = np.random.default_rng(0).permutation(len(dataset))[:DIGITS_KEPT]
    own = Part("shipped digits", dataset, sorted(drawn.tolist()))
    if not recipe.mnist:
        return (own,)
    if mnist is None:
        raise ValueError(f"expected --mnist DIR, for {recipe.preset}")
    real = image_dataset(*find_pair(mnist), "MNIST test set", channels=channels)
    return Part("MNIST test set", real, range(len(real) - MNIST_KEPT, len(real))), own


def joined(recipe: Recipe, parts: Sequence[Part]) -> Dataset:
    """Return what is trained on, each image in several places, and behind it what is kept back."""
    shown = [_taken(part, part.shown) for part in parts]
    kept = [_taken(part, part.kept) for part in parts]
    size = parts[0].dataset.row_image
    assert size is not None
    moved = [(shift(inputs, size, *by), labels) for inputs, labels in shown for by in shifts(recipe.shifted)]
    inputs, labels = (np.concatenate(arrays) for arrays in zip(*moved, *kept, strict=True))
    name = " and ".join(part.name for part in parts)
    return replace(parts[0].dataset, name=name, inputs=inputs, targets=one_hot(labels, 10), labels=labels)


def shifts(count: int) -> Iterator[tuple[int, int]]:
    """Yield the nearest places by rows and columns, the first of them no move at all."""
    yield from sorted(product((-1, 0, 1), (-1, 0, 1)), key=lambda by: abs(by[0]) + abs(by[1]))[:count]


def shift(inputs: Array, size: tuple[int, ...], rows: int, columns: int) -> Array:
    """Move images by whole pixels; what leaves on one side does not come back on the other."""
    height, width = size
    padded = np.pad(inputs.reshape(-1, height, width), ((0, 0), (1, 1), (1, 1)))
    moved = padded[:, 1 - rows : 1 - rows + height, 1 - columns : 1 - columns + width]
    return np.ascontiguousarray(moved.reshape(inputs.shape))


def _taken(part: Part, samples: Sequence[int]) -> tuple[Array, NDArray[np.intp]]:
    assert part.dataset.labels is not None
    return part.dataset.inputs[samples], part.dataset.labels[samples]


def prepared(recipe: Recipe, dataset: Dataset, kept: int) -> Experiment:
    """Return the experiment that a recipe trains."""
    given = open_preset(recipe.preset)
    assert given.network is not None
    iterations = recipe.epochs * (len(dataset) - kept) // recipe.batch_size
    options = Options(
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        optimizer="adam",
        learning_rate=recipe.rate,
        l2=recipe.l2,
        shuffle=True,
        held_back=kept,
        schedule=f"cosine:{iterations},0",
    )
    return network_experiment(recipe.preset, given.network, dataset, options, loss=given.loss, rates=Rates(0.1))


def trained(recipe: Recipe, mnist: Path | None) -> tuple[Weights, dict[str, float]]:
    """Return the weights of a recipe as they are stored, and how good they are on what was kept back."""
    parts = parts_of(recipe, mnist)
    dataset, kept = joined(recipe, parts), sum(len(part.kept) for part in parts)
    experiment = prepared(recipe, dataset, kept)
    iterations = recipe.epochs * len(experiment.trained_on) // recipe.batch_size
    final = experiment.run().state(iterations)
    keys = [value.key for value in experiment.program.learnt]
    stored = {key: final[key].astype(recipe.dtype) for key in keys}
    found = {part.name: accuracy(experiment, part, stored) for part in parts}
    trained_with = weights_of(experiment, stored, iterations).about
    about = {  # whoever opens them goes on with the options of the preset, on its data alone
        "preset": recipe.preset,
        "data": dataset.name,
        "iteration": iterations,
        "accuracy": {name: round(share, 4) for name, share in found.items()},
        "trained_with": {**trained_with, "shifted": recipe.shifted},
    }
    return Weights(stored, experiment.network, about), found


def accuracy(experiment: Experiment, part: Part, stored: dict[str, Array]) -> float:
    """Return the share of the samples of a part that were kept back and are found."""
    assert experiment.network is not None
    judge = Evaluator(experiment.network, experiment.loss, part.dataset, part.kept)
    share = judge({key: array.astype(np.float32) for key, array in stored.items()}).accuracy
    assert share is not None
    return share


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, metavar="DIR", help="where the MNIST test set is, for those that need it")
    parser.add_argument("--presets", nargs="+", default=[recipe.preset for recipe in RECIPES], help="only these")
    options = parser.parse_args(arguments)
    TARGET.mkdir(exist_ok=True)
    for recipe in (recipe for recipe in RECIPES if recipe.preset in options.presets):
        start = time.monotonic()
        try:
            weights, found = trained(recipe, options.mnist)
        except (OSError, ValueError) as error:
            parser.error(sentence(error))
        path = TARGET / f"{recipe.preset}.safetensors"
        path.write_bytes(weights_file(weights))
        told = ", ".join(f"{share:.2%} on what was kept back of the {name}" for name, share in found.items())
        sys.stdout.write(f"{path.name}: {told}; {path.stat().st_size:,} bytes, {time.monotonic() - start:.0f} s\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
