"""Compile a whole training iteration, forward to update, into one program."""

from collections.abc import Collection

from core.backward import differentiate
from core.network import Network
from core.ops.base import Op
from core.ops.losses import CrossEntropy, SquaredError
from core.ops.reduce import Mean
from core.optimizers import Optimizer
from core.program import Builder, Program
from core.values import Phase, Range, Role

LOSSES: dict[str, type[Op]] = {"cross_entropy": CrossEntropy, "squared_error": SquaredError}


def compile_iteration(
    network: Network,
    loss: str,
    optimizer: Optimizer,
    batch_size: int,
    *,
    frozen: Collection[str] = (),
    through_jacobian: bool = False,
) -> Program:
    """Compile one training iteration: forward, loss, backward, update.

    Parameters
    ----------
    network : Network
        The network; its own frozen parameters are not trained.
    loss : str
        ``cross_entropy`` or ``squared_error``; the loss of a batch is the mean over its samples.
    optimizer : Optimizer
        The update rule.
    batch_size : int
        How many samples, at least 1.
    frozen : collection of str
        Keys of more parameters that are not trained: they get no gradient and no update.
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian, rather than by delta = out - y.

    Raises
    ------
    ValueError
        If the loss is unknown, the batch is empty, or a frozen key names no parameter.

    References
    ----------
    Seed 001, sections 2 to 3.4 and appendix E.
    """
    if loss not in LOSSES:
        raise ValueError(f"expected a loss among {', '.join(LOSSES)}; got {loss!r}")
    if batch_size < 1:
        raise ValueError(f"expected a batch of at least 1 sample; got {batch_size}")
    unknown = set(frozen) - {p.key for p in network.parameters()}
    if unknown:
        raise ValueError(f"expected frozen parameters of the network; got {', '.join(sorted(unknown))}")
    builder = Builder(through_jacobian=through_jacobian)
    out = network.build(builder, batch_size)
    builder.phase = Phase.LOSS
    span = Range.PROBABILITY if loss == "cross_entropy" else out.range
    y = builder.input("y", out.shape, Role.TARGET, range=span, axis_names=out.axis_names)
    losses = builder.apply(LOSSES[loss](), out, y, key="losses", role=Role.LOSS)
    total = builder.apply(Mean(), losses, key="loss", role=Role.LOSS)
    skip = network.frozen() | set(frozen)
    wanted = [value for value in builder.inputs if value.role in (Role.WEIGHT, Role.BIAS) and value.key not in skip]
    gradients = differentiate(builder, total, wanted)
    builder.phase = Phase.UPDATE
    updates = {value.key: optimizer.update(builder, value, gradient).key for value, gradient in gradients.items()}
    return builder.build(updates=updates, output=out.key, loss=total.key)
