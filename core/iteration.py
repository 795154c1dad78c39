"""Compile a whole training iteration, forward to update, into one program."""

from collections.abc import Collection

from core.backward import differentiate
from core.builder import Builder
from core.network import Architecture
from core.ops.base import Purpose
from core.ops.losses import LOSSES, parse_loss, suiting
from core.ops.reduce import Mean
from core.optimizers import Clipping, Optimizer, Penalties, Update
from core.program import Program
from core.values import Phase, Range, Role, Value

__all__ = ["LOSSES", "compile_forward", "compile_inference", "compile_iteration"]


def compile_iteration(
    network: Architecture,
    loss: str,
    optimizer: Optimizer,
    batch_size: int,
    *,
    frozen: Collection[str] = (),
    through_jacobian: bool = False,
    penalties: Penalties | None = None,
    clipping: Clipping | None = None,
) -> Program:
    """Compile one training iteration: forward, loss, backward, update.

    Parameters
    ----------
    network : Architecture
        The network; its own frozen parameters are not trained.
    loss : str
        As ``parse_loss`` reads it: ``cross_entropy``, ``huber_error:0.5``; the loss of a batch is the mean over its
        samples.
    optimizer : Optimizer
        The update rule.
    batch_size : int
        How many samples, at least 1.
    frozen : collection of str
        Keys of more parameters that are not trained: they get no gradient and no update.
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian, rather than by delta = out - y.
    penalties : Penalties or None
        What is added to the gradients to keep weights small.
    clipping : Clipping or None
        How gradients are kept from growing; after the penalties.

    Raises
    ------
    ValueError
        If the loss is unknown or does not hold for the outputs, the batch is empty, or a frozen key names no
        parameter.

    References
    ----------
    Rumelhart, Hinton and Williams, "Learning Representations by Back-propagating Errors" (1986).
    """
    _check(batch_size)
    builder = Builder(through_jacobian=through_jacobian)
    out = network.build(builder, batch_size)
    if unknown := set(frozen) - builder.state.keys():
        raise ValueError(f"expected frozen parameters of the network; got {', '.join(sorted(unknown))}")
    total = _append_loss(builder, out, loss)
    skip = builder.frozen | set(frozen)
    wanted = [value for value in builder.inputs if value.role in (Role.WEIGHT, Role.BIAS) and value.key not in skip]
    gradients = differentiate(builder, total, wanted)
    builder.gradients = {value.key: gradient.key for value, gradient in gradients.items()}
    builder.begin_update()
    for treatment in (penalties, clipping):
        gradients = dict(treatment.apply(builder, gradients)) if treatment else gradients
    for value, gradient in gradients.items():
        optimizer.update(Update(builder, value, gradient))
    return builder.build(output=out.key, loss=total.key)


def compile_inference(network: Architecture, batch_size: int) -> Program:
    """Compile the forward pass alone, as of a network that has learnt: no target, no loss, nothing is trained.

    Raises
    ------
    ValueError
        If the batch is empty.
    """
    _check(batch_size)
    builder = Builder(training=False)
    out = network.build(builder, batch_size)
    return builder.build(output=out.key)


def compile_forward(network: Architecture, loss: str, batch_size: int) -> Program:
    """Compile the forward pass and the loss alone, to see how good a network is: nothing is trained.

    Layers behave as they do when a network has learnt: nothing is dropped, and running statistics stand for a batch's.

    Raises
    ------
    ValueError
        If the loss is unknown, or the batch is empty.
    """
    _check(batch_size)
    builder = Builder(training=False)
    out = network.build(builder, batch_size)
    total = _append_loss(builder, out, loss)
    return builder.build(output=out.key, loss=total.key)


def _check(batch_size: int) -> None:
    if batch_size < 1:
        raise ValueError(f"expected a batch of at least 1 sample; got {batch_size}")


def _append_loss(builder: Builder, out: Value, loss: str) -> Value:
    """Append the loss of each sample and their mean."""
    op = parse_loss(loss)
    if op.of_probabilities and out.range is not Range.PROBABILITY:
        raise ValueError(
            f"expected outputs that are probabilities for the loss {loss}: end the network with softmax or sigmoid, or "
            f"take {' or '.join(suiting(out.range))}; got outputs whose range is {out.range}"
        )
    builder.phase = Phase.LOSS
    span = Range.PROBABILITY if op.of_probabilities else out.range
    y = builder.input("y", out.shape, Role.TARGET, range=span, axes=out.axes)
    losses = builder.apply(op, out, y, key="losses", role=Role.LOSS, symbol=r"\ell")
    mean, purpose = (Mean(), _MEAN_LOSS) if len(out.shape) == 2 else (Mean(letter="K"), _MEAN_OF_TOKENS)
    return builder.apply(mean, losses, key="loss", role=Role.LOSS, symbol="L", purpose=purpose)


_MEAN_LOSS = Purpose(
    "The loss of the batch is the mean over its samples.",
    why="Training makes one number small, and the mean of {a} does not grow with the batch. The backward "
    "pass begins here, with ∂L/∂L = 1.",
    look="Watch {c} fall from iteration to iteration; with few samples it jumps.",
)
_MEAN_OF_TOKENS = Purpose(
    "The loss of the batch is the mean over all K tokens of its samples.",
    why="Every token is asked what comes after it, so one sequence answers as many questions as it has tokens; their "
    "mean {c} grows neither with the batch nor with the length. The backward pass begins here, with ∂L/∂L = 1.",
    look="When the network has learnt, the first tokens of a sequence cost most: they have seen the least of it.",
)
