"""Compare a whole iteration with PyTorch, and the executor with the trace."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.program import Program
from core.run.executor import Executor
from core.run.trace import Trace
from core.values import Array


def assert_trains_as(
    program: Program, state: Mapping[str, Array], data: Mapping[str, Array], out: Any, leaves: Mapping[str, Any]
) -> None:
    """Fail where half the squared error of PyTorch's ``out``, or a gradient by its autograd, is another than ours.

    The executor's next state has the same bytes as the trace's.
    """
    import torch

    loss = ((out - torch.tensor(data["y"])) ** 2).sum(dim=1).mean() / 2
    loss.backward()
    trace = Trace(program, state, lambda _: data, "float64")
    np.testing.assert_allclose(trace.array("loss"), loss.item(), rtol=1e-10)
    for key, gradient in program.gradients.items():
        expected = leaves[key].grad.numpy()
        np.testing.assert_allclose(trace.array(gradient), expected, rtol=1e-10, atol=1e-12, err_msg=key)
    executor = Executor(program, state, "float64")
    executor.run(data)
    for key, following in program.state.items():
        assert trace.array(following).tobytes() == executor.state[key].tobytes(), key
