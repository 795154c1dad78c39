"""Train the weights of the preset ``lstm``, and write them into weights/: ``python -m resources.train_lstm``.

The data are numbers of our own, made when they are opened; the last 64 sequences are not trained on.
"""

import sys
from pathlib import Path

import numpy as np

from core.experiment import Experiment
from core.presets import open_preset
from core.run.evaluation import Evaluator
from core.saved import weights_of
from core.weights import Weights, weights_file

TARGET = Path(__file__).with_name("weights")
ITERATIONS = 1_000
SEED = 2
"""Of the first five it has the clearest gates: the forget gates are near 0 at capital letters, and near 1 elsewhere."""
PENALTY = 1e-3
"""It leaves a loss that is small, and not so small that nothing comes back through time."""


def prepared() -> Experiment:
    """Return the experiment that is trained: Adam, whose rate goes down along a cosine."""
    dataset = open_preset("lstm", start="scratch").dataset
    assert dataset is not None
    return open_preset(
        "lstm",
        start="scratch",
        batch_size=32,
        seed=SEED,
        optimizer="adam",
        shuffle=True,
        held_back=dataset.held_back,
        l2=PENALTY,
        schedule=f"cosine:{ITERATIONS},0",
    )


def trained() -> Weights:
    """Return the weights, with the accuracy on what was not trained on."""
    experiment = prepared()
    assert experiment.network is not None
    assert experiment.dataset is not None
    final = experiment.run().state(ITERATIONS)
    stored = {value.key: final[value.key].astype(np.float32) for value in experiment.program.parameters}
    judge = Evaluator(experiment.network, experiment.loss, experiment.dataset, experiment.held_back)
    about = {
        "preset": "lstm",
        "data": experiment.dataset.name,
        "iteration": ITERATIONS,
        "accuracy": {"sequences": judge(stored).accuracy},
        "trained_with": weights_of(experiment, stored, ITERATIONS).about,
    }
    return Weights(stored, experiment.network, about)


def main() -> int:
    """Train, write and tell."""
    weights = trained()
    path = TARGET / "lstm.safetensors"
    path.write_bytes(weights_file(weights))
    sys.stdout.write(f"{path.name}: {weights.about['accuracy']}; {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
