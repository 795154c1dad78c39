"""The experiments with kernels and products, their images, and what can be changed about them."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core.data.kernels import KERNELS
from core.data.pictures import PICTURES, picture
from core.experiment import Experiment
from core.ops.base import ShapeError
from core.options import OptionError, Options
from core.presets import open_preset
from core.presets.convolution import KernelSettings
from core.run.executor import Executor
from core.run.gradcheck import check_gradients
from core.values import Array
from resources import make_images


def feature_map(settings: KernelSettings) -> Array:
    experiment = settings.open(Options(dtype="float64"))
    return experiment.trace().array("net_1")[0, 0]


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_channels_of_numbers_from_0_to_1(name: str) -> None:
    pixels = picture(name)
    assert pixels.dtype == np.float32
    assert pixels.shape[0] == (3 if "colour" in PICTURES[name] else 1)
    assert f"{pixels.shape[1]} × {pixels.shape[2]}" in PICTURES[name]
    assert 0 <= pixels.min() < 0.2 < 0.8 < pixels.max() <= 1
    assert not pixels.flags.writeable


def test_an_unknown_picture_is_refused() -> None:
    with pytest.raises(KeyError, match="expected an image among heart"):
        picture("moon")


@pytest.mark.parametrize("name", make_images.IMAGES)
def test_the_shipped_pictures_are_those_that_the_script_draws(name: str) -> None:
    drawn = make_images.average_down(make_images.IMAGES[name]()).astype(float)
    shipped = np.round(255 * picture(name)).transpose(1, 2, 0).squeeze()
    assert np.abs(drawn - shipped).max() <= 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_named_kernel_slides_over_the_image(kernel: str) -> None:
    result = feature_map(KernelSettings("heart", kernel))
    padded = np.pad(picture("heart")[0].astype(float), 1)
    rows = np.array(KERNELS[kernel].weights)
    for y, x in product(range(16), range(16)):
        assert result[y, x] == pytest.approx((padded[y : y + 3, x : x + 3] * rows).sum())


def test_identity_leaves_the_image_and_blur_keeps_its_brightness() -> None:
    image = picture("shapes")[0]
    np.testing.assert_array_equal(feature_map(KernelSettings(kernel="identity")), image)
    assert sum(sum(row) for row in KERNELS["blur"].weights) == 1
    assert all(sum(sum(row) for row in KERNELS[name].weights) == 0 for name in ("sobel-x", "sobel-y", "laplacian"))


def test_a_colour_image_gives_the_mean_over_its_channels() -> None:
    result = feature_map(KernelSettings("marbles", "identity"))
    np.testing.assert_allclose(result, picture("marbles").mean(axis=0, dtype=float), rtol=1e-12)


def test_settings_change_the_experiment() -> None:
    experiment = open_preset("conv-kernel")
    settings = experiment.settings
    assert isinstance(settings, KernelSettings)
    assert not experiment.trainable
    changed = replace(settings, weights=((1.0, 2.0),), padding="valid", stride=(2, 3), dilation=(1, 4), image="heart")
    assert feature_map(changed).shape == (8, 4)
    own = np.full((1, 5, 5), 2.0)
    assert feature_map(replace(settings, own_image=own, kernel="blur", padding=0)).tolist() == [[2.0] * 3] * 3


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (KernelSettings(image="moon"), OptionError, "Expected an image among heart, shapes"),
        (KernelSettings(kernel="magic"), OptionError, "Expected a kernel among identity, blur"),
        (KernelSettings(weights=((1.0,), (1.0, 2.0))), OptionError, "rows of equal length"),
        (KernelSettings(own_image=np.ones((2, 5, 5))), OptionError, "1 or 3 channels and some pixels; got 2 × 5 × 5"),
        (KernelSettings(own_image=np.ones((1, 0, 5))), OptionError, "1 or 3 channels and some pixels; got 1 × 0 × 5"),
        (KernelSettings(own_image=np.full((1, 5, 5), np.inf)), OptionError, "finite numbers; got NaN"),
        (KernelSettings(weights=((1e308,),)), OptionError, "finite numbers up to 3.4e"),
        (KernelSettings(weights=()), OptionError, "rows of equal length"),
        (KernelSettings(weights=((float("nan"),),)), OptionError, "finite"),
        (KernelSettings("heart", padding=0, dilation=8), ShapeError, "a dilation of at most 7 × 7"),
        (KernelSettings(dilation=0), ShapeError, "dilation of at least 1"),
        (KernelSettings(stride=0), ShapeError, "stride of at least 1"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: KernelSettings, error: type[ValueError], message: str) -> None:
    with pytest.raises(error, match=message):
        settings.open(Options())


def test_one_number_comes_from_two_by_two_by_three() -> None:
    experiment = open_preset("rgb-kernel-2x2x3")
    trace = experiment.trace()
    x, kernel, result = (trace.array(key) for key in ("x", "w_1", "net_1"))
    assert (x.shape, kernel.shape, result.shape) == ((1, 3, 2, 2), (1, 3, 2, 2), (1, 1, 1, 1))
    assert float(result.item()) == float((x * kernel).sum())
    (step,) = experiment.program.steps
    assert len(step.op.terms((0, 0, 0, 0), x, kernel).contributions) == 12


def test_stacks_of_matrices_multiply_slice_by_slice_and_back() -> None:
    trace = open_preset("batched-product").trace()
    a, b, c, gradient = (trace.array(key) for key in ("a", "b", "c", "grad_c"))
    assert c[0, :, :2].tolist() == [[19, 22], [43, 50]]
    for i in range(3):
        np.testing.assert_allclose(c[i], a[i] @ b[i])
        np.testing.assert_allclose(trace.array("grad_a")[i], gradient[i] @ b[i].T)
        np.testing.assert_allclose(trace.array("grad_b")[i], a[i].T @ gradient[i])


def test_the_convolutional_network_learns_digits() -> None:
    experiment: Experiment = open_preset("conv-digits", batch_size=16)
    names = [layer.name for layer in experiment.program.layers]
    assert names == [
        "conv 8 @ 5 × 5, ReLU",
        "max pool 2 × 2",
        "conv 16 @ 5 × 5, ReLU",
        "max pool 2 × 2",
        "flatten",
        "dense 10, Softmax",
    ]
    shapes = [experiment.program.values[key].shape[1:] for key in ("x", "out_1", "pool_2", "out_3", "pool_4", "flat_5")]
    assert shapes == [(1, 28, 28), (8, 24, 24), (8, 12, 12), (16, 8, 8), (16, 4, 4), (256,)]
    trace = experiment.trace()
    losses = [float(trace.array("loss", iteration)) for iteration in range(40)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


@pytest.mark.parametrize("preset", ["conv-digits", "attention"])
def test_gradients_agree_with_central_differences_at_the_start(preset: str) -> None:
    experiment = open_preset(preset, batch_size=2, dtype="float64")
    checks = check_gradients(experiment.program, experiment.inputs(), cells=8)
    assert {check.key for check in checks} == set(experiment.parameters)
    assert max(check.error for check in checks) < 1e-5


@pytest.mark.parametrize("preset", ["conv-digits", "attention"])
def test_the_executor_trains_to_the_last_bit_as_the_trace(preset: str) -> None:
    experiment = open_preset(preset, batch_size=3)
    trace, executor = experiment.trace(), Executor(experiment.program, experiment.parameters)
    for iteration in range(4):
        assert executor.run(experiment.batch(iteration)) == float(trace.array("loss", iteration))
    for key, array in executor.state.items():
        assert array.tobytes() == trace.array(key, 4).tobytes()
