"""Read a data set that opens by name, once its files are there."""

from pathlib import Path

import numpy as np

from core.data.dataset import Dataset
from core.data.idx import IdxError, idx_header, open_idx
from core.data.progress import Progress
from viz_app.reading.arrays.reader import ArrayReader, Arrays, Stored
from viz_app.reading.files import DataError, refused
from viz_app.reading.named.data_sets import File, Named, folder_of
from viz_app.reading.named.downloads import check_file, fetch, found_file, missing_files
from viz_app.reading.offer import Choices, Kind, Offer


class NamedReader(ArrayReader):
    """Reads a data set that opens by name; to open it is to download what is missing.

    Parameters
    ----------
    one : Named
        The data set.
    folder : Path or None
        Where its files are; ``None`` is the platform's cache folder.
    """

    kind = Kind.NAMED

    def __init__(self, one: Named, folder: Path | None = None) -> None:
        super().__init__(folder or folder_of(one))
        self.one = one
        self.licence, self.attribution = one.licence, one.attribution
        self._opened: dict[str, Stored] = {}
        self._notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.one.title

    def look(self, choices: Choices, progress: Progress) -> Offer:
        missing = missing_files(self.one, self.path)
        if not missing:
            return super().look(choices, progress)
        size = sum(file.size for file in missing)
        return Offer(
            self,
            self.name,
            self.kind,
            str(self.path),
            f"{self.one.about} {size / 1e6:.0f} MB are to be downloaded into {self.path}.",
            sum(file.shape[0] for file in self.one.files[::2]),
            self.one.files[0].shape[1:],
            "uint8",
            choices,
            class_names=self.one.class_names,
            licence=self.licence,
            attribution=self.attribution,
            to_download=size,
        )

    def open(self, choices: Choices, progress: Progress) -> Dataset:
        fetch(self.one, self.path, progress)
        return super().open(choices, progress)

    def find(self, choices: Choices, progress: Progress) -> Arrays:
        images, labels, test_images, test_labels = (self._open(file, progress) for file in self.one.files)
        return Arrays(
            (images, test_images),
            (labels, test_labels),
            f"{self.name}: images",
            f"{self.name}: labels",
            notes=self._notes,
            class_names=self.one.class_names,
        )

    def _open(self, file: File, progress: Progress) -> Stored:
        path = found_file(file, self.path)
        if path is None:
            raise DataError(f"{self.name}: expected {file.name} in {self.path}; it is gone.")
        if file.name not in self._opened:
            note = check_file(file, path)
            self._notes += (note,) if note else ()
            try:
                if idx_header(path).dtype != np.uint8:
                    raise DataError(f"{path.name}: expected bytes; got other numbers. Delete {path}.")
                self._opened[file.name] = open_idx(path, progress)
            except IdxError as error:
                raise DataError(str(error)) from None
            except OSError as error:
                raise refused(path, error) from None
        return self._opened[file.name]
