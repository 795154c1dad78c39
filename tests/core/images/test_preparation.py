"""The preparation: a digit comes out the same whatever light falls on it, and every number that enters is shown."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from core.data.digits import digits
from core.data.normalising import By
from core.images.photo import Photo, PhotoError
from core.images.preparation import prepare
from core.images.settings import PARAMETERS, Preparation
from core.images.stages import grey_of
from core.images.wanted import any_picture, wanted_of
from core.presets import PRESETS, open_preset
from core.values import Array
from tests.pictures import coloured, digit, paper

SIDE = 240
ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE] / SIDE
LIGHTS: dict[str, Array] = {
    "from the left": 0.25 + 0.75 * COLUMNS,
    "from a corner": 0.2 + 0.4 * ROWS + 0.4 * COLUMNS,
    "a lamp": 0.35 + 0.65 * np.exp(-((ROWS - 0.3) ** 2 + (COLUMNS - 0.6) ** 2) / 0.3),
    "a soft shadow": 1 - 0.6 / (1 + np.exp(-(COLUMNS + 0.3 * ROWS - 0.65) / 0.05)),
    "a shadow from above": 1 - 0.5 / (1 + np.exp((ROWS - 0.4) / 0.04)),
}
NEAR = 0.06
"""How far apart the inputs with and without a shadow may be, on average; an input is from 0 to 1."""


def photo(pixels: Array) -> Photo:
    return Photo(np.ascontiguousarray(pixels), "digit.png")


def prepared(pixels: Array, name: str = "mlp-784-800-10", settings: Preparation | None = None) -> Array:
    wanted = wanted_of(open_preset(name))
    assert wanted is not None
    return prepare(photo(pixels), wanted, settings or Preparation()).inputs


def aligned(one: Array, other: Array) -> float:
    """Return how far apart two images are, on average, where one may lie a pixel aside: centring rounds."""
    first, second = one.reshape(28, 28), other.reshape(28, 28)
    moved = [np.roll(second, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(first - image).mean()) for image in moved)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("number", range(10))
def test_a_shadow_changes_the_input_little(light: str, number: int) -> None:
    ink = digit(number, SIDE)
    assert aligned(prepared(paper(ink)), prepared(paper(ink, LIGHTS[light]))) < NEAR


@pytest.mark.parametrize("light", LIGHTS)
def test_without_evening_out_a_shadow_changes_much(light: str) -> None:
    """The check that the one above can fail."""
    ink = digit(8, SIDE)
    settings = Preparation(even_light=False)
    try:
        uneven = prepared(paper(ink, LIGHTS[light]), settings=settings)
    except PhotoError:  # the shadow drowns the ink
        return
    assert aligned(prepared(paper(ink)), uneven) > NEAR


@pytest.mark.parametrize("number", range(10))
def test_light_ink_on_dark_paper_gives_the_same(number: int) -> None:
    pixels = paper(digit(number, SIDE))
    assert aligned(prepared(pixels), prepared(255 - pixels)) < NEAR


@pytest.mark.parametrize("number", range(10))
def test_a_larger_sheet_with_dust_and_its_edge_gives_the_same(number: int) -> None:
    ink = digit(number, SIDE)
    sheet = np.full((500, 640), 0.92)
    sheet[90 : 90 + SIDE, 200 : 200 + SIDE] = 0.92 - 0.75 * ink
    for row, column in ((20, 30), (450, 600), (400, 90), (60, 500)):
        sheet[row : row + 5, column : column + 5] = 0.2
    sheet[:, :12] = 0.1  # the table beside the paper
    sheet += np.random.default_rng(0).normal(0, 0.01, sheet.shape)
    pixels = np.rint(255 * np.clip(sheet, 0, 1)).astype(np.uint8)
    assert aligned(prepared(paper(ink)), prepared(pixels)) < NEAR


def enlarged(factor: int) -> tuple[Array, Array]:
    """Return shipped digits at 28 × 28, placed as MNIST places them, and the same enlarged: light on black."""
    images = np.stack([prepared(paper(digit(number, SIDE))).reshape(28, 28) for number in range(10)])
    large = np.kron(images, np.ones((1, factor, factor)))
    return images, np.rint(255 * large).astype(np.uint8)


def test_a_prepared_digit_enlarged_tenfold_comes_back() -> None:
    images, large = enlarged(10)
    for image, pixels in zip(images, large, strict=True):
        assert np.abs(prepared(pixels).reshape(28, 28) - image).mean() < 0.06


def test_the_shipped_digits_enlarged_tenfold_come_back_to_their_8_by_8() -> None:
    dataset = digits()
    differences = []
    for sample in range(200):
        image = dataset.inputs[sample].reshape(8, 8)
        large = np.rint(255 * np.kron(image, np.ones((10, 10)))).astype(np.uint8)
        differences.append(np.abs(prepared(large, "digits").reshape(8, 8) - image).mean())
    assert np.mean(differences) < 0.17


@pytest.mark.parametrize("name", ["digits", "mlp-784-800-10", "mlp-768-800-10", "conv-digits", "conv-kernel"])
def test_the_last_stage_is_what_enters(name: str) -> None:
    wanted = wanted_of(open_preset(name))
    assert wanted is not None
    made = prepare(photo(paper(digit(5, SIDE))), wanted)
    entered = made.stages[-1].array
    assert made.inputs.dtype == np.float32
    np.testing.assert_array_equal(made.inputs.ravel(), entered.ravel())
    assert 0 <= entered.min() <= entered.max() <= 1
    assert made.inputs.shape == (wanted.sample_shape if name != "conv-kernel" else (1, SIDE, SIDE))
    for stage in made.stages:
        assert stage.title
        assert stage.sentence.endswith(".")
        assert not stage.array.flags.writeable
        assert set(stage.parameters) <= set(PARAMETERS)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_takes_an_image_or_says_that_it_takes_none(name: str) -> None:
    digits = {"digits", "mlp-784-800-10", "mlp-768-800-10", "conv-digits", "residual-digits", "vision-transformer"}
    images = digits | {"conv-kernel", "rgb-kernel-2x2x3"}
    assert (wanted_of(open_preset(name)) is not None) == (name in images)


def test_float64_runs_get_float64() -> None:
    wanted = wanted_of(open_preset("digits", dtype="float64"))
    assert wanted is not None
    assert prepare(photo(paper(digit(5))), wanted).inputs.dtype == np.float64


def test_equal_channels_are_that_grey_to_the_last_bit() -> None:
    grey = np.random.default_rng(0).uniform(size=(40, 50)).astype(np.float32)
    np.testing.assert_array_equal(grey_of(np.repeat(grey[..., None], 3, axis=2)), grey)


def test_luma_is_that_of_bt_601() -> None:
    primaries = np.eye(3, dtype=np.float32)[None]
    np.testing.assert_allclose(grey_of(primaries), [[0.299, 0.587, 0.114]], atol=1e-7)


EMPTY: dict[str, Callable[[np.random.Generator], Array]] = {
    "white": lambda chance: np.full((60, 60), 255.0),
    "black": lambda chance: np.zeros((60, 60)),
    "noise": lambda chance: 200 + chance.normal(0, 4, (200, 200)),
    "one pixel": lambda chance: np.full((1, 1), 7.0),
    "shadow": lambda chance: np.broadcast_to(np.linspace(60, 240, 300), (200, 300)),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_paper_without_ink_is_refused(kind: str) -> None:
    pixels = np.rint(EMPTY[kind](np.random.default_rng(0))).clip(0, 255).astype(np.uint8)
    with pytest.raises(PhotoError, match=r"^digit\.png (shows no digit|has no ink)[^\n]*\.$"):
        prepared(pixels)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 3), (3, 2000), (2500, 2400)])
def test_any_shape_is_prepared_or_refused(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    for name in ("digits", "mlp-784-800-10", "mlp-768-800-10"):
        with suppress(PhotoError):
            assert np.isfinite(prepared(pixels, name)).all()
    for settings in (Preparation(), Preparation(kind="picture", placing="fit"), Preparation(kind="picture")):
        made = prepare(photo(pixels), any_picture(), settings)
        assert max(made.inputs.shape) <= 512


def test_settings_change_what_they_say() -> None:
    pixels = paper(digit(5, SIDE))
    usual = prepared(pixels)
    for settings in (
        Preparation(paper="dark"),
        Preparation(threshold=0.3, softness=0.0),
        Preparation(softness=0.2),
        Preparation(style="uci"),
        Preparation(box=10),
        Preparation(kind="picture"),
        Preparation(kind="picture", invert=True),
    ):
        assert np.abs(prepared(pixels, settings=settings) - usual).max() > 0.1, settings


@pytest.mark.parametrize("placing", ["crop", "fit", "stretch"])
def test_a_picture_comes_to_the_size(placing: str) -> None:
    """Oracle: a red left half and a blue right half, each in the place where it must be."""
    pixels = np.zeros((40, 120, 3), np.uint8)
    pixels[:, :60, 0] = pixels[:, 60:, 2] = 255
    wanted = wanted_of(open_preset("rgb-kernel-2x2x3"))
    assert wanted is not None
    inputs = prepare(photo(pixels), wanted, Preparation(placing=placing)).inputs
    rows = slice(0, 1) if placing == "fit" else slice(0, 2)  # one row of paper is left below a fitted picture
    np.testing.assert_allclose(inputs[0, rows, 0], 1, atol=1e-6)
    np.testing.assert_allclose(inputs[2, rows, 1], 1, atol=1e-6)
    np.testing.assert_array_equal(inputs[1], 0)


def test_an_image_up_to_512_is_kept_as_it_is_and_a_larger_one_is_brought_down() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (512, 300)).astype(np.uint8)
    made = prepare(photo(pixels), any_picture())
    np.testing.assert_array_equal(made.inputs[0], (pixels / np.float32(255)).astype(np.float32))
    large = prepare(photo(coloured(1500)), any_picture())
    assert large.inputs.shape == (3, 512, 512)
    assert "Brought down to 512 × 512" in [stage.title for stage in large.stages]


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("preset", ["digits", "conv-digits"])
def test_an_image_for_data_that_were_normalised_is_normalised_as_they_were(preset: str, by: By) -> None:
    experiment = open_preset(preset)
    assert experiment.dataset is not None
    dataset = experiment.dataset.normalised(by)
    usual, wanted = wanted_of(experiment), wanted_of(replace(experiment, dataset=dataset))
    assert usual is not None
    assert wanted is not None
    assert dataset.normalisation is not None
    drawn = photo(paper(digit(3, SIDE)))
    before, after = prepare(drawn, usual), prepare(drawn, wanted)
    assert np.array_equal(after.inputs, dataset.normalisation.apply(before.inputs))
    assert np.array_equal(after.stages[-1].array.ravel(), after.inputs.ravel())
    assert "exactly these numbers enter" in before.stages[-1].sentence.lower()
    assert ["exactly these numbers enter" in stage.sentence.lower() for stage in after.stages[-2:]] == [False, True]
