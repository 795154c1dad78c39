"""Append the steps that update the parameters."""

from core.optimizers.sgd import SGD, Optimizer

__all__ = ["SGD", "Optimizer"]
