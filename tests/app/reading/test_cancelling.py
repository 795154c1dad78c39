"""Slow reading says how far it is, stops where somebody asks, and leaves no file behind."""

import gzip
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.normalising import By
from core.data.progress import Cancelled, Progress
from tests.app.reading.written import idx, images, labels
from viz_app.reading.data import look_into, open_data


class StopsAt(Progress):
    """Is cancelled by another hand once the work has come to a share of what is being done."""

    def __init__(self, share: float, what: str) -> None:
        super().__init__()
        self._at, self._what, self.told = share, what, set[str]()

    def tell(self, done: int, total: int = 0, what: str | None = None) -> None:
        super().tell(done, total, what)
        self.told.add(self.what)
        if self.what.startswith(self._what) and (self.share or 0) >= self._at:
            self.cancel()


def table(folder: Path) -> Path:
    rows = "".join(f"{n},{n / 3},w{n % 7},{'ab'[n % 2]}\n" for n in range(30_000))
    (folder / "t.csv").write_text("n,x,word,label\n" + rows)
    return folder / "t.csv"


def packed(folder: Path) -> Path:
    (folder / "a-images-idx3.gz").write_bytes(gzip.compress(idx(images(4_000, 28, 28)), 1))
    (folder / "a-labels-idx1").write_bytes(idx(labels(4_000)))
    return folder / "a-images-idx3.gz"


def archive(folder: Path) -> Path:
    np.savez_compressed(folder / "a.npz", x=images(4_000, 28, 28), y=labels(4_000))
    return folder / "a.npz"


def floats(folder: Path) -> Path:
    np.savez(folder / "f.npz", x=np.random.default_rng(0).normal(size=(9_000, 600)).astype(np.float32), y=labels(9_000))
    return folder / "f.npz"


WORK: dict[str, tuple[Callable[[Path], Path], str, dict[str, Any]]] = {
    "a table": (table, "Reading t.csv", {}),
    "a compressed file": (packed, "Unpacking", {}),
    "an archive": (archive, "Reading a.npz", {}),
    "a check": (floats, "Checking", {}),
    "a normalisation": (floats, "Measuring", {"normalise": By.WHOLE}),
}


@pytest.mark.parametrize(("write", "what", "chosen"), WORK.values(), ids=WORK)
@pytest.mark.parametrize("threaded", [False, True])
def test_work_is_told_and_stopped(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Path], Path],
    what: str,
    chosen: dict[str, Any],
    threaded: bool,
) -> None:
    monkeypatch.setattr("core.data.mapped._IN_MEMORY", 100_000)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path, stopped = write(tmp_path), []
    progress = StopsAt(0.3, what)

    def work() -> None:
        try:
            look_into(path, progress=progress)
            open_data(path, progress, **chosen)
        except Cancelled:
            stopped.append(progress.what)

    if threaded:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)
    else:
        work()
    assert len(stopped) == 1
    assert stopped[0].startswith(what)
    assert list(temporary.iterdir()) == []
    assert len(open_data(path, **chosen)) >= 4_000
