"""Write the loss, the update rule and what else acts on the gradients as PyTorch code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from core.ops.losses import HuberError, parse_loss
from core.ops.losses.named import loss_name
from core.optimizers import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp
from core.program import Program
from core.values import Array, Role
from viz_app.takeaway.torch.writing import UnsayableError, Weight

MERGED: Mapping[str, str] = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
"""The activation that a loss of PyTorch has in itself."""
_LOSSES = {
    ("cross_entropy", True): "F.cross_entropy({out}, {y})",
    ("cross_entropy", False): "-(y * out.clamp_min(torch.finfo(out.dtype).tiny).log()).sum(-1).mean()",
    ("binary_cross_entropy", True): 'F.binary_cross_entropy_with_logits(out, y, reduction="sum") / {count}',
    ("binary_cross_entropy", False): 'F.binary_cross_entropy(out, y, reduction="sum") / {count}',
    ("squared_error", False): '0.5 * F.mse_loss(out, y, reduction="sum") / {count}',
    ("absolute_error", False): 'F.l1_loss(out, y, reduction="sum") / {count}',
    ("huber_error", False): 'F.huber_loss(out, y, reduction="sum", delta={limit!r}) / {count}',
}
_ROWS = {"out": "out", "y": "y", "count": "len(y)"}
_TOKENS = {"out": "out.flatten(0, 1)", "y": "y.flatten(0, 1)", "count": "(y.shape[0] * y.shape[1])"}
"""The outputs, the targets and how many there are, where a sample is a row, and where it is a sequence of tokens."""
_SAYS = {
    "cross_entropy": "the cross-entropy",
    "binary_cross_entropy": "the binary cross-entropy, added up over the outputs",
    "squared_error": "half the squared error, added up over the outputs",
    "absolute_error": "the absolute error, added up over the outputs",
    "huber_error": "the Huber error, added up over the outputs",
}


def write_loss(loss: str, *, merged: bool, tokens: bool = False) -> str:
    """Return the function of a loss.

    Parameters
    ----------
    loss : str
        As ``parse_loss`` reads it.
    merged : bool
        Whether it takes what the last activation would be applied to.
    tokens : bool
        Whether each token of a sample has an output.
    """
    name, op = loss_name(loss), parse_loss(loss)
    limit = op.limit if isinstance(op, HuberError) else None
    right = _LOSSES[name, merged].format(limit=limit, **(_TOKENS if tokens else _ROWS))
    doc = f"Return {_SAYS[name]}: the mean over {'all tokens of ' if tokens else ''}the batch."
    return f'def loss_of(out, y):\n    """{doc}"""\n    return {right}'


@dataclass(frozen=True)
class _Rule:
    """An update rule of PyTorch: how it is made, and what it remembers under which name."""

    made: str
    remembers: Mapping[str, str]
    counts: bool = False


RULES: Mapping[type[Optimizer], _Rule] = {
    SGD: _Rule("SGD({p}, lr={eta})", {}),
    Momentum: _Rule("SGD({p}, lr={eta}, momentum={mu})", {"velocity": "momentum_buffer"}),
    Nesterov: _Rule("SGD({p}, lr={eta}, momentum={mu}, nesterov=True)", {"velocity": "momentum_buffer"}),
    AdaGrad: _Rule("Adagrad({p}, lr={eta}, eps={epsilon})", {"square_total": "sum"}, counts=True),
    RMSProp: _Rule("RMSprop({p}, lr={eta}, alpha={alpha}, eps={epsilon})", {"square_mean": "square_avg"}, counts=True),
    Adam: _Rule(
        "Adam({p}, lr={eta}, betas=({beta_1}, {beta_2}), eps={epsilon})",
        {"mean": "exp_avg", "square_mean": "exp_avg_sq"},
        counts=True,
    ),
    AdamW: _Rule(
        "AdamW({p}, lr={eta}, betas=({beta_1}, {beta_2}), eps={epsilon}, weight_decay={weight_decay})",
        {"mean": "exp_avg", "square_mean": "exp_avg_sq"},
        counts=True,
    ),
}
"""The update rules of PyTorch."""


@dataclass(frozen=True)
class Training:
    """One step of training as PyTorch code.

    Parameters
    ----------
    optimizer : str
        What makes the update rule.
    treatments : str
        The body of what acts on the gradients before the update; mostly nothing.
    state : mapping of str to ndarray
        What the rule remembers, by ``parameter|name``; empty where it begins.
    steps : int or None
        How many steps it has done; ``None`` where it does not count them.
    """

    optimizer: str
    treatments: str
    state: Mapping[str, Array]
    steps: int | None


def write_training(
    program: Program, arrays: Mapping[str, Array], rule: type[Optimizer], weights: Mapping[str, Weight]
) -> Training:
    """Return one step of training, with the numbers that hold in an iteration.

    Raises
    ------
    UnsayableError
        If the rule has no equal in PyTorch.
    """
    known = RULES.get(rule)
    if known is None:
        raise UnsayableError(f"There are no words in PyTorch for the update rule {rule.title}.")
    numbers = {key: str(arrays[key][()]) for key in program.hyperparameters}
    made = known.made.format(p="network.parameters()", **numbers)
    state = dict(_state(program, arrays, known, weights))
    begun = any(array.any() for array in state.values())
    return Training(
        f"torch.optim.{made}", _treatments(numbers), state if begun else {}, _steps(arrays) if known.counts else None
    )


def _treatments(numbers: Mapping[str, str]) -> str:
    lines: list[str] = []
    if "lambda_1" in numbers or "lambda_2" in numbers:
        pull = [f"{numbers['lambda_2']} * parameter"] if "lambda_2" in numbers else []
        pull += [f"{numbers['lambda_1']} * parameter.sign()"] if "lambda_1" in numbers else []
        lines += [
            "with torch.no_grad():  # the penalties keep weights small, and leave biases alone",
            "    for name, parameter in network.named_parameters():",
            '        if parameter.grad is not None and "bias" not in name.rpartition(".")[2]:',
            f"            parameter.grad += {' + '.join(pull)}",
        ]
    if "clip_value" in numbers:
        lines.append(f"nn.utils.clip_grad_value_(network.parameters(), {numbers['clip_value']})")
    if "clip_norm" in numbers:
        lines.append(f"nn.utils.clip_grad_norm_(network.parameters(), {numbers['clip_norm']})")
    return "\n".join(lines)


def _state(
    program: Program, arrays: Mapping[str, Array], rule: _Rule, weights: Mapping[str, Weight]
) -> Sequence[tuple[str, Array]]:
    """Return what an update rule remembers of every parameter of PyTorch."""
    held = {(v.subject, v.name): arrays[v.key] for v in program.inputs if v.role is Role.STATE and v.subject}
    found = []
    for name, weight in weights.items():
        for ours, theirs in rule.remembers.items():
            parts = [held.get((key, ours)) for key in weight.keys]
            if parts and all(part is not None for part in parts):
                found.append((f"{name}|{theirs}", np.ascontiguousarray(weight.layout(*parts))))
    return found


def _steps(arrays: Mapping[str, Array]) -> int:
    """Return how many steps Adam has done: its bias correction keeps the powers of its shares."""
    for beta in ("beta_2", "beta_1"):
        power = float(arrays.get(f"{beta}_power", np.ones(())))
        if 0 < power < 1:
            return round(log(power) / log(float(arrays[beta])))
        if power == 0:
            return _LONG_AGO
    return 0


_LONG_AGO = 1_000_000
"""So many steps leave nothing of the 0 that means began with."""
