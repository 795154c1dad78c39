"""Data sets by name: downloaded whole and checked, or not at all."""

import gzip
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.idx import read_idx
from core.data.progress import Cancelled, Progress
from tests.app.reading.server import Server, serving
from tests.app.reading.written import idx, images, labels
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.named import data_sets as table
from viz_app.reading.named.data_sets import NAMED, File, Named, folder_of, named
from viz_app.reading.named.downloads import check_file, fetch, found_file
from viz_app.reading.named.reader import NamedReader
from viz_app.reading.offer import Choices

PARTS = (images(40, 28, 28), labels(40), images(20, 28, 28, seed=1), labels(20))
FILES = {file.name: gzip.compress(idx(array)) for file, array in zip(NAMED["mnist"].files, PARTS, strict=True)}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(FILES) as running:
        yield running


def small(server: Server, *ways: str) -> Named:
    """Return MNIST with few images, from mirrors that behave in these ways."""
    sizes = [array.shape for array in PARTS]
    files = tuple(
        File(name, hashlib.md5(data).hexdigest(), len(data), shape)
        for (name, data), shape in zip(FILES.items(), sizes, strict=True)
    )
    return replace(NAMED["mnist"], mirrors=tuple(server.address(way) for way in ways), files=files)


def in_folder(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("way", ["good", "moved", "slow", "chunked"])
def test_what_comes_whole_becomes_data(server: Server, tmp_path: Path, way: str) -> None:
    reader = NamedReader(small(server, way), tmp_path / "new" / "mnist")
    offer = reader.look(Choices(), Progress())
    assert offer.to_download == sum(map(len, FILES.values()))
    assert "are to be downloaded into" in offer.summary
    progress = Progress()
    dataset = offer.open(progress=progress)
    assert in_folder(tmp_path / "new" / "mnist") == sorted(FILES)
    assert (len(dataset), dataset.held_back, dataset.sample_shape) == (60, 20, (784,))
    assert (dataset.name, dataset.licence) == ("MNIST", "CC BY-SA 3.0")
    assert dataset.class_names == tuple("0123456789")
    np.testing.assert_array_equal(dataset.inputs[40], PARTS[2][0].ravel().astype(np.float32) / 255)
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [*PARTS[1].tolist(), *PARTS[3].tolist()]
    server.asked.clear()
    again = NamedReader(small(server, way), tmp_path / "new" / "mnist").look(Choices(), Progress())
    assert again.to_download == 0
    assert again.thumbnails is not None
    assert again.open().targets.shape == (60, 10)
    assert server.asked == []


BAD = {
    "lost": "127.0.0.1: it answered 404 Not Found",
    "circle": "127.0.0.1: it answered 302",
    "cut": "127.0.0.1: it broke off after",
    "altered": "127.0.0.1: the file is altered (its checksum is another)",
    "page": "127.0.0.1: it broke off after 30 of",
    "stall": "127.0.0.1: it sent nothing for 0.3 s",
    "mute": "127.0.0.1: it sent nothing for 0.3 s",
    "rubbish": "127.0.0.1: it sent what is no answer",
}


@pytest.mark.parametrize(("way", "words"), BAD.items(), ids=BAD)
def test_a_bad_server_leaves_nothing_and_is_told(server: Server, tmp_path: Path, way: str, words: str) -> None:
    with pytest.raises(DataError) as refused:
        fetch(small(server, way), tmp_path / "mnist", Progress(), patience_s=0.3)
    told = str(refused.value)
    assert told.startswith("MNIST: train-images-idx3-ubyte.gz could not be downloaded (")
    assert words in told
    assert told.endswith(f"put {', '.join(FILES)} into {tmp_path / 'mnist'} by hand, or try again.")
    assert in_folder(tmp_path / "mnist") == []


@pytest.mark.parametrize("way", [*BAD, "more"])
def test_the_next_mirror_is_asked(server: Server, tmp_path: Path, way: str) -> None:
    fetch(small(server, way, "good"), tmp_path, Progress(), patience_s=0.3)
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == FILES
    assert in_folder(tmp_path) == sorted(FILES)


def test_what_has_come_is_told(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    class Listening(Progress):
        def tell(self, done: int, total: int = 0, what: str | None = None) -> None:
            super().tell(done, total, what)
            told.append((self.done, self.total))
            assert self.what.startswith("Downloading MNIST: ")

    fetch(small(server, "good"), tmp_path, Listening())
    whole = sum(map(len, FILES.values()))
    assert {total for _, total in told} == {whole}
    assert told[-1][0] == whole
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    with serving(FILES) as gone:
        away = small(gone, "good")
    with pytest.raises(DataError, match=r"127\.0\.0\.1: it refused the connection\); put train-images"):
        fetch(away, tmp_path, Progress())
    nowhere = replace(away, mirrors=("http://nowhere.invalid/",))
    with pytest.raises(DataError, match=r"nowhere\.invalid: it could not be reached"):
        fetch(nowhere, tmp_path, Progress())
    assert in_folder(tmp_path) == []


@pytest.mark.parametrize("way", ["stall", "slow"])
def test_a_download_is_cancelled_and_leaves_nothing(server: Server, tmp_path: Path, way: str) -> None:
    progress, told = Progress(), []

    def work() -> None:
        try:
            fetch(small(server, way), tmp_path, progress, patience_s=20)
        except Cancelled:
            told.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    assert server.half_sent.wait(10)
    progress.cancel()
    thread.join(10)
    assert told == ["cancelled"]
    assert in_folder(tmp_path) == []


def test_files_that_came_whole_stay_when_the_next_does_not(server: Server, tmp_path: Path) -> None:
    whole = small(server, "good")
    (tmp_path / whole.files[0].name).write_bytes(FILES[whole.files[0].name])
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz could not be downloaded"):
        fetch(small(server, "lost"), tmp_path, Progress())
    assert in_folder(tmp_path) == [whole.files[0].name]
    fetch(whole, tmp_path, Progress())
    assert server.asked.count("/good/train-images-idx3-ubyte.gz") == 0


@pytest.mark.parametrize("packed", [True, False])
def test_files_put_there_by_hand_are_taken(server: Server, tmp_path: Path, packed: bool) -> None:
    one = small(server, "lost")
    for file, array in zip(one.files, PARTS, strict=True):
        name = file.name if packed else file.name.removesuffix(".gz")
        data = idx(array)
        (tmp_path / name).write_bytes(gzip.compress(data, 1, mtime=5) if packed else data)
    offer = NamedReader(one, tmp_path).look(Choices(), Progress())
    assert offer.to_download == 0
    assert len(offer.notes) == 4
    assert "is not the published file: its checksum is another, its shape is right." in offer.notes[0]
    assert len(offer.open()) == 60
    assert server.asked == []


WRONG = {
    "other": (gzip.compress(idx(images(3, 28, 28))), "expected numbers of shape (40, 28, 28); got (3, 28, 28)"),
    "rubbish": (b"rubbish", "expected an IDX file"),
    "cut": (FILES["train-images-idx3-ubyte.gz"][:-100], "expected a gzip file that is whole"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_wrong_files_put_there_by_hand_are_named(server: Server, tmp_path: Path, data: bytes, words: str) -> None:
    one = small(server, "lost")
    for file in one.files:
        (tmp_path / file.name).write_bytes(FILES[file.name])
    (tmp_path / one.files[0].name).write_bytes(data)
    with pytest.raises(DataError) as refused:
        NamedReader(one, tmp_path).open(Choices(), Progress())
    assert words in str(refused.value)
    assert str(refused.value).startswith("train-images-idx3-ubyte.gz: ")


def test_names_are_found_and_others_told(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("mnist", "MNIST", "Fashion-MNIST", "fashion_mnist", "KMNIST"):
        assert named(text) is not None
    with pytest.raises(DataError) as refused:
        look_into("mnits")
    assert str(refused.value) == (
        "mnits: expected a file, a folder, or a name among mnist, fashion-mnist, kmnist; there is none (did you mean "
        "mnist?)."
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(table, "NAMED", {"mnist": small(server, "good")})
    assert len(open_data("mnist", held_back=0.5)) == 60
    if folder_of(NAMED["mnist"]).is_relative_to(tmp_path):
        assert in_folder(folder_of(NAMED["mnist"])) == sorted(FILES)


def test_addresses_and_sums_are_of_their_form() -> None:
    for one in NAMED.values():
        assert len(one.mirrors) >= 2
        assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in one.mirrors)
        assert [file.shape[0] for file in one.files] == [60_000, 60_000, 10_000, 10_000]
        assert all(len(file.md5) == 32 and int(file.md5, 16) for file in one.files)
        assert len(one.class_names) == 10
        assert one.licence
        assert one.attribution


def test_the_real_test_files_are_those_that_are_downloaded(tmp_path: Path) -> None:
    real = Path(os.environ.get("NETSTEP_MNIST", "/nowhere"))
    if not real.is_dir():
        pytest.skip("NETSTEP_MNIST names no folder with the files of MNIST")
    for file in NAMED["mnist"].files[2:]:
        own = found_file(file, real)
        assert own is not None
        note = check_file(file, own)
        assert not note or "its shape is right" in note
        downloaded = found_file(file, folder_of(NAMED["mnist"]))
        if downloaded is not None:
            np.testing.assert_array_equal(read_idx(downloaded), read_idx(own), strict=True)
