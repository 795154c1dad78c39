"""Folders of images by class: one size for all, broken ones named, links and pipes no trap."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.data.progress import Cancelled, Progress
from tests.app.reading.written import images
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.offer import Fit, Layout, Target


def save(path: Path, pixels: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def folder(root: Path, *classes: str, count: int = 3, shape: tuple[int, ...] = (8, 8)) -> dict[str, NDArray[np.uint8]]:
    """Write images by class and return them by their names."""
    written = {}
    for number, name in enumerate(classes):
        for place, pixels in enumerate(images(count, *shape, seed=number)):
            save(root / name / f"{place}.png", pixels)
            written[f"{name}/{place}.png"] = pixels
    return written


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3), (5, 9, 3)])
def test_images_by_class_are_read_exactly(tmp_path: Path, shape: tuple[int, ...]) -> None:
    written = folder(tmp_path, "cat", "dog", "2", "10", shape=shape)
    offer = look_into(tmp_path)
    assert offer.class_names == ("2", "10", "cat", "dog")
    assert offer.count == 12
    assert offer.thumbnails is not None
    assert offer.thumbnails.shape == (12, *shape)
    dataset = offer.open()
    assert dataset.sample_shape == ((3, *shape[:2]) if len(shape) == 3 else (64,))
    assert dataset.sample_names == [f"{name}/{n}.png" for name in offer.class_names for n in range(3)]
    for sample, name in enumerate(dataset.sample_names):
        np.testing.assert_array_equal(np.rint(dataset.thumbnail(sample) * 255), written[name])
        assert offer.class_names[dataset.label(sample) or 0] == name.split("/")[0]


def test_images_of_other_sizes_are_brought_to_one(tmp_path: Path) -> None:
    white = np.full((20, 40, 3), 255, np.uint8)
    save(tmp_path / "a" / "wide.png", white)
    save(tmp_path / "b" / "tall.png", white.transpose(1, 0, 2))
    offer = look_into(tmp_path).changed(size=(10, 10), colour=False)
    assert "The images have different sizes: all are brought to one." in offer.notes
    assert offer.open().sample_shape == (100,)
    fitted = offer.changed(fit=Fit.FIT).open().thumbnails((0, 1))
    assert fitted[0].sum(axis=1).tolist() == [0, 0, *[10] * 5, 0, 0, 0]
    assert fitted[1].sum(axis=0).tolist() == [0, 0, *[10] * 5, 0, 0, 0]
    for fit in (Fit.CROP, Fit.STRETCH):
        assert offer.changed(fit=fit).open().thumbnails((0, 1)).min() == 1
    coloured = offer.changed(colour=True, layout=Layout.ROW).open()
    assert coloured.sample_shape == (300,)
    assert coloured.picture_shape == (3, 10, 10)


def test_parts_to_train_and_to_test_are_found(tmp_path: Path) -> None:
    folder(tmp_path / "test", "a", "b", count=2)
    folder(tmp_path / "train", "a", "b", count=3)
    dataset = open_data(tmp_path)
    assert dataset.class_names == ("a", "b")
    assert (len(dataset), dataset.held_back) == (10, 4)
    assert dataset.sample_names is not None
    assert [name.split("/")[0] for name in dataset.sample_names] == ["train"] * 6 + ["test"] * 4


def test_two_classes_may_be_called_like_parts(tmp_path: Path) -> None:
    folder(tmp_path, "test", "other")
    assert open_data(tmp_path).class_names == ("other", "test")


def test_images_without_classes_can_ask_for_themselves(tmp_path: Path) -> None:
    for number, pixels in enumerate(images(4, 8, 8)):
        save(tmp_path / f"{number}.png", pixels)
    offer = look_into(tmp_path)
    assert offer.missing.startswith(tmp_path.name)
    assert "its 4 images are in none: put the images of each class into a subfolder of its own." in offer.missing
    question = offer.question("target")
    assert question is not None
    assert question.needed
    assert [option.value for option in question.options] == [Target.ITSELF]
    dataset = offer.changed(target=Target.ITSELF).open()
    np.testing.assert_array_equal(dataset.take((1,))["x"], dataset.take((1,))["y"])
    with pytest.raises(DataError, match="its 4 images are in none"):
        open_data(tmp_path)


BROKEN = {
    "empty": (b"", "empty"),
    "rubbish": (b"rubbish", "is no image"),
    "cut": (None, ""),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_image_is_named_or_left_out(tmp_path: Path, data: bytes | None, words: str) -> None:
    folder(tmp_path, "a", "b")
    whole = (tmp_path / "a" / "0.png").read_bytes()
    (tmp_path / "b" / "x.png").write_bytes(whole[: len(whole) // 2] if data is None else data)
    with pytest.raises(DataError) as refused:
        open_data(tmp_path)
    assert str(refused.value).startswith(os.path.join("b", "x.png "))
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")
    offer = look_into(tmp_path)
    assert any(note.startswith(os.path.join("b", "x.png ")) for note in offer.notes)
    dataset = offer.changed(leave_broken_out=True).open()
    assert len(dataset) == 6
    assert any("1 image left out: " in told and "x.png" in told for told in dataset.reading)


def test_one_class_or_none_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError) as refused:
        look_into(empty)
    assert str(refused.value) == (
        "empty: expected a pair of IDX files, or a subfolder of images for each class; there is neither."
    )
    folder(tmp_path / "one", "cats")
    (tmp_path / "one" / "nothing").mkdir()
    told = "one: expected a subfolder of images for each of two classes or more; there is one, cats."
    assert look_into(tmp_path / "one").missing == told
    with pytest.raises(DataError) as refused:
        open_data(tmp_path / "one")
    assert str(refused.value) == told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes of a name")
def test_links_in_a_circle_pipes_and_other_files_are_left_out(tmp_path: Path) -> None:
    folder(tmp_path, "a", "b")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "c").symlink_to(tmp_path / "b")
    os.mkfifo(tmp_path / "a" / "pipe.png")
    (tmp_path / "a" / "notes.txt").write_text("notes")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "empty").mkdir()
    offer = look_into(tmp_path)
    assert offer.count == 6
    told = " ".join(offer.notes)
    for words in ("pipe.png", "self", "notes.txt", "Links to folders that are known already", "back", "empty"):
        assert words in told
    assert len(offer.open()) == 6


def test_reading_a_folder_is_cancelled(tmp_path: Path) -> None:
    folder(tmp_path, "a", "b", count=40)
    progress = Progress()
    offer = look_into(tmp_path)
    told: list[str] = []

    def work() -> None:
        try:
            offer.open(progress=progress)
        except Cancelled:
            told.append("cancelled")

    progress.cancel()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert told == ["cancelled"]


def test_too_many_bytes_are_refused_before_a_pixel_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, "a", "b")
    monkeypatch.setattr("viz_app.reading.images.folder._LARGEST", 100)
    with pytest.raises(DataError, match=r"at 8 × 8 pixels they take 384\. Choose a smaller size\.$"):
        open_data(tmp_path)
    with pytest.raises(DataError, match=r"^Expected a height and a width from 1 to 512 pixels; got \(0, 5\)\.$"):
        open_data(tmp_path, size=(0, 5))
