"""Append the steps that update the parameters."""

from core.optimizers.adaptive import Adam, AdamW, RMSProp
from core.optimizers.base import OPTIMIZERS, Optimizer, Update
from core.optimizers.clipping import Clipping
from core.optimizers.penalties import Penalties
from core.optimizers.sgd import SGD, Momentum, Nesterov

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "Adam",
    "AdamW",
    "Clipping",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Penalties",
    "RMSProp",
    "Update",
]
