from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from core.data import Dataset, one_hot
from core.data.digits import ATTRIBUTION, digits
from core.data.fixed import colours

# How often each digit occurs, from the description that UCI publishes with the test part.
COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_the_1797_of_uci() -> None:
    data = digits()
    assert data.inputs.shape == (1797, 64)
    assert data.labels is not None
    assert np.bincount(data.labels).tolist() == COUNTS
    assert data.labels[:20].tolist() == [*range(10), *range(10)]


def test_grey_levels_are_sixteenths() -> None:
    levels = digits().inputs * 16
    assert set(np.unique(levels)) == set(range(17))


def test_targets_are_one_hot() -> None:
    data = digits()
    np.testing.assert_array_equal(data.targets.sum(axis=1), 1)
    np.testing.assert_array_equal(data.targets.argmax(axis=1), data.labels)


def test_the_first_digit_looks_like_a_zero() -> None:
    image = digits().inputs[0].reshape(8, 8)
    assert image[3, 3:5].max() < image[3, 2] < 1
    assert image.sum() > 10


def test_enlarged_digits() -> None:
    large, wide = digits((28, 28)), digits((24, 32))
    assert large.inputs.shape == (1797, 784)
    assert (large.row_image, wide.row_image) == ((28, 28), (24, 32))
    images = wide.inputs.reshape(-1, 24, 32)
    assert images[..., :4].max() == images[..., -4:].max() == 0
    assert images[..., 4:28].max(axis=(1, 2)).min() > 0.5


def test_enlarged_digits_keep_their_order_and_look() -> None:
    small, large = digits(), digits((28, 28))
    np.testing.assert_array_equal(small.labels, large.labels)
    np.testing.assert_allclose(small.inputs.mean(axis=1), large.inputs.mean(axis=1), atol=0.03)


def test_digits_as_images_of_one_channel() -> None:
    images = digits((28, 28), channels=True)
    assert images.sample_shape == (1, 28, 28)
    np.testing.assert_array_equal(images.inputs.reshape(1797, -1), digits((28, 28)).inputs)


def test_the_attribution_is_shipped() -> None:
    shipped = (files("resources") / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for part in ("E. Alpaydin", "C. Kaynak", "10.24432/C50P49", "CC BY 4.0"):
        assert part in shipped
        assert part in ATTRIBUTION
    assert digits().attribution == ATTRIBUTION


def test_the_rebuilt_file_holds_what_is_shipped(tmp_path: Any) -> None:
    pytest.importorskip("sklearn")
    from resources.rebuild_digits import TARGET, rebuild

    rebuild(tmp_path / "digits.npz")
    with np.load(tmp_path / "digits.npz") as rebuilt, np.load(TARGET) as shipped:
        assert sorted(rebuilt.files) == sorted(shipped.files) == ["images", "labels"]
        for name in shipped.files:
            np.testing.assert_array_equal(rebuilt[name], shipped[name], strict=True)


def test_arrays_are_read_only() -> None:
    for data in (digits(), colours()):
        for array in (data.inputs, data.targets, data.labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0  # type: ignore[index]


def test_take_returns_the_chosen_samples_in_order() -> None:
    data = colours()
    batch = data.take((3, 0, 3))
    np.testing.assert_array_equal(batch["x"], data.inputs[[3, 0, 3]])
    np.testing.assert_array_equal(batch["y"], data.targets[[3, 0, 3]])


def test_colours_alternate() -> None:
    data = colours()
    assert data.class_names == ("warm", "cool")
    redder = data.inputs[:, 0] > data.inputs[:, 2]
    np.testing.assert_array_equal(redder, data.targets[:, 0] == 1)


def test_one_hot_refuses_an_unknown_label() -> None:
    with pytest.raises(ValueError, match="labels from 0 to 2; got 1 to 3"):
        one_hot(np.array([1, 3]), 3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"inputs": np.ones((0, 3))}, "at least one sample"),
        ({"targets": np.ones((3, 2))}, "2 rows of targets"),
        ({"labels": np.zeros(5, np.intp)}, "2 labels"),
        ({"class_names": ("one",)}, "2 class names"),
    ],
)
def test_sizes_that_do_not_fit_are_named(changed: dict[str, Any], message: str) -> None:
    fields: dict[str, Any] = {"name": "test", "inputs": np.ones((2, 3)), "targets": np.ones((2, 2))}
    with pytest.raises(ValueError, match=message):
        Dataset(**{**fields, **changed})
