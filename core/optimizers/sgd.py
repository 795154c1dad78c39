"""Go down the gradient, by itself or with momentum."""

from dataclasses import dataclass

from core.ops.base import Purpose
from core.ops.elementwise import Add, Scale
from core.optimizers.base import Optimizer, Update, check_positive, check_share
from core.values import Value


@dataclass(frozen=True)
class SGD(Optimizer):
    """Go down the gradient: w_new = w - eta dL/dw.

    Parameters
    ----------
    learning_rate : float
        eta, positive.

    References
    ----------
    Robbins and Monro, "A Stochastic Approximation Method" (1951).
    """

    learning_rate: float = 0.1

    title = "SGD"

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_positive("learning rate", self.learning_rate)

    def update(self, update: Update) -> Value:
        update.number("eta", self.learning_rate, r"\eta")
        return update.descend(update.gradient)


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Go on in the direction of the last updates: v_new = mu v + dL/dw, w_new = w - eta v_new.

    Parameters
    ----------
    learning_rate : float
        eta, positive.
    momentum : float
        mu, from 0 to less than 1: how much of the last velocity is kept.

    References
    ----------
    Sutskever, Martens, Dahl and Hinton, "On the Importance of Initialization and Momentum in Deep Learning" (2013), in
    the form of PyTorch: eta multiplies the velocity.
    """

    learning_rate: float = 0.01
    momentum: float = 0.9

    title = "Momentum"
    usual_rate = 0.1  # it adds up ten gradients or so

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_positive("learning rate", self.learning_rate)
        check_share("momentum", self.momentum)

    def update(self, update: Update) -> Value:
        velocity, _ = self._velocity(update)
        return update.descend(velocity)

    def _velocity(self, update: Update) -> tuple[Value, Value]:
        """Append the new velocity; return it, and mu."""
        update.number("eta", self.learning_rate, r"\eta")
        mu = update.number("mu", self.momentum, r"\mu")
        velocity = update.state("velocity", "v")
        kept = update.step("kept", Scale(), mu, velocity, purpose=_KEPT)
        return update.replace(velocity, Add(), kept, update.gradient, purpose=_VELOCITY), mu


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Look ahead along the velocity: v_new = mu v + dL/dw, w_new = w - eta (dL/dw + mu v_new).

    Parameters
    ----------
    learning_rate : float
        eta, positive.
    momentum : float
        mu, from 0 to less than 1: how much of the last velocity is kept.

    References
    ----------
    Nesterov, "A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k²)" (1983), in the form of
    PyTorch's ``SGD(nesterov=True)``.
    """

    title = "Nesterov"

    def update(self, update: Update) -> Value:
        velocity, mu = self._velocity(update)
        ahead = update.step("ahead", Scale(), mu, velocity, purpose=_AHEAD)
        return update.descend(update.step("direction", Add(), update.gradient, ahead, purpose=_DIRECTION))


_KEPT = Purpose(
    "Momentum: so much of the last velocity is kept.",
    why="Keeping part of the last velocity lets steps in one direction add up, and those that zigzag cancel.",
    look="In the first iteration {b} is 0, and so is {c}.",
)
_VELOCITY = Purpose(
    "The velocity: what is kept of the last one, plus the gradient. The next iteration starts from here.",
    why="The velocity is a sum of all gradients so far, the older ones ever fainter.",
    look="Where the gradient keeps its sign, the velocity grows larger than it.",
)
_AHEAD = Purpose(
    "Nesterov looks ahead: so far the new velocity would go on.",
    why="Looking where the velocity leads lets it brake before it is too far.",
    look="{c} has the pattern of {b}.",
)
_DIRECTION = Purpose(
    "The gradient, and the look ahead along the velocity.",
    why="The step goes down the gradient as if the velocity had moved on already.",
    look="Where {a} and {b} have opposite signs, the velocity is being braked.",
)
