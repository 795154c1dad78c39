"""Convolution and pooling against PyTorch, in whole networks, and what does not fit."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.backward import differentiate
from core.builder import Builder
from core.iteration import compile_iteration
from core.layers import AveragePool2d, Conv2d, Dense, Flatten, Layer, MaxPool2d
from core.layers.convolution import padding_amounts
from core.network import Network
from core.ops.base import ShapeError
from core.ops.sums import Sum
from core.ops.windows import convolution, pooling
from core.ops.windows.channels import AddChannelBias
from core.ops.windows.convolution import Conv2dInputGradient, Conv2dKernelGradient
from core.ops.windows.geometry import Geometry, same_padding
from core.optimizers import SGD
from core.run.gradcheck import check_gradients
from core.values import Array, Role, Shape
from tests.core.sliding import Sliding, pairs, slidings

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def torch_convolution(case: Sliding, images: Any, kernels: Any) -> Any:
    functional = pytest.importorskip("torch").nn.functional
    top, bottom, left, right = case.padding
    padded = functional.pad(images, (left, right, top, bottom))
    return functional.conv2d(padded, kernels, stride=case.stride, dilation=case.dilation)


@given(slidings(largest=12, most=4))
def test_convolution_agrees_with_torch(case: Sliding) -> None:
    torch = pytest.importorskip("torch")
    images, kernels, delta = case.draw(case.images, case.kernels, case.deltas)
    tensors = [torch.tensor(array, requires_grad=True) for array in (images, kernels)]
    result = torch_convolution(case, *tensors)
    result.backward(torch.tensor(delta))
    np.testing.assert_allclose(convolution.Conv2d(*case.settings).compute(images, kernels), result.detach(), **CLOSE)
    to_images = Conv2dInputGradient(*case.settings, case.size).compute(delta, kernels)
    to_kernels = Conv2dKernelGradient(*case.settings, case.window).compute(images, delta)
    np.testing.assert_allclose(to_images, tensors[0].grad, **CLOSE)
    np.testing.assert_allclose(to_kernels, tensors[1].grad, **CLOSE)


@given(slidings(largest=12, most=4, padded=False), st.booleans())
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_agrees_with_torch(kind: str, case: Sliding, ties: bool) -> None:
    torch = pytest.importorskip("torch")
    images, delta = case.draw(case.images, (case.samples, case.channels, *case.output_size))
    images = np.round(images) if ties else images
    tensor = torch.tensor(images, requires_grad=True)
    function = getattr(torch.nn.functional, f"{'max' if kind == 'max' else 'avg'}_pool2d")
    result = function(tensor, case.window, stride=case.stride)
    result.backward(torch.tensor(delta))
    op = pooling.MaxPool2d if kind == "max" else pooling.AveragePool2d
    values = run_with_seed(op(case.window, case.stride), images, delta)
    np.testing.assert_allclose(values["result"], result.detach(), **CLOSE)
    np.testing.assert_allclose(values["grad_x"], tensor.grad, **CLOSE)


def run_with_seed(op: Any, x: Array, delta: Array) -> dict[str, Array]:
    builder = Builder()
    value = builder.input("x", x.shape, Role.INPUT)
    result = builder.apply(op, value, key="result")
    differentiate(builder, result, [value], seed=builder.input("seed", delta.shape, Role.GRADIENT))
    arrays = {"x": x, "seed": delta}
    for step in builder.build().steps:
        arrays[step.output.key] = step.op.compute(*(arrays[v.key] for v in step.inputs))
    return arrays


STACKS: tuple[tuple[Layer, ...], ...] = (
    (Conv2d(3, 3), MaxPool2d(2), Flatten(), Dense(4, "softmax")),
    (Conv2d(2, (3, 2), stride=2, padding="same", activation="tanh"), Flatten(), Dense(4, "softmax")),
    (Conv2d(2, 2, padding=1, dilation=2), AveragePool2d((2, 3)), Flatten(), Dense(4, "softmax")),
    (
        Conv2d(2, 3, padding=(1, 0, 2, 1), bias=False),
        MaxPool2d(3, stride=2),
        Conv2d(3, 2, activation=None),
        Flatten(),
        Dense(4, "softmax"),
    ),
)


def batch_of(network: Network, size: int = 3, seed: int = 1) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(size, *network.input_shape))
    return {"x": x, "y": np.eye(4)[generator.integers(0, 4, size)]}


@pytest.mark.parametrize("layers", STACKS, ids=lambda layers: "-".join(layer.name for layer in layers))
def test_whole_networks_agree_with_central_differences(layers: tuple[Layer, ...]) -> None:
    network = Network((2, 9, 8), layers)
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 3)
    inputs = {**network.initial(0, "float64"), **batch_of(network)}
    checks = check_gradients(program, inputs)
    assert {check.key for check in checks} == set(program.updates)
    assert max(check.error for check in checks) < 1e-6


def test_nobody_asks_for_the_gradient_of_the_images() -> None:
    network = Network((1, 9, 9), (Conv2d(2, 3), Conv2d(2, 3), Flatten(), Dense(4, "softmax")))
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 2)
    back = [step.output.key for step in program.steps if isinstance(step.op, Conv2dInputGradient)]
    assert back == ["grad_out_1"]


def test_the_bias_of_a_channel_is_a_step_of_its_own() -> None:
    network = Network((1, 5, 5), (Conv2d(2, 3), Flatten(), Dense(4, "softmax")))
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 2)
    assert isinstance(program.producers["net_1"].op, AddChannelBias)
    assert isinstance(program.producers["grad_b_1"].op, Sum)
    assert program.values["b_1"].shape == (2,)


@given(pairs(1, 12), pairs(1, 5), pairs(1, 4), pairs(1, 3))
def test_same_padding_keeps_the_size_divided_by_the_stride(
    size: Shape, window: Shape, stride: Shape, dilation: Shape
) -> None:
    padding = same_padding(size, window, stride, dilation)
    geometry = Geometry(size, window, stride, padding, dilation)
    assert geometry.output_size == tuple(-(-cells // step) for cells, step in zip(size, stride, strict=True))
    top, bottom, left, right = padding
    assert 0 <= bottom - top <= 1
    assert 0 <= right - left <= 1


@pytest.mark.parametrize(
    ("rule", "amounts"),
    [("valid", (0, 0, 0, 0)), (2, (2, 2, 2, 2)), ((1, 3), (1, 1, 3, 3)), ((1, 2, 3, 4), (1, 2, 3, 4))],
)
def test_padding_is_given_in_any_of_four_ways(rule: Any, amounts: Shape) -> None:
    assert padding_amounts(rule) == amounts
    network = Network((1, 6, 6), (Conv2d(1, 3, padding=rule),))
    op = network_program_op(network)
    assert op.padding == amounts


def network_program_op(network: Network) -> convolution.Conv2d:
    builder = Builder()
    network.build(builder, 1)
    op = builder.steps[0].op
    assert isinstance(op, convolution.Conv2d)
    return op


@given(pairs(1, 6), pairs(1, 9), st.tuples(*[st.integers(0, 2)] * 4), pairs(1, 3))
def test_a_kernel_that_does_not_fit_is_told_which_numbers_would(
    size: Shape, window: Shape, padding: Any, dilation: Shape
) -> None:
    top, bottom, left, right = padding
    covers = [(taps - 1) * gap + 1 for taps, gap in zip(window, dilation, strict=True)]
    assume(covers[0] > size[0] + top + bottom or covers[1] > size[1] + left + right)
    with pytest.raises(ShapeError, match="expected a kernel that fits") as refusal:
        Geometry(size, window, (1, 1), padding, dilation)
    message = str(refusal.value)
    rows, columns = numbers(r"at least (\d+) rows and (\d+) columns", message)
    assert Geometry(size, window, (1, 1), (rows, 0, columns, 0), dilation).output_size[0] >= 1
    largest = numbers(r"kernel of at most (\d+) × (\d+)", message)
    fitting = tuple(min(pair) for pair in zip(largest, window, strict=True))
    assert min(Geometry(size, fitting, (1, 1), padding, dilation).output_size) >= 1
    if "dilation of at most" in message:
        smaller = numbers(r"dilation of at most (\d+) × (\d+)", message)
        fitting = tuple(min(pair) for pair in zip(smaller, dilation, strict=True))
        assert min(Geometry(size, window, (1, 1), padding, fitting).output_size) >= 1


def numbers(pattern: str, message: str) -> tuple[int, ...]:
    found = re.search(pattern, message)
    assert found, message
    return tuple(int(number) for number in found.groups())


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((Conv2d(1, 9),), r"Layer 1 \(conv 1 @ 9 × 9, ReLU\).*kernel of at most 8 × 8.*got a kernel of 9 × 9"),
        ((Conv2d(1, 3, dilation=4),), r"dilation of at most 3 × 3; got a kernel of 3 × 3 \(covering 9 × 9\)"),
        ((MaxPool2d(9),), r"Layer 1 \(max pool 9 × 9\).*a pooling window of at most 8 × 8"),
        ((Conv2d(1, 5), MaxPool2d(5)), r"Layer 2 .*fits the image of 4 × 4"),
        ((Flatten(), Conv2d(1, 3)), r"Layer 2 .*expected images \(samples × channels × height × width\); got 1 × 128"),
        ((Flatten(), MaxPool2d(2)), "Layer 2 .*expected images"),
        ((Conv2d(1, 3), Dense(2)), "put a Flatten before it"),
    ],
    ids=str,
)
def test_layers_that_do_not_fit_are_refused(layers: tuple[Layer, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Network((2, 8, 8), layers)


@pytest.mark.parametrize(
    "arguments", [{"stride": 0}, {"dilation": 0}, {"stride": (1, 0)}, {"kernel": 0}, {"filters": 0}]
)
def test_numbers_that_are_not_positive_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ShapeError, match=r"at least [01]"):
        Conv2d(**{"filters": 1, "kernel": 3, **arguments})


def test_channels_that_do_not_match_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"expected kernels with 2 channels.*got 1 × 2 × 5 × 5, 4 × 3 × 3 × 3"):
        convolution.Conv2d().output_shape((1, 2, 5, 5), (4, 3, 3, 3))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"padding": "some"}, "'same', 'valid'"),
        ({"padding": (1, 2, 3)}, "one, two or four"),
        ({"activation": "softmax"}, "cell by cell"),
        ({"activation": "sin"}, "activation among"),
        ({"initialiser": "ones"}, "initialiser among"),
    ],
)
def test_words_that_mean_nothing_are_refused(arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        Conv2d(1, 3, **arguments)


@given(slidings())
@settings(max_examples=50)
def test_window_and_image_tell_the_same_story(case: Sliding) -> None:
    for axis in (case.geometry.rows, case.geometry.columns):
        seen = {(o, int(i), int(cell)) for o in range(axis.count) for i, cell in zip(*axis.taps(o), strict=True)}
        from_cells = {(int(o), int(i), c) for c in range(axis.size) for o, i in zip(*axis.outputs(c), strict=True)}
        from_taps = {(int(o), i, int(c)) for i in range(axis.window) for o, c in zip(*axis.track(i), strict=True)}
        assert seen == from_cells == from_taps
