"""IDX files, NumPy's arrays and archives: what is written is read, and what does not fit is told in one sentence."""

import gzip
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.data.idx import find_pair
from core.data.normalising import By
from tests.app.reading.written import idx, images, labels
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.offer import Channels, Kind, Layout, Target

Array = NDArray[Any]


def put(path: Path, array: Array) -> Path:
    """Write an array as an IDX file, as an archive or by itself, by the ending."""
    data = idx(array)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


PAIRS = {
    "MNIST's": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "packed": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "one packed": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte"),
    "with points": ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    "EMNIST's": ("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte"),
    "own names": ("digits_images.idx", "digits_labels.idx"),
}


@pytest.mark.parametrize("names", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("opened", ["folder", "images", "labels"])
def test_a_pair_is_found_by_any_of_its_names(tmp_path: Path, names: tuple[str, str], opened: str) -> None:
    pixels, numbers = images(12, 5, 7), labels(12, 3)
    paths = put(tmp_path / names[0], pixels), put(tmp_path / names[1], numbers)
    (tmp_path / "readme.txt").write_text("nothing")
    source = {"folder": tmp_path, "images": paths[0], "labels": paths[1]}[opened]
    offer = look_into(source)
    assert (offer.kind, offer.count, offer.shape, offer.dtype) == (Kind.IDX, 12, (5, 7), "uint8")
    assert offer.thumbnails is not None
    np.testing.assert_array_equal(offer.thumbnails, pixels.astype(np.float32) / 255)
    assert offer.thumbnail_labels[:4] == ("0", "1", "2", "0")
    dataset = offer.open()
    np.testing.assert_array_equal(np.asarray(dataset.inputs), pixels.reshape(12, -1).astype(np.float32) / 255)
    np.testing.assert_array_equal(np.asarray(dataset.targets), np.eye(3, dtype=np.float32)[numbers])
    assert (dataset.row_image, dataset.class_names, dataset.held_back) == ((5, 7), ("0", "1", "2"), 0)
    assert dataset.source == str(source)


def test_the_test_pair_of_a_folder_comes_last_and_is_held_back(tmp_path: Path) -> None:
    parts = images(9, 4, 4), images(5, 4, 4, seed=1)
    for name, pixels in zip(("train", "t10k"), parts, strict=True):
        put(tmp_path / f"{name}-images-idx3-ubyte.gz", pixels)
        put(tmp_path / f"{name}-labels-idx1-ubyte.gz", labels(len(pixels), 4))
    dataset = open_data(tmp_path)
    assert (len(dataset), dataset.held_back) == (14, 5)
    np.testing.assert_array_equal(np.rint(dataset.thumbnails(range(14)) * 255), np.concatenate(parts))
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [*labels(9, 4).tolist(), *labels(5, 4).tolist()]
    assert "The last 5 samples are the test part: they are held back from training." in dataset.reading
    drawn = open_data(tmp_path, held_back=0.25)
    assert drawn.held_back == 4
    assert sorted(row.tobytes() for row in np.asarray(drawn.inputs)) == sorted(
        row.tobytes() for row in np.asarray(dataset.inputs)
    )
    only = open_data(tmp_path / "train-images-idx3-ubyte.gz")
    assert (len(only), only.held_back) == (9, 0)


def test_one_of_several_pairs_is_chosen(tmp_path: Path) -> None:
    for name, count in (("letters", 8), ("digits", 6)):
        put(tmp_path / f"emnist-{name}-train-images-idx3-ubyte", images(count, 4, 4))
        put(tmp_path / f"emnist-{name}-train-labels-idx1-ubyte", labels(count, 2))
    offer = look_into(tmp_path)
    question = offer.question("inputs")
    assert question is not None
    assert [option.value for option in question.options] == ["emnist-digits", "emnist-letters"]
    assert {len(offer.changed(inputs=option.value).open()) for option in question.options} == {8, 6}


LABELS: dict[str, tuple[Array, tuple[str, ...] | None]] = {
    "from 1": (np.array([1, 3, 2, 1], np.uint8), ("1", "2", "3")),
    "16 bit": (np.array([0, 1, 300, 1], np.int16), ("0", "1", "300")),
    "32 bit": (np.array([0, 2, 1, 2], np.int32), ("0", "1", "2")),
    "negative": (np.array([-1, 1, -1, 1], np.int8), ("-1", "1")),
    "one missing": (np.array([0, 2, 3, 2], np.uint8), ("0", "1", "2", "3")),
    "whole floats": (np.array([0, 1, 1, 0], np.float32), ("0", "1")),
    "floats": (np.array([0.5, 1, 1, 0], np.float64), None),
    "rows of floats": (np.arange(8, dtype=np.float32).reshape(4, 2) / 3, None),
    "one-hot": (np.eye(3, dtype=np.uint8)[[2, 0, 1, 0]].astype(np.float32), ("0", "1", "2")),
    "columns": (np.array([[1, 5], [0, 6], [1, 7], [0, 8]], np.int32), ("0", "1")),
}


@pytest.mark.parametrize(("numbers", "names"), LABELS.values(), ids=LABELS)
def test_labels_of_any_width_are_read(tmp_path: Path, numbers: Array, names: tuple[str, ...] | None) -> None:
    put(tmp_path / "a-images-idx3", images(4, 3, 3))
    put(tmp_path / "a-labels-idx", numbers)
    dataset = open_data(tmp_path)
    assert dataset.class_names == names
    if names is None:
        np.testing.assert_array_equal(np.asarray(dataset.targets), numbers.reshape(4, -1))
    elif numbers.ndim == 1:
        assert dataset.labels is not None
        assert [int(names[label]) for label in dataset.labels] == numbers.tolist()


@pytest.mark.parametrize("code", ["i1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("shape", [(6,), (3, 3), (3, 3, 3), (2, 3, 3, 3)])
def test_samples_of_any_type_and_shape_are_read(tmp_path: Path, code: str, shape: tuple[int, ...]) -> None:
    numbers = (images(4, *shape).astype(np.int16) - 128).astype(code)
    put(tmp_path / "a-data.idx", numbers)
    put(tmp_path / "a-labels.idx", labels(4, 2))
    dataset = open_data(tmp_path, layout=Layout.ROW, channels=Channels.FIRST)
    np.testing.assert_array_equal(np.asarray(dataset.inputs), numbers.reshape(4, -1))


def test_channels_come_last_or_first(tmp_path: Path) -> None:
    pixels = images(6, 5, 7, 3)
    np.savez(tmp_path / "last.npz", x=pixels, y=labels(6, 2))
    np.savez(tmp_path / "first.npz", x=pixels.transpose(0, 3, 1, 2), y=labels(6, 2))
    for name in ("last", "first"):
        dataset = open_data(tmp_path / f"{name}.npz")
        assert dataset.sample_shape == (3, 5, 7)
        np.testing.assert_array_equal(np.rint(dataset.thumbnails(range(6)) * 255), pixels)


NAMES = {
    "x, y": ("x", "y"),
    "images, labels": ("images", "labels"),
    "data, target": ("data", "target"),
    "arr_0, arr_1": ("arr_0", "arr_1"),
    "X, Y": ("X", "Y"),
    "features, classes": ("features", "classes"),
    "unknown": ("measured", "found"),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed], ids=["plain", "packed"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_archives_are_read_by_the_names_in_them(tmp_path: Path, names: tuple[str, str], save: Any, order: str) -> None:
    x, y = np.asarray(np.random.default_rng(0).normal(size=(10, 4)), order=order), labels(10, 2)  # type: ignore[call-overload]
    save(tmp_path / "a.npz", **{names[0]: x, names[1]: y, "about": np.array("words"), "empty": np.empty((10, 0))})
    dataset = open_data(tmp_path / "a.npz")
    np.testing.assert_array_equal(np.asarray(dataset.inputs), x)
    assert dataset.labels is not None
    assert dataset.labels.tolist() == y.tolist()


def test_an_archive_with_parts_holds_the_test_part_back(tmp_path: Path) -> None:
    parts = {"x_train": images(8, 4, 4), "y_train": labels(8), "x_test": images(3, 4, 4), "y_test": labels(3)}
    np.savez(tmp_path / "a.npz", **parts)
    dataset = open_data(tmp_path / "a.npz")
    assert (len(dataset), dataset.held_back, dataset.sample_shape) == (11, 3, (16,))


def test_which_arrays_are_taken_is_chosen(tmp_path: Path) -> None:
    values = np.arange(12.0).reshape(6, 2)
    np.savez(tmp_path / "a.npz", u=values, v=-values, first=labels(6, 2), second=labels(6, 3))
    offer = look_into(tmp_path / "a.npz")
    assert "Choose the label" in offer.missing
    question = offer.question("label")
    assert question is not None
    assert question.needed
    with pytest.raises(DataError, match="Choose the label"):
        offer.open()
    dataset = offer.changed(inputs="v", label="second").open()
    np.testing.assert_array_equal(np.asarray(dataset.inputs), -values)
    assert dataset.class_names == ("0", "1", "2")
    regression = offer.changed(inputs="u", label="v").open()
    assert regression.regression
    np.testing.assert_array_equal(np.asarray(regression.targets), -values)


def test_names_that_there_are_not_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones((6, 2)), first=labels(6, 2), second=labels(6, 3))
    with pytest.raises(DataError, match=r"^a\.npz: expected a name among first, second; got 'third'\.$"):
        open_data(tmp_path / "a.npz", label="third")
    with pytest.raises(DataError, match=r"^a\.npz: expected a name among x, first, second; got 'u'\.$"):
        open_data(tmp_path / "a.npz", inputs="u", label="first")
    np.save(tmp_path / "alone.npy", np.ones((7, 2)))
    with pytest.raises(DataError, match=r"^alone\.npy: expected no name: there is nothing to choose; got 'y'\.$"):
        open_data(tmp_path / "alone.npy", label="y")


def test_texts_are_classes(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones((4, 2)), y=np.array(["oak", "ash", "oak", "elm"]), b=np.array([b"x"] * 4))
    dataset = open_data(tmp_path / "a.npz", label="y")
    assert dataset.class_names == ("ash", "elm", "oak")
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [2, 0, 2, 1]


def test_an_array_alone_asks_for_its_labels(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    told = (
        "x.npy: expected an array of 6 labels in a file beside it, such as x_labels.npy; there is none. Put it there, "
        "or let every sample ask for itself."
    )
    assert look_into(tmp_path / "x.npy").missing == told
    itself = open_data(tmp_path / "x.npy", target=Target.ITSELF)
    np.testing.assert_array_equal(itself.take((2, 4))["y"], x[[2, 4]])
    np.save(tmp_path / "other.npy", np.ones(5))
    assert look_into(tmp_path / "x.npy").missing == told
    np.save(tmp_path / "y.npy", labels(6, 2))
    assert open_data(tmp_path / "x.npy").class_names == ("0", "1")
    np.save(tmp_path / "x_labels.npy", labels(6, 3))
    assert open_data(tmp_path / "x.npy").class_names == ("0", "1", "2")
    assert open_data(tmp_path / "x.npy", label="y.npy").class_names == ("0", "1")


def test_rows_of_square_bytes_are_images(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=images(4, 64), y=labels(4, 2), wide=np.ones((4, 100)))
    dataset = open_data(tmp_path / "a.npz", label="y")
    assert dataset.row_image == (8, 8)
    floats = open_data(tmp_path / "a.npz", inputs="wide", label="y")
    assert floats.picture_shape is None
    assert open_data(tmp_path / "a.npz", inputs="wide", label="y", layout=Layout.IMAGE).sample_shape == (1, 10, 10)


def test_numbers_are_divided_and_normalised_as_chosen(tmp_path: Path) -> None:
    pixels = images(20, 4, 4)
    np.savez(tmp_path / "a.npz", x=pixels, y=labels(20, 2))
    assert np.asarray(open_data(tmp_path / "a.npz", scale=1.0).inputs).max() == pixels.max()
    dataset = open_data(tmp_path / "a.npz", scale=16.0, normalise=By.WHOLE, held_back=0.1)
    assert abs(np.asarray(dataset.inputs)[:18].mean()) < 1e-6
    assert dataset.white == 255 / 16
    shown = np.rint(dataset.thumbnails(range(20)) * 255)
    assert sorted(image.tolist() for image in shown) == sorted(image.tolist() for image in pixels)
    told = " ".join(dataset.reading)
    for words in ("Numbers divided by 16", "2 of 20 samples were drawn at random", "Normalised: mean 0"):
        assert words in told


def bad_npz(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def npy(described: str, shape: str, data: bytes = b"", version: int = 1) -> bytes:
    text = f"{{'descr': {described}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


BAD_NPY = {
    "pickled": (npy("'|O'", "(3,)", b"pickle"), "it holds pickled objects, which could run any code: refused."),
    "cut": (npy("'<f4'", "(3,)", bytes(11)), "expected 12 bytes of numbers for (3,); got 11."),
    "too long": (npy("'<f4'", "(3,)", bytes(13)), "expected 12 bytes of numbers for (3,); got 13."),
    "huge": (npy("'<f4'", "(1000000, 1000000, 1000000)"), "expected 4,000,000,000,000,000,000 bytes"),
    "no numbers": (npy("'<f4'", "()", bytes(4)), "expected an array of numbers, one sample a row"),
    "no samples": (npy("'<f4'", "(0, 4)"), "expected at least one sample of one number; got shape (0, 4)."),
    "negative": (npy("'<f4'", "(-3,)"), "expected a shape of whole numbers; got (-3,)."),
    "not whole": (npy("'<f4'", "(3.0,)"), "expected a shape of whole numbers"),
    "axes": (npy("'<f4'", str((1,) * 40)), "expected a shape of whole numbers"),
    "fields": (npy("[('a', '<f4')]", "(3,)", bytes(12)), "expected one type of numbers; it has fields"),
    "list": (npy("'<f4,<f4'", "(3,)", bytes(24)), "expected a type of numbers; got '<f4,<f4'."),
    "inner shape": (npy("'(2,)<f4'", "(3,)", bytes(24)), "expected a type of numbers"),
    "variable texts": (npy("'T'", "(3,)", bytes(48)), "expected a type of numbers; got 'T'."),
    "empty texts": (npy("'<U0'", "(3,)"), "expected a type of numbers; got '<U0'."),
    "no such type": (npy("'<q9'", "(3,)", bytes(27)), "expected a type of numbers"),
    "complex": (npy("'<c16'", "(3,)", bytes(48)), "expected an array of numbers, one sample a row; got complex128"),
    "times": (npy("'<M8'", "(3,)", bytes(24)), "expected a type of numbers"),
    "code": (npy("__import__('os').abort()", "(3,)"), "expected a header that describes an array; it does not."),
    "nested": (npy("(" * 3000 + ")" * 3000, "(3,)"), "expected a header that describes an array; it does not."),
    "minus": (npy("-" * 9000 + "1", "(3,)"), "expected a header that describes an array; it does not."),
    "no header": (b"\x93NUMPY\x01\x00\xff\x00", "expected a header of 255 bytes; the file ends before."),
    "long header": (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "expected a header of at most 10,000 bytes; it says"),
    "version": (b"\x93NUMPY\x09\x00\x00\x00", "expected a NumPy array; its first bytes are"),
    "NaN": (npy("'<f4'", "(2, 1)", struct.pack("<2f", 1, float("nan"))), "sample 1 has nan."),
    "infinity": (npy("'<f8'", "(2, 1)", struct.pack("<2d", float("-inf"), 1)), "sample 0 has -inf."),
    "too large": (npy("'<f8'", "(2,)", struct.pack("<2d", 1, 1e200)), "that float32 can hold; sample 1 has 1e+200."),
}


@pytest.mark.parametrize(("data", "words"), BAD_NPY.values(), ids=BAD_NPY)
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_array_is_refused_alone_and_in_an_archive(tmp_path: Path, data: bytes, words: str, packed: bool) -> None:
    path = tmp_path / "bad.npy"
    path.write_bytes(data)
    if packed:
        path = bad_npz(tmp_path / "bad.npz", **{"x.npy": data})
    with pytest.raises(DataError) as refused:
        open_data(path, target=Target.ITSELF)
    told = str(refused.value)
    assert told.startswith(path.name)
    assert words in told or (packed and words.startswith(("expected an array of num", "expected at least one sample")))
    assert told.endswith(".")
    assert "\n" not in told


WHOLE = npy("'<f4'", "(3,)", bytes(12))
BAD_NPZ: dict[str, tuple[bytes | dict[str, bytes], str]] = {
    "no archive": (b"PK\x03\x04 and no more", "its list of entries is missing."),
    "nothing in it": (b"PK\x05\x06" + bytes(18), "expected arrays (.npy) in the archive; got none."),
    "other files": ({"xl/workbook.xml": b"<x/>"}, "expected arrays (.npy) in the archive; got xl/workbook.xml."),
    "outside": ({"../../x.npy": WHOLE}, "'../../x.npy', which leads out of the archive."),
    "from the root": ({"/x.npy": WHOLE}, "'/x.npy', which leads out of the archive."),
    "a drive": ({"C:\\x.npy": WHOLE}, "which leads out of the archive."),
    "many entries": (
        b"PK\x05\x06" + bytes(8) + struct.pack("<I", 2**30) + bytes(6),
        "expected a list of entries of at most 1 MiB; it says 1,073,741,824 bytes.",
    ),
    "only words": ({"x.npy": npy("'<U3'", "(3,)", bytes(36))}, "expected an array of numbers; got x."),
}


@pytest.mark.parametrize(("content", "words"), BAD_NPZ.values(), ids=BAD_NPZ)
def test_a_bad_archive_is_refused(tmp_path: Path, content: bytes | dict[str, bytes], words: str) -> None:
    path = tmp_path / "bad.npz"
    if isinstance(content, bytes):
        path.write_bytes(b"PK" + content[2:])
    else:
        bad_npz(path, **content)
    with pytest.raises(DataError) as refused:
        open_data(path, target=Target.ITSELF)
    assert str(refused.value).startswith("bad.npz: ")
    assert words in str(refused.value)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", x=np.random.default_rng(0).normal(size=(50, 4)), y=labels(50, 2))
        data = bytearray((tmp_path / "a.npz").read_bytes())
        data[300] ^= 255
        (tmp_path / "a.npz").write_bytes(data)
        with pytest.raises(DataError, match=r"^a\.npz: expected a NumPy archive that is whole; "):
            open_data(tmp_path / "a.npz", target=Target.ITSELF)
    with zipfile.ZipFile(tmp_path / "b.npz", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.npy", WHOLE)
    with pytest.raises(DataError, match=r"^b\.npz: expected arrays as numpy\.savez writes them"):
        open_data(tmp_path / "b.npz")


def test_pickled_arrays_are_named_and_others_taken(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones((4, 2)), y=labels(4, 2), names=np.array([{}, "b"], object))
    offer = look_into(tmp_path / "a.npz")
    assert offer.notes == (
        "a.npz: names: expected numbers; it holds pickled objects, which could run any code: refused.",
    )
    assert len(offer.open()) == 4


UNFIT: dict[str, tuple[Array, Array, str]] = {
    "too few labels": (images(4, 3, 3), labels(3), "expected 4 labels, one for each sample; got 3."),
    "labels of three axes": (images(4, 3, 3), images(4, 2, 2), "expected one label, or one row of targets"),
    "one class": (images(4, 3, 3), np.zeros(4, np.uint8), "expected at least two classes; every sample has '0'."),
    "NaN as label": (
        images(4, 3, 3),
        np.array([0, 1, np.nan, 1]),
        "expected finite numbers as targets; sample 2 has nan.",
    ),
    "no images": (images(0, 3, 3), labels(0), "expected at least one sample of one number; got shape (0, 3, 3)."),
    "no pixels": (images(4, 0, 3), labels(4), "expected at least one sample of one number; got shape (4, 0, 3)."),
}


@pytest.mark.parametrize(("pixels", "numbers", "words"), UNFIT.values(), ids=UNFIT)
def test_pairs_that_do_not_fit_are_refused(tmp_path: Path, pixels: Array, numbers: Array, words: str) -> None:
    path = put(tmp_path / "a-images-idx3-ubyte", pixels)
    put(tmp_path / "a-labels-idx1-ubyte", numbers)
    with pytest.raises(DataError) as refused:
        open_data(path)
    assert words in str(refused.value)
    with pytest.raises(DataError) as refused:
        open_data(tmp_path)
    assert str(refused.value).startswith("a-")


def test_too_many_classes_are_refused_and_can_be_numbers(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones((2000, 2)), y=np.arange(2000) * 7)
    assert open_data(tmp_path / "a.npz").regression
    with pytest.raises(DataError, match=r"expected at most 1,000 classes; got 2,000\. Take them as numbers"):
        open_data(tmp_path / "a.npz", target=Target.CLASSES)


def test_real_mnist_files_open() -> None:
    folder = Path(os.environ.get("NETSTEP_MNIST", "/nowhere"))
    if not folder.is_dir():
        pytest.skip("NETSTEP_MNIST names no folder with the files of MNIST")
    dataset = open_data(find_pair(folder)[0])
    assert dataset.labels is not None
    assert np.bincount(dataset.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (len(dataset), dataset.sample_shape, dataset.row_image) == (10_000, (784,), (28, 28))
    assert open_data(folder).class_names == tuple("0123456789")


def test_why_an_array_is_missing_is_told(tmp_path: Path) -> None:
    """The samples are refused, so that the labels are left alone: the refusal is told, too."""
    path = tmp_path / "a.npz"
    np.savez(path, x=np.array([{}, 1], dtype=object), y=np.arange(2))
    with pytest.raises(DataError, match="x: expected numbers; it holds pickled objects, which could run any code"):
        open_data(path)


def test_a_file_that_is_called_idx_is_told_of_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(b"\x01\x02\x03\x04" + bytes(100))
    with pytest.raises(DataError, match="expected an IDX file; its first bytes are 01 02 03 04"):
        look_into(path)
