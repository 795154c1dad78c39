"""A convolution in groups is that of PyTorch, forward and backward, and refuses groups that do not divide."""

import numpy as np
import pytest

from core.backward import differentiate
from core.builder import Builder
from core.layers import Conv2d, Dense, Flatten
from core.network import Network
from core.ops.base import ShapeError
from core.ops.elementwise import Hadamard
from core.ops.reduce import Mean
from core.ops.windows import convolution
from core.run.executor import Executor
from core.run.trace import Trace
from core.values import Role
from tests.core.ops.differences import differentiated, run


@pytest.mark.parametrize("groups", [2, 4])
def test_a_convolution_in_groups_is_that_of_pytorch(groups: int) -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(groups)
    x, w = generator.normal(size=(2, 4, 6, 5)), generator.normal(size=(8, 4 // groups, 3, 2))
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, w)]
    out = torch.nn.functional.conv2d(*leaves, stride=(2, 1), padding=(1, 1), dilation=(1, 2), groups=groups)
    op = convolution.Conv2d((2, 1), (1, 1, 1, 1), (1, 2), groups=groups)
    seed = generator.normal(size=out.shape)
    out.backward(torch.tensor(seed))
    for i, leaf in enumerate(leaves):
        program, gradient = differentiated(op, [x, w], i)
        values = run(program, {"in_0": x, "in_1": w, "seed": seed})
        np.testing.assert_allclose(values["result"], out.detach().numpy(), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(values[gradient.key], leaf.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_convolutions_in_other_groups_of_the_same_images_do_not_share_work_arrays(dtype: str) -> None:
    builder = Builder()
    x = builder.input("x", (2, 4, 5, 5), Role.INPUT)
    kernels = [builder.input(f"w_{groups}", (4, 4 // groups, 3, 3), Role.WEIGHT) for groups in (1, 2, 4)]
    nets = [
        builder.apply(convolution.Conv2d(groups=groups), x, w, key=f"net_{groups}")
        for groups, w in zip((1, 2, 4), kernels, strict=True)
    ]
    both = builder.apply(Hadamard(), nets[0], builder.apply(Hadamard(), nets[1], nets[2], key="pair"), key="product")
    loss = builder.apply(Mean(), both, key="loss")
    found = [gradient.key for gradient in differentiate(builder, loss, kernels).values()]
    program = builder.build(loss="loss")
    generator = np.random.default_rng(0)
    state = {w.key: generator.normal(size=w.shape) for w in kernels}
    executor = Executor(program, state, dtype, keep=found)
    for seed in range(2):
        data = {"x": np.random.default_rng(seed).normal(size=x.shape).astype(dtype)}
        executor.run(data)
        trace = Trace(program, state, lambda _, data=data: data, dtype)
        assert all(executor.value(key).tobytes() == trace.array(key).tobytes() for key in found)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_trace_and_executor_agree_to_the_byte(dtype: str) -> None:
    builder = Builder()
    x, w = builder.input("x", (2, 4, 5, 5), Role.INPUT), builder.input("w", (6, 2, 3, 3), Role.INPUT)
    builder.apply(convolution.Conv2d(groups=2), x, w, key="net")
    program = builder.build(output="net")
    generator = np.random.default_rng(0)
    data = {"x": generator.normal(size=x.shape).astype(dtype), "w": generator.normal(size=w.shape).astype(dtype)}
    executor = Executor(program, {}, dtype, keep=["net"])
    for _ in range(2):
        executor.run(data)
        assert executor.value("net").tobytes() == Trace(program, {}, lambda _: data, dtype).array("net").tobytes()


def test_groups_that_do_not_divide_are_refused_with_those_that_do() -> None:
    message = (
        r"Layer 1 \(conv 6 @ 3 × 3, 3 groups, ReLU\): expected a number of groups that divides the 4 channels of the "
        r"image and the 6 filters: 1, 2; got 3"
    )
    with pytest.raises(ShapeError, match=message):
        Network((4, 8, 8), (Conv2d(6, 3, groups=3), Flatten(), Dense(2)))
    with pytest.raises(ShapeError, match="expected at least 1 group; got 0"):
        Conv2d(6, 3, groups=0)
