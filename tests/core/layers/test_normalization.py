"""Normalisations are those of PyTorch, forward and backward; running statistics over twenty iterations, too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.iteration import compile_forward, compile_iteration
from core.layers import BatchNorm, Conv2d, Dense, Dropout, Flatten, Layer, LayerNorm, RMSNorm
from core.network import Network
from core.ops.base import ShapeError
from core.ops.dropping import DropoutMask
from core.optimizers import SGD, Adam
from core.program import Program
from core.run.executor import Executor
from core.run.run import Run
from core.run.trace import Trace
from core.values import Array, Shape
from core.weights import Weights, WeightsError

N, RATE = 6, 0.05
RUNNING = {"running_mean": "running_mean", "running_variance": "running_var"}
"""What each running statistic is called here, and in PyTorch."""
TORCH: dict[str, tuple[Layer, Shape, Callable[[Any], Any]]] = {
    "layer, rows": (LayerNorm(), (5,), lambda torch: torch.nn.LayerNorm(5)),
    "layer, tokens": (LayerNorm(1e-3), (4, 5), lambda torch: torch.nn.LayerNorm(5, eps=1e-3)),
    "RMS, tokens": (RMSNorm(1e-4), (4, 5), lambda torch: torch.nn.RMSNorm(5, eps=1e-4)),
    "batch, rows": (BatchNorm(), (5,), lambda torch: torch.nn.BatchNorm1d(5)),
    "batch, images": (BatchNorm(1e-4, 0.3), (3, 4, 2), lambda torch: torch.nn.BatchNorm2d(3, eps=1e-4, momentum=0.3)),
}
"""Each normalisation with the shape of a sample, and that of PyTorch."""


def network_of(layer: Layer, shape: Shape) -> Network:
    """Return the layer between two that are trained, so that a gradient comes back through it."""
    if len(shape) == 3:
        return Network(shape, (Conv2d(shape[0], 1, activation=None), layer, Flatten(), Dense(2, None)))
    end = (Flatten(),) if len(shape) == 2 else ()
    return Network(shape, (Dense(shape[-1], None), layer, *end, Dense(2, None)))


def batch(shape: Shape, iteration: int) -> dict[str, Array]:
    generator = np.random.default_rng(iteration)
    return {"x": 3 * generator.normal(size=(N, *shape)) + 1, "y": generator.normal(size=(N, 2))}


class Peer:
    """The same network in PyTorch, with the parameters of ours as its leaves."""

    def __init__(self, name: str, state: dict[str, Array]) -> None:
        self.torch = pytest.importorskip("torch")
        layer, self.shape, make = TORCH[name]
        self.leaves = {
            key: self.torch.tensor(array, requires_grad=not key.startswith("running")) for key, array in state.items()
        }
        self.norm = make(self.torch).double()
        if isinstance(layer, BatchNorm):
            for ours, theirs in RUNNING.items():
                setattr(self.norm, theirs, self.leaves[f"{ours}_2"].flatten().clone())
        for own in ("weight", "bias"):
            self.norm._parameters.pop(own, None)
        self.last = max(int(key.rsplit("_", 1)[1]) for key in state if key.startswith("w_"))

    def loss(self, data: dict[str, Array]) -> Any:
        leaves = self.leaves
        self.norm.weight = leaves["scale_2"].reshape(-1)
        self.norm.bias = leaves["shift_2"].reshape(-1) if "shift_2" in leaves else None
        x = self.torch.tensor(data["x"])
        if len(self.shape) == 3:
            hidden = self.torch.nn.functional.conv2d(x, leaves["w_1"], leaves["b_1"])
        else:
            hidden = x @ leaves["w_1"] + leaves["b_1"][0]
        out = self.norm(hidden).reshape(N, -1) @ leaves[f"w_{self.last}"] + leaves[f"b_{self.last}"][0]
        return ((out - self.torch.tensor(data["y"])) ** 2).sum(dim=1).mean() / 2

    def learn(self, data: dict[str, Array]) -> float:
        """Go one step down the gradients; return the loss before."""
        loss = self.loss(data)
        trained = [leaf for leaf in self.leaves.values() if leaf.requires_grad]
        found = self.torch.autograd.grad(loss, trained)
        self.gradients = {
            key: g for key, leaf in self.leaves.items() for t, g in zip(trained, found, strict=True) if t is leaf
        }
        with self.torch.no_grad():
            for leaf, gradient in zip(trained, found, strict=True):
                leaf -= RATE * gradient
        return float(loss.item())


@pytest.mark.parametrize("name", TORCH)
def test_twenty_iterations_are_those_of_pytorch(name: str) -> None:
    layer, shape, _ = TORCH[name]
    network = network_of(layer, shape)
    program = compile_iteration(network, "squared_error", SGD(RATE), N)
    state = {key: array * 1.1 + 0.05 for key, array in network.initial(3, "float64").items()}
    executor, peer = Executor(program, state, "float64"), Peer(name, state)
    trace = Trace(program, state, lambda iteration: batch(shape, iteration), "float64")
    for iteration in range(20):
        assert executor.run(batch(shape, iteration)) == pytest.approx(peer.learn(batch(shape, iteration)), rel=1e-10)
        if iteration in (0, 3):
            for key, gradient in program.gradients.items():
                expected = peer.gradients[key].numpy()
                close(trace.array(gradient, iteration), expected)
    for key, leaf in peer.leaves.items():
        if leaf.requires_grad:
            close(executor.state[key], leaf.detach().numpy())
    if isinstance(layer, BatchNorm):
        for ours, theirs in RUNNING.items():
            close(executor.state[f"{ours}_2"].ravel(), getattr(peer.norm, theirs).numpy())
        peer.norm.eval()
        learnt = Executor(compile_forward(network, "squared_error", N), executor.state, "float64")
        close(np.array(learnt.run(batch(shape, 99))), peer.loss(batch(shape, 99)).detach().numpy())


def close(ours: Array, theirs: Array) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def program_of(*layers: Layer, shape: Shape = (5,)) -> tuple[Network, Program]:
    network = Network(shape, layers)
    return network, compile_iteration(network, "squared_error", Adam(0.01), N)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_trace_and_executor_agree_to_the_byte_over_iterations(dtype: str) -> None:
    network, program = program_of(Dense(5), BatchNorm(), Dropout(0.3), LayerNorm(), RMSNorm(), Dropout(0.2), Dense(2))
    data = [{key: array.astype(dtype) for key, array in batch((5,), k).items()} for k in range(4)]
    start = {**program.initial(0, dtype), **network.initial(0, dtype)}
    trace, executor = Trace(program, start, lambda k: data[k], dtype), Executor(program, start, dtype)
    for iteration in range(4):
        executor.run(data[iteration])
        for key, following in program.state.items():
            assert trace.array(following, iteration).tobytes() == executor.state[key].tobytes(), key


def test_a_batch_of_one_has_no_variance_and_the_layer_says_so() -> None:
    network = Network((5,), (Dense(4), BatchNorm(), Dense(2)))
    message = (
        r"^Layer 2 \(batch normalisation\): expected a batch of at least 2 samples: a single number for each column "
        r"has no variance; got 1$"
    )
    with pytest.raises(ShapeError, match=message):
        compile_iteration(network, "squared_error", SGD(0.1), 1)
    images = Network((1, 4, 4), (BatchNorm(), Flatten(), Dense(2)))
    assert compile_iteration(images, "squared_error", SGD(0.1), 1)  # sixteen cells have one


@pytest.mark.parametrize(
    ("layer", "shape", "said"),
    [
        (LayerNorm(), (2, 3, 3), r"Layer 1 \(layer normalisation\): expected rows of numbers"),
        (RMSNorm(), (2, 3, 3), r"Layer 1 \(RMS normalisation\): expected rows of numbers"),
        (BatchNorm(), (4, 3), r"Layer 1 \(batch normalisation\): expected rows of numbers"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_layer(layer: Layer, shape: Shape, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        Network(shape, (layer,))


@pytest.mark.parametrize("make", [lambda: LayerNorm(0.0), lambda: BatchNorm(momentum=2.0), lambda: Dropout(1.0)])
def test_numbers_out_of_their_range_are_refused(make: Callable[[], Layer]) -> None:
    with pytest.raises(ShapeError, match=r"expected .*(from|above) .*; got"):
        make()


def test_a_mask_comes_again_where_the_iteration_does_and_with_the_seed() -> None:
    network, program = program_of(Dropout(0.5), Dense(2), Dropout(0.5))
    masks = [step.output.key for step in program.steps if isinstance(step.op, DropoutMask)]
    assert len(masks) == 2

    def seen(seed: int, iterations: tuple[int, ...]) -> list[bytes]:
        run = Run(program, network.initial(seed, "float64"), lambda k: batch((5,), k), "float64")
        trace = Trace(program, run.start, run.batch, "float64")
        return [trace.array(key, k).tobytes() for k in iterations for key in masks]

    first = seen(1, (0, 1, 2, 1, 0))
    assert first[:2] == first[8:]
    assert first[2:4] == first[6:8]
    assert len(set(first)) == 6
    assert seen(1, (2, 0))[2:] == first[:2]
    assert seen(2, (0,)) != first[:2]


def test_what_has_learnt_drops_nothing_and_takes_running_statistics() -> None:
    network = Network((5,), (Dropout(0.5), BatchNorm(), Dense(2)))
    program = compile_forward(network, "squared_error", 1)
    assert not any(isinstance(step.op, DropoutMask) for step in program.steps)
    state = {**network.initial(0, "float64"), "running_mean_2": np.full((1, 5), 2.0)}
    state["running_variance_2"] = np.full((1, 5), 4.0 - 1e-5)
    data = {"x": np.arange(5.0)[None], "y": np.zeros((1, 2))}
    trace = Trace(program, state, lambda _: data, "float64")
    np.testing.assert_allclose(trace.array("normal_2"), (np.arange(5.0)[None] - 2) / 2)


def test_running_statistics_are_loaded_under_another_optimizer_and_missed_where_they_are_not_there() -> None:
    network = Network((5,), (Dense(4), BatchNorm(), Dense(2)))
    plain = compile_iteration(network, "squared_error", SGD(0.1), N)
    other = compile_iteration(network, "squared_error", Adam(0.1), N)
    executor = Executor(plain, network.initial(0))
    executor.run({key: array[:, :5] if key == "x" else array for key, array in batch((5,), 0).items()})
    state = dict(executor.state)
    assert Weights(state).of(other).keys() == state.keys()
    assert {value.key for value in other.learnt} == state.keys()
    del state["running_mean_2"]
    with pytest.raises(WeightsError, match="Expected a parameter running_mean_2"):
        Weights(state).of(other)
