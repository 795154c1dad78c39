"""Give every weight a step of its own, from the size of its gradients: AdaGrad, RMSProp, Adam, AdamW."""

from dataclasses import dataclass
from typing import Any

from core.initialisers import filled
from core.ops.base import Purpose
from core.ops.elementwise import Add, Divide, Scale, Subtract
from core.ops.limits import Shift
from core.ops.powers import Sqrt, Square
from core.optimizers.base import Optimizer, Update, check_not_negative, check_positive, check_share
from core.values import Range, Role, Value


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Divide by the root of the sum of all squares so far: w_new = w - eta g / (sqrt(v_new) + eps).

    v_new = v + g², with g = dL/dw.

    Parameters
    ----------
    learning_rate : float
        eta, positive.
    epsilon : float
        eps, positive: keeps the quotient finite.

    References
    ----------
    Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011), with
    PyTorch's eps.
    """

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    title = "AdaGrad"
    adaptive = True
    usual_rate = 10.0  # its steps shrink from iteration to iteration

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_positive("learning rate", self.learning_rate)
        check_positive("epsilon", self.epsilon)

    def update(self, update: Update) -> Value:
        update.number("eta", self.learning_rate, r"\eta")
        total = update.state("square_total", "v")
        squared = update.step("squared", Square(), update.gradient, range=Range.NON_NEGATIVE, purpose=_SQUARED)
        total = update.replace(total, Add(), total, squared, purpose=_SUM)
        return update.descend(_over_root(update, update.gradient, total, self.epsilon, _SHRINKING))


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """Divide by the root of a running mean of squares: w_new = w - eta g / (sqrt(v_new) + eps).

    v_new = v + (1 - alpha) (g² - v), with g = dL/dw.

    Parameters
    ----------
    learning_rate : float
        eta, positive.
    alpha : float
        From 0 to less than 1: how much of the running mean is kept.
    epsilon : float
        eps, positive: keeps the quotient finite.

    References
    ----------
    Tieleman and Hinton, "Lecture 6.5: RMSProp", COURSERA (2012); PyTorch's ``RMSprop``.
    """

    learning_rate: float = 0.001
    alpha: float = 0.99
    epsilon: float = 1e-8

    title = "RMSProp"
    adaptive = True

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_positive("learning rate", self.learning_rate)
        check_share("alpha", self.alpha)
        check_positive("epsilon", self.epsilon)

    def update(self, update: Update) -> Value:
        update.number("eta", self.learning_rate, r"\eta")
        share = update.one_minus(update.number("alpha", self.alpha, r"\alpha"))
        mean = update.state("square_mean", "v")
        squared = update.step("squared", Square(), update.gradient, range=Range.NON_NEGATIVE, purpose=_SQUARED)
        mean = update.average(mean, "square_mean", share, squared)
        return update.descend(_over_root(update, update.gradient, mean, self.epsilon))


@dataclass(frozen=True)
class Adam(Optimizer):
    """Follow the mean of the gradients, each divided by the root of its mean square, both corrected for their start.

    m_new = m + (1 - beta_1) (g - m), v_new = v + (1 - beta_2) (g² - v), w_new = w - eta m_hat / (sqrt(v_hat) + eps),
    with m_hat = m_new / (1 - beta_1^t) and v_hat = v_new / (1 - beta_2^t) in iteration t, counted from 1.

    Parameters
    ----------
    learning_rate : float
        eta, positive.
    beta_1, beta_2 : float
        From 0 to less than 1: how much of each running mean is kept.
    epsilon : float
        eps, positive: keeps the quotient finite.

    References
    ----------
    Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
    """

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    title = "Adam"
    adaptive = True

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_positive("learning rate", self.learning_rate)
        check_share("beta 1", self.beta_1)
        check_share("beta 2", self.beta_2)
        check_positive("epsilon", self.epsilon)

    def update(self, update: Update) -> Value:
        update.number("eta", self.learning_rate, r"\eta")
        return update.descend(self._direction(update))

    def _direction(self, update: Update) -> Value:
        """Append m_hat / (sqrt(v_hat) + eps)."""
        beta_1 = update.number("beta_1", self.beta_1, r"\beta_{1}")
        beta_2 = update.number("beta_2", self.beta_2, r"\beta_{2}")
        mean, square_mean = update.state("mean", "m"), update.state("square_mean", "v")
        mean = update.average(mean, "mean", update.one_minus(beta_1), update.gradient)
        squared = update.step("squared", Square(), update.gradient, range=Range.NON_NEGATIVE, purpose=_SQUARED)
        square_mean = update.average(square_mean, "square_mean", update.one_minus(beta_2), squared)
        mean_hat = _corrected(update, "mean_hat", r"\hat{m}", mean, beta_1)
        square_hat = _corrected(update, "square_mean_hat", r"\hat{v}", square_mean, beta_2)
        return _over_root(update, mean_hat, square_hat, self.epsilon)


@dataclass(frozen=True)
class AdamW(Adam):
    """Decay the weights by themselves, then update them as Adam does: w_new = w - eta (lambda w + d).

    Parameters
    ----------
    learning_rate, beta_1, beta_2, epsilon
        As of Adam.
    weight_decay : float
        lambda, from 0.

    References
    ----------
    Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2.
    """

    weight_decay: float = 0.01

    title = "AdamW"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        check_not_negative("weight decay", self.weight_decay)

    def update(self, update: Update) -> Value:
        eta = update.number("eta", self.learning_rate, r"\eta")
        decay = update.number("weight_decay", self.weight_decay, r"\lambda")
        share = update.step("decay", Scale(), decay, update.parameter, purpose=_DECAY)
        shrink = update.step("shrink", Scale(), eta, share, role=Role.CHANGE, purpose=_SHRINK, head="shrink")
        decayed = update.step("decayed", Subtract(), update.parameter, shrink, purpose=_DECAYED)
        change = update.step("change", Scale(), eta, self._direction(update), role=Role.CHANGE, purpose=_CHANGE)
        return update.replace(update.parameter, Subtract(), decayed, change, purpose=_FROM_DECAYED)


def _corrected(update: Update, name: str, head: str, mean: Value, beta: Value) -> Value:
    """Append a running mean divided by 1 - beta^t: early means lean towards the 0 that they began with."""
    builder = update.builder
    state, key = f"{beta.key}_power", f"correction_{beta.key}"
    if key not in builder.values:
        power = builder.shared_state(state, filled(1.0), rf"{beta.symbol}^{{t-1}}")
        now = builder.append(
            Scale(), (beta, power), f"new_{state}", role=Role.UPDATED, symbol=rf"{beta.symbol}^{{t}}", purpose=_POWER
        )
        builder.hand_on(power, now)
        one, symbol = builder.constant("one", 1.0, "1"), rf"\left(1 - {beta.symbol}^{{t}}\right)"
        builder.append(Subtract(), (one, now), key, symbol=symbol, purpose=_CORRECTION)
        inverse = rf"\frac{{1}}{{1 - {beta.symbol}^{{t}}}}"
        builder.append(Divide(), (one, builder.values[key]), f"one_over_{key}", symbol=inverse, purpose=_INVERSE)
    return update.step(name, Scale(), builder.values[f"one_over_{key}"], mean, head=head, purpose=_CORRECTED)


def _over_root(
    update: Update, over: Value, mean_square: Value, epsilon: float, purpose: Purpose | None = None
) -> Value:
    """Append a quotient: over / (sqrt(mean square) + eps)."""
    eps = update.number("epsilon", epsilon, r"\epsilon")
    about: dict[str, Any] = {"range": Range.NON_NEGATIVE}
    root = update.step("root", Sqrt(), mean_square, purpose=_ROOT, **about)
    size = update.step("size", Shift(), eps, root, purpose=_EPSILON, **about)
    return update.step("direction", Divide(), over, size, purpose=purpose or _DIRECTION)


_SQUARED = Purpose(
    "The square of each gradient: how large it is, whatever its sign.",
    why="To measure how large gradients are, their sign must not matter.",
    look="No cell of {c} is negative.",
)
_SUM = Purpose(
    "All squares so far, added up: before, plus the newest, is after. The next iteration starts from here.",
    why="A weight whose gradients have been large has been moved enough; the sum remembers that.",
    look="No cell of {c} is smaller than that of {a}, so the steps can only shrink.",
)
_ROOT = Purpose(
    "The root of it: how large the gradients of this weight usually are.",
    why="What was added up are squares; the root is in the units of the gradient again, to compare the two.",
    look="Weights with small {c} will take large steps for their gradient.",
)
_EPSILON = Purpose(
    "A tiny number is added, so that nothing is divided by 0.",
    why="A weight whose gradients were all 0 would be divided by 0.",
    look="{c} looks like {b}; only cells that are almost 0 change noticeably.",
)
_DIRECTION = Purpose(
    "Each weight gets a step of its own: its gradient, measured by how large its gradients usually are.",
    why="Divided by their usual size, gradients of any scale make steps of about the same size.",
    look="The cells of {c} differ far less in size than those of {a}.",
)
_SHRINKING = Purpose(
    "Each weight gets a step of its own: its gradient, measured by how large all of its gradients have been together.",
    why="What is divided by only grows, so every weight takes smaller steps, those with large gradients the smallest.",
    look="In the first iteration every cell of {c} is 1, -1 or 0; later on they shrink.",
)
_POWER = Purpose(
    "One more factor of beta in every iteration: how much of the mean is still the 0 that it began with.",
    why="The averages began with 0, and that start fades by one factor in every iteration.",
    look="It falls towards 0: after many iterations nothing is left to correct.",
)
_CORRECTION = Purpose(
    "How much of the mean comes from gradients, and not from the 0 that it began with.",
    why="The average of t gradients has this much weight in all; the rest is the 0 that it began with.",
    look="It rises towards 1 as training goes on.",
)
_INVERSE = Purpose(
    "The mean is divided by that share: bias correction.",
    why="Multiplying by it makes up for the share that is missing.",
    look="It is largest in the first iteration, and comes down to 1.",
)
_CORRECTED = Purpose(
    "Bias correction: early on the mean is too small, since it began with 0.",
    why="Without it the first steps would be far too small, or too large, since both averages begin with 0.",
    look="The pattern of {c} is that of {b}; in the first iteration it is the newest number itself.",
)
_DECAY = Purpose(
    "Weight decay: in proportion to the weight itself.",
    why="Weights that are not needed should fade, so that a network does not rest on a few large ones.",
    look="The pattern of {c} is that of {b}.",
)
_SHRINK = Purpose(
    "The learning rate η says how far the weights shrink, too.",
    why="The decay is a step as well, so the learning rate scales it.",
    look="{c} has the pattern of {b}; with a small rate the weights fade slowly.",
)
_DECAYED = Purpose(
    "AdamW shrinks the weights by themselves, apart from the gradient.",
    why="Inside the gradient the decay would be divided by its usual size as well; apart from it, every "
    "weight fades in proportion.",
    look="With a small rate {c} can hardly be told from {a}.",
)
_CHANGE = Purpose(
    "The learning rate η says how far to go.",
    why="The direction has been measured by the usual size of its gradients, so the rate is about the size of a step.",
    look="Hardly any cell is much larger than the learning rate.",
)
_FROM_DECAYED = Purpose(
    "The update: the weights that have shrunk, minus the change. The next iteration starts from here.",
    why="Decay and gradient each take their part: the weights have faded, and now they go down the gradient.",
    look="Compare {c} with {a}: they differ by {b}.",
)
