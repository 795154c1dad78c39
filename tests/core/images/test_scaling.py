import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.scaling import fit, resize

SIDES = st.integers(1, 12)


@given(SIDES, SIDES, SIDES, SIDES)
def test_a_flat_image_stays_flat(height: int, width: int, new_height: int, new_width: int) -> None:
    image = np.full((2, height, width), 0.7)
    np.testing.assert_array_equal(resize(image, (new_height, new_width)), np.full((2, new_height, new_width), 0.7))


@given(SIDES, SIDES)
def test_the_same_size_changes_nothing(height: int, width: int) -> None:
    image = np.random.default_rng(0).uniform(size=(height, width))
    np.testing.assert_array_equal(resize(image, (height, width)), image)


@given(SIDES, SIDES, SIDES, SIDES)
def test_numbers_stay_within_the_range(height: int, width: int, new_height: int, new_width: int) -> None:
    image = np.random.default_rng(1).uniform(size=(height, width))
    resized = resize(image, (new_height, new_width))
    assert image.min() <= resized.min() <= resized.max() <= image.max()


def test_growing_interpolates_between_pixel_centres() -> None:
    np.testing.assert_allclose(resize(np.array([[0.0, 1.0]]), (1, 4)), [[0, 0.25, 0.75, 1]])


def test_halving_keeps_the_mean() -> None:
    image = np.random.default_rng(2).uniform(size=(8, 8))
    image = np.pad(image, 4)
    assert resize(image, (8, 8)).mean() == pytest.approx(image.mean())


def test_growing_equals_pytorch() -> None:
    torch = pytest.importorskip("torch")
    images = np.random.default_rng(3).uniform(size=(2, 3, 8, 5))
    expected = torch.nn.functional.interpolate(torch.from_numpy(images), size=(28, 11), mode="bilinear")
    np.testing.assert_allclose(resize(images, (28, 11)), expected.numpy(), atol=1e-12)


def test_the_dtype_is_kept() -> None:
    assert resize(np.zeros((4, 4), np.float32), (2, 2)).dtype == np.float32


def test_whole_numbers_are_rounded() -> None:
    assert resize(np.full((7, 5), 255, np.uint8), (3, 3)).tolist() == [[255] * 3] * 3
    assert resize(np.array([[0, 3]], np.uint8), (1, 1)).tolist() == [[2]]


def test_fit_centres_and_pads() -> None:
    np.testing.assert_array_equal(fit(np.ones((2, 2)), (2, 4)), [[0, 1, 1, 0], [0, 1, 1, 0]])
    np.testing.assert_array_equal(fit(np.ones((1, 2)), (4, 2)), [[0, 0], [1, 1], [0, 0], [0, 0]])


@pytest.mark.parametrize("size", [(0, 3), (3, -1), (3,), (2.5, 3)])
def test_an_impossible_size_is_named(size: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="height and a width of at least 1"):
        resize(np.ones((2, 2)), size)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        fit(np.ones((0, 2)), (4, 4))
