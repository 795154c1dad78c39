"""A small network with batches that change, and every way to treat its gradients before the update."""

from collections.abc import Mapping

import numpy as np

from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.optimizers import OPTIMIZERS, Clipping, Optimizer, Penalties
from core.options import Rates
from core.program import Program
from core.values import Array

NETWORK = Network((5,), (Dense(7, "tanh"), Dense(3, "softmax")))
BATCH_SIZE = 6
SEED = 4
DTYPES = ("float32", "float64")
RATES = {name: Rates(0.5, 0.02).of(name) for name in OPTIMIZERS}

TREATMENTS: Mapping[str, tuple[Penalties | None, Clipping | None]] = {
    "plain": (None, None),
    "l1": (Penalties(l1=0.01), None),
    "l2": (Penalties(l2=0.1), None),
    "both penalties": (Penalties(0.01, 0.1), None),
    "clipped by value": (None, Clipping(value=0.01)),
    "clipped by norm": (None, Clipping(norm=0.1)),
    "a norm that is never reached": (None, Clipping(norm=1e3)),
    "everything": (Penalties(0.01, 0.1), Clipping(0.02, 0.05)),
}


def optimizer(name: str) -> Optimizer:
    return OPTIMIZERS[name](learning_rate=RATES[name])  # type: ignore[call-arg]


def program(name: str, treatment: str = "plain") -> Program:
    penalties, clipping = TREATMENTS[treatment]
    chosen = optimizer(name)
    return compile_iteration(NETWORK, "cross_entropy", chosen, BATCH_SIZE, penalties=penalties, clipping=clipping)


def batch(iteration: int) -> Mapping[str, Array]:
    generator = np.random.default_rng(100 + iteration)
    y = np.eye(3)[generator.integers(3, size=BATCH_SIZE)]
    return {"x": generator.normal(size=(BATCH_SIZE, 5)), "y": y}
