"""Every gradient agrees with PyTorch, whose forward pass is written down here independently."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from core.run.trace import Trace
from core.values import Array
from tests.core.drawing import Problem, problems

torch = pytest.importorskip("torch")
from torch.nn import functional  # noqa: E402

FUNCTIONS = {
    "relu": functional.relu,
    "leaky_relu": lambda net: functional.leaky_relu(net, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": lambda net: functional.gelu(net, approximate="tanh"),
    "softmax": lambda net: functional.softmax(net, dim=1),
    None: lambda net: net,
}


def cells(function: Any, **about: Any) -> Any:
    """Return a loss of PyTorch without its reduction: here the outputs of a sample are added up."""
    return partial(function, reduction="none", **about)


LOSSES = {
    "cross_entropy": lambda out, y: -(y * torch.log(out)),
    "binary_cross_entropy": cells(functional.binary_cross_entropy),
    "squared_error": lambda out, y: functional.mse_loss(out, y, reduction="none") / 2,
    "absolute_error": cells(functional.l1_loss),
    "huber_error": cells(functional.huber_loss),
    "huber_error:0.2": cells(functional.huber_loss, delta=0.2),
}


def torch_values(problem: Problem) -> dict[str, Any]:
    """Run PyTorch forward and backward; every net keeps its gradient."""
    values = {key: torch.tensor(array, requires_grad=True) for key, array in problem.inputs.items()}
    out = values["x"]
    for number, layer in enumerate(problem.layers, 1):
        bias = values[f"b_{number}"][0] if layer.bias else None
        net = functional.linear(out, values[f"w_{number}"].T, bias)
        net.retain_grad()
        out = FUNCTIONS[layer.activation](net)
        values[f"net_{number}"], values[f"out_{number}"] = net, out
    values["loss"] = LOSSES[problem.loss](out, values["y"]).sum(dim=1).mean()
    values["loss"].backward()
    return values


@given(problems())
@settings(max_examples=100)
def test_all_values_and_gradients_agree(problem: Problem) -> None:
    trace = Trace(problem.program, problem.parameters, lambda _: problem.data, "float64")
    expected = torch_values(problem)
    close(trace.array("loss"), expected["loss"])
    for number in range(1, len(problem.layers) + 1):
        close(trace.array(f"net_{number}"), expected[f"net_{number}"])
        if f"delta_{number}" in problem.program.values:
            close(trace.array(f"delta_{number}"), expected[f"net_{number}"].grad)
    for key in problem.trained:
        gradient = expected[key].grad
        close(trace.array(f"grad_{key}"), gradient)
        close(trace.array(f"new_{key}"), expected[key] - problem.learning_rate * gradient)


def close(ours: Array, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)
