"""Append the steps that update the parameters."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from core.ops.elementwise import Scale, Subtract
from core.program import Builder
from core.values import Role, Value


class Optimizer(ABC):
    """An update rule: from a parameter and its gradient, steps that end in the updated parameter."""

    @abstractmethod
    def update(self, builder: Builder, parameter: Value, gradient: Value) -> Value:
        """Append the update of one parameter and return its new value."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """Go down the gradient: w_new = w - eta dL/dw.

    Parameters
    ----------
    learning_rate : float
        eta, positive.

    References
    ----------
    Seed 001, section 3.2.
    """

    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        """Check the arguments."""
        if not 0 < self.learning_rate < float("inf"):
            raise ValueError(f"expected a positive learning rate; got {self.learning_rate}")

    def update(self, builder: Builder, parameter: Value, gradient: Value) -> Value:
        eta = builder.constant("eta", self.learning_rate, r"\eta")
        about = {
            "layer": parameter.layer,
            "subject": parameter.key,
            "row_image": parameter.row_image,
            "column_image": parameter.column_image,
        }
        change = builder.apply(Scale(), eta, gradient, key=f"change_{parameter.key}", role=Role.CHANGE, **about)
        return builder.apply(Subtract(), parameter, change, key=f"new_{parameter.key}", role=Role.UPDATED, **about)
