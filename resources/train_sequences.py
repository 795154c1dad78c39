"""Train the weights of the networks that read sequences: ``python -m resources.train_sequences``."""

import argparse
import sys
import time
from collections.abc import Sequence

from core.presets import open_preset
from core.run.evaluation import Evaluator
from core.saved import weights_of
from core.values import Array
from core.weights import Weights, weights_file
from core.writing import Taste, Writer, written
from resources.train_weights import TARGET

PRESET = "transformer"
ITERATIONS, BATCH, SEED, RATE = 16_000, 64, 1, 0.006


def trained(iterations: int = ITERATIONS) -> tuple[Weights, float, dict[str, Array]]:
    """Return the weights as they are stored, the share of characters that are found, and the state at the end."""
    experiment = open_preset(
        PRESET,
        batch_size=BATCH,
        seed=SEED,
        optimizer="adam",
        learning_rate=RATE,
        shuffle=True,
        schedule=f"cosine:{iterations},0",
    )
    final = dict(experiment.run().state(iterations))
    stored = {value.key: final[value.key] for value in experiment.program.learnt}
    assert experiment.network is not None
    assert experiment.dataset is not None
    judge = Evaluator(experiment.network, experiment.loss, experiment.dataset, range(len(experiment.dataset)))
    share = judge(stored).accuracy
    assert share is not None
    about = {
        "preset": PRESET,
        "data": experiment.dataset.name,
        "iteration": iterations,
        "accuracy": {"characters": round(share, 4)},
        "trained_with": dict(weights_of(experiment, stored, iterations).about),
    }
    return Weights(stored, experiment.network, about), share, stored


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write and tell."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    start = time.monotonic()
    weights, share, stored = trained()
    path = TARGET / f"{PRESET}.safetensors"
    path.write_bytes(weights_file(weights))
    told = f"{path.name}: {share:.2%} of the next characters; {path.stat().st_size:,} bytes"
    text = written(Writer(open_preset(PRESET)), stored, "the ", Taste(0.5), 60)
    sys.stdout.write(f"{told}, {time.monotonic() - start:.0f} s; after 'the ' it writes {text!r}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
