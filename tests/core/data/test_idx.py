"""IDX files are read as they are written; what is none, or does not fit, is refused in one sentence."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.data.idx import IdxError, find_pair, image_dataset, read_idx
from core.values import Array

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array: Array) -> bytes:
    """Write an array as the format says."""
    code = CODES[array.dtype.str[1:]]
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


def images(count: int = 3) -> Array:
    return np.arange(count * 6, dtype=np.uint8).reshape(count, 2, 3)


@given(
    st.sampled_from(sorted(CODES)).flatmap(
        lambda code: arrays.arrays(np.dtype(code), arrays.array_shapes(max_dims=4, max_side=4))
    ),
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_is_written_is_read(tmp_path: Path, array: Array, packed: bool) -> None:
    data = idx(array)
    (tmp_path / "a").write_bytes(gzip.compress(data) if packed else data)
    read = read_idx(tmp_path / "a")
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


@given(st.binary(max_size=64), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, packed: bool) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(data) if packed else data)
    told = ""
    try:
        read_idx(tmp_path / "a")
    except IdxError as error:
        told = str(error)
    assert not told or (told.startswith("a: expected ") and told.endswith(".") and "\n" not in told)


WHOLE = idx(images())
BAD = {
    "empty": (b"", "its first bytes are none"),
    "another format": (b"PK\x03\x04 and more", "expected an IDX file; its first bytes are 50 4b 03 04"),
    "no such type": (b"\0\0\x07\x01" + bytes(8), "expected an IDX file"),
    "no axis": (b"\0\0\x08\x00\x01", "expected an IDX file"),
    "no sizes": (WHOLE[:9], "expected 3 sizes; the file ends before"),
    "cut short": (WHOLE[:-1], "expected 18 bytes of numbers for (3, 2, 3); got 17"),
    "too long": (WHOLE + b"1", "expected 18 bytes of numbers for (3, 2, 3); got 19"),
    "too large": (b"\0\0\x08\x02" + b"\xff" * 8, "expected 18,446,744,065,119,617,025 bytes of numbers for"),
    "too many axes": (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"1", "expected at most 32 axes; got 255"),
    "gzip too long": (gzip.compress(WHOLE + b"1"), "expected 18 bytes of numbers for (3, 2, 3); got more"),
    "gzip of less": (gzip.compress(WHOLE[:-1]), "expected 18 bytes of numbers for (3, 2, 3); got 17"),
    "gzip of much less": (gzip.compress(b"\0\0\x08\x02" + b"\xff" * 8), "bytes of gzip cannot hold as many"),
    "gzip of too much": (
        gzip.compress(struct.pack(">4B2I", 0, 0, 8, 2, 2**16, 2**15)) + os.urandom(2**21 + 2**20),
        "expected at most 1,073,741,824 bytes of numbers in a compressed file; got 2,147,483,648. Unpack it first",
    ),
    "gzip cut short": (gzip.compress(WHOLE)[:-9], "expected a gzip file that is whole"),
    "gzip of nothing": (b"\x1f\x8b\x08 and no more", "expected a gzip file that is whole"),
    "gzip with a wrong sum": (gzip.compress(WHOLE)[:-8] + bytes(8), "expected a gzip file that is whole"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_what_is_none_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "data").write_bytes(data)
    with pytest.raises(IdxError) as refused:
        read_idx(tmp_path / "data")
    assert str(refused.value).startswith("data: ")
    assert words in str(refused.value)


def pair(folder: Path, pixels: Array, labels: Array) -> tuple[Path, Path]:
    paths = folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte"
    paths[0].write_bytes(gzip.compress(idx(pixels)))
    paths[1].write_bytes(idx(labels))
    return paths


@pytest.mark.parametrize("channels", [False, True])
def test_images_and_labels_become_a_data_set(tmp_path: Path, channels: bool) -> None:
    paths = pair(tmp_path, images(), np.array([2, 0, 9], np.uint8))
    assert find_pair(tmp_path) == paths
    dataset = image_dataset(*paths, "three", channels=channels)
    assert dataset.sample_shape == ((1, 2, 3) if channels else (6,))
    np.testing.assert_allclose(np.asarray(dataset.inputs).ravel(), np.arange(18) / 255, rtol=1e-6)
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [2, 0, 9]
    assert np.asarray(dataset.targets).argmax(axis=1).tolist() == [2, 0, 9]
    assert dataset.row_image == (2, 3)


LABELS = np.zeros(3, np.uint8)
UNFIT = {
    "images of another shape": (images()[0], LABELS, "expected images (n, height, width) of bytes; got uint8 of shape"),
    "images of other numbers": (images().astype(np.int32), LABELS, "of bytes; got int32 of shape (3, 2, 3)"),
    "no images": (images(0), LABELS, "got uint8 of shape (0, 2, 3)"),
    "labels of another shape": (images(), LABELS[None], "expected one byte for each label; got uint8 of shape (1, 3)"),
    "labels of other numbers": (images(), LABELS.astype("f4"), "expected one byte for each label; got float32"),
    "too few labels": (images(), LABELS[:2], "expected 3 labels, one for each image; got 2"),
    "an unknown class": (images(), np.array([0, 10, 1], np.uint8), "expected labels from 0 to 9; got 10"),
}


@pytest.mark.parametrize(("pixels", "labels", "words"), UNFIT.values(), ids=UNFIT)
def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path, pixels: Array, labels: Array, words: str) -> None:
    with pytest.raises(IdxError) as refused:
        image_dataset(*pair(tmp_path, pixels, labels), "unfit")
    assert words in str(refused.value)


def test_a_folder_without_them_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="expected train-images-idx3-ubyte and train-labels-idx1-ubyte, with"):
        find_pair(tmp_path, "train")
