"""Append the steps that update the parameters."""

from collections.abc import Mapping
from types import MappingProxyType

from core.optimizers.adaptive import AdaGrad, Adam, AdamW, RMSProp
from core.optimizers.base import Optimizer, Update
from core.optimizers.clipping import Clipping
from core.optimizers.penalties import Penalties
from core.optimizers.sgd import SGD, Momentum, Nesterov
from core.optimizers.written import make_optimizer, parameters_of, parse_parameters

OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {
        "sgd": SGD,
        "momentum": Momentum,
        "nesterov": Nesterov,
        "adagrad": AdaGrad,
        "rmsprop": RMSProp,
        "adam": Adam,
        "adamw": AdamW,
    }
)
"""The update rules by the name that a person types, the simplest first."""

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Clipping",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Penalties",
    "RMSProp",
    "Update",
    "make_optimizer",
    "parameters_of",
    "parse_parameters",
]
