"""Rows that are worked out when they are taken hold the very numbers that arrays would."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.dataset import Dataset, one_hot
from core.data.mapped import Spool, map_file, release
from core.data.normalising import By, measure
from core.data.progress import Cancelled, Progress
from core.data.rows import (
    JoinedRows,
    LazyRows,
    OneHotRows,
    OrderedRows,
    ScaledRows,
    ShapedRows,
    extremes,
    is_signed,
)
from core.experiment import Experiment
from core.layers import Dense
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment
from core.values import Array

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 4, 6), dtype=np.uint8)
GREY = PIXELS.astype(np.float32) / 255
LABELS = np.arange(30, dtype=np.intp) % 3
ORDER = np.random.default_rng(1).permutation(30)[:20]

ROWS: dict[str, tuple[LazyRows, Array]] = {
    "scaled": (ScaledRows(PIXELS, 255), GREY),
    "other byte order": (ScaledRows(GREY.astype(">f8"), 1, np.float64), GREY.astype(np.float64)),
    "one-hot": (OneHotRows(LABELS, 4), one_hot(LABELS, 4)),
    "shaped": (ShapedRows(ScaledRows(PIXELS, 255), (24,)), GREY.reshape(30, 24)),
    "shaped array": (ShapedRows(GREY, (2, 12)), GREY.reshape(30, 2, 12)),
    "joined": (JoinedRows([ScaledRows(PIXELS[:11], 255), ScaledRows(PIXELS[11:], 255)]), GREY),
    "ordered": (OrderedRows(ScaledRows(PIXELS, 255), ORDER), GREY[ORDER]),
}


@pytest.mark.parametrize(("rows", "array"), ROWS.values(), ids=ROWS)
def test_rows_hold_the_numbers_of_an_array(rows: LazyRows, array: Array) -> None:
    assert (rows.shape, rows.ndim, rows.dtype, len(rows)) == (array.shape, array.ndim, array.dtype, len(array))
    mask = np.arange(len(array)) % 3 == 1
    for chosen in (0, -1, slice(2, 9, 3), [5, 2, 5], np.array([-1, 0]), mask, np.empty(0, np.intp), slice(None)):
        taken = rows[chosen]
        np.testing.assert_array_equal(taken, array[chosen], strict=True)
    np.testing.assert_array_equal(np.asarray(rows), array, strict=True)
    np.testing.assert_array_equal(np.asarray(rows, np.float64), array.astype(np.float64), strict=True)
    assert extremes(rows) == (array.min(), array.max())
    assert is_signed(rows) == bool(array.min() < 0)
    rows[0][...] = 9
    np.testing.assert_array_equal(rows[0], array[0])
    with pytest.raises(IndexError, match="expected whole numbers of rows"):
        rows[0.5]
    for beyond in (len(array), -len(array) - 1, [0, len(array)]):
        with pytest.raises(IndexError, match=f"expected rows from 0 to {len(array) - 1}"):
            rows[beyond]


@given(st.lists(st.integers(-30, 29), max_size=20))
def test_any_rows_are_taken_in_their_order(chosen: list[int]) -> None:
    for rows, array in ROWS.values():
        if len(array) == 30:
            np.testing.assert_array_equal(rows[np.array(chosen, np.intp)], array[np.array(chosen, np.intp)])


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected labels from 0 to 1; got 0 to 2"):
        OneHotRows(LABELS, 2)
    with pytest.raises(ValueError, match=r"expected a shape of as many numbers as \(4, 6\); got \(23,\)"):
        ShapedRows(GREY, (23,))
    with pytest.raises(ValueError, match="expected parts of the same shape"):
        JoinedRows([GREY, GREY[:, 1:]])
    with pytest.raises(ValueError, match="expected to be allowed a copy"):
        np.asarray(ROWS["scaled"][0], copy=False)


def test_signs_are_found_below_views() -> None:
    signed = ScaledRows(GREY - np.float32(0.5))
    assert is_signed(signed)
    assert is_signed(ShapedRows(signed, (24,)))
    assert is_signed(JoinedRows([ScaledRows(GREY), signed]))
    assert not is_signed(JoinedRows([ScaledRows(GREY), ScaledRows(PIXELS)]))


def data(lazily: bool, **more: object) -> Dataset:
    inputs = ShapedRows(ScaledRows(PIXELS, 255), (24,)) if lazily else GREY.reshape(30, 24).copy()
    targets = OneHotRows(LABELS, 3) if lazily else one_hot(LABELS, 3)
    return Dataset("data", inputs, targets, LABELS.copy(), (4, 6), ("a", "b", "c"), **more)  # type: ignore[arg-type]


def experiment(dataset: Dataset) -> Experiment:
    network = Network((24,), (Dense(5, "relu"), Dense(3, "softmax")), (4, 6))
    options = Options(batch_size=4, shuffle=True, held_back=6)
    return network_experiment("own", network, dataset, options, loss="cross_entropy", rates=Rates(0.1))


def test_a_network_learns_the_very_same_from_files_and_from_arrays() -> None:
    runs = [experiment(data(lazily)).trace() for lazily in (True, False)]
    for iteration in (0, 7, 40):
        lazily, plainly = (run.array("w_1", iteration) for run in runs)
        assert lazily.tobytes() == plainly.tobytes()
        assert runs[0].array("loss", iteration) == runs[1].array("loss", iteration)


@pytest.mark.parametrize("lazily", [True, False])
def test_images_become_rows_and_rows_images(lazily: bool) -> None:
    rows = data(lazily)
    images = rows.reshaped((1, 4, 6))
    assert (images.sample_shape, images.row_image, images.picture_shape) == ((1, 4, 6), None, (1, 4, 6))
    np.testing.assert_array_equal(np.asarray(images.inputs)[:, 0], GREY)
    again = images.reshaped((24,))
    assert (again.row_image, again.sample_shape) == ((4, 6), (24,))
    assert rows.reshaped((24,)) is rows
    np.testing.assert_array_equal(again.thumbnails((3, 1)), GREY[[3, 1]])


@pytest.mark.parametrize("by", By)
def test_normalised_numbers_have_mean_0_and_deviation_1(by: By) -> None:
    plain = data(True, held_back=10)
    dataset = plain.normalised(by)
    trained = np.asarray(dataset.inputs, np.float64)[:20]
    axis = 0 if by is By.FEATURE else None
    np.testing.assert_allclose(trained.mean(axis=axis), 0, atol=1e-6)
    np.testing.assert_allclose(trained.std(axis=axis), 1, atol=1e-6)
    assert dataset.normalisation is not None
    np.testing.assert_array_equal(dataset.normalisation.apply(plain.inputs[25]), dataset.inputs[25])
    np.testing.assert_allclose(dataset.normalisation.undo(dataset.inputs[25]), plain.inputs[25], atol=1e-6)
    np.testing.assert_array_equal(dataset.thumbnails((25,)), plain.thumbnails((25,)))
    images = dataset.reshaped((1, 4, 6))
    np.testing.assert_array_equal(np.asarray(images.inputs).reshape(30, 24), np.asarray(dataset.inputs))
    assert images.normalisation is not None
    np.testing.assert_array_equal(images.normalisation.apply(plain.inputs[25].reshape(1, 4, 6)), images.inputs[25])
    assert is_signed(dataset.inputs)
    assert "Normalised" in dataset.reading[-1]


def test_a_feature_that_is_always_the_same_stays_finite() -> None:
    rows = np.ones((5, 2), np.float32)
    found = measure(rows, 5, By.FEATURE)
    assert found.apply(rows).tolist() == [[0, 0]] * 5


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"held_back": 30}, "expected from 0 to 29 samples held back; got 30"),
        ({"image_shape": (1, 5, 5)}, "expected an image of 24 numbers"),
        ({"column_names": ("a",)}, "expected 24 names of columns; got 1"),
        ({"sample_names": ("a",)}, "expected 30 names of samples; got 1"),
    ],
)
def test_what_is_said_of_samples_is_checked(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        data(True, **more)


def test_labels_and_kinds_are_told() -> None:
    assert data(True).label(4) == 1
    assert not data(True).regression
    heights = Dataset("heights", np.ones((2, 1)), np.ones((2, 1)))
    assert heights.label(0) is None
    assert heights.regression


@pytest.mark.parametrize("size", [0, 100, 3_000])
def test_what_is_spooled_is_an_array(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.mapped._IN_MEMORY", 1_000)
    spool, written = Spool(), bytes(range(256)) * 12
    for start in range(0, size, 50):
        spool.write(written[start : start + 50])
    array = spool.array(np.uint8, (size,))
    assert array.tobytes() == written[:size]
    assert not array.flags.writeable
    release(array)
    assert array.tobytes() == written[:size]


def test_a_mapped_file_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"abc")
    with (tmp_path / "short").open("rb") as file, pytest.raises(ValueError, match="shorter than its numbers"):
        map_file(file, np.uint8, (4,))


def told_after(cancel: Callable[[Progress], None]) -> bool:
    progress = Progress()
    progress.tell(1, 4, "Working")
    assert (progress.share, progress.what, progress.cancelled) == (0.25, "Working", False)
    cancel(progress)
    try:
        progress.tell(2, 4)
    except Cancelled:
        return False
    return True


def test_work_is_told_and_stopped() -> None:
    assert told_after(lambda _: None)
    assert not told_after(Progress.cancel)
    assert Progress().share is None


def test_a_file_that_is_made_shorter_while_it_is_open_ends_no_program(tmp_path: Path) -> None:
    path = tmp_path / "numbers"
    path.write_bytes(bytes(100_000))
    with path.open("rb") as file:
        rows = ScaledRows(map_file(file, np.uint8, (1000, 100)))
    assert rows[999].sum() == 0
    with path.open("r+b") as file:
        file.truncate(10)
    with pytest.raises(OSError, match=r"^A file of data that is open has been made shorter\. Open it again\.$"):
        rows[999]
