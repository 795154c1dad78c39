"""The data sets that open by name: where they are, what they are made of, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.wording import suggestion
from viz_app.reading.files import DataError, shown


@dataclass(frozen=True)
class File:
    """A file of a data set: its name, the MD5 sum of the compressed file, its size in bytes, and its array's shape."""

    name: str
    md5: str
    size: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Named:
    """A data set that is downloaded when somebody asks for it.

    Parameters
    ----------
    key : str
        The name that it opens by.
    title : str
        What a person calls it.
    about : str
        What is in it: one sentence.
    mirrors : tuple of str
        Addresses of folders that hold the files; the first that answers is taken.
    files : tuple of File
        Images and labels to train on, then images and labels of the test part.
    class_names : tuple of str
        The classes.
    licence, attribution : str
        Under which licence, and whose.
    """

    key: str
    title: str
    about: str
    mirrors: tuple[str, ...]
    files: tuple[File, ...]
    class_names: tuple[str, ...]
    licence: str
    attribution: str

    @property
    def size(self) -> int:
        """How many bytes are downloaded."""
        return sum(file.size for file in self.files)


def _files(*sums_and_sizes: tuple[str, int]) -> tuple[File, ...]:
    names = (
        ("train-images-idx3-ubyte.gz", (60_000, 28, 28)),
        ("train-labels-idx1-ubyte.gz", (60_000,)),
        ("t10k-images-idx3-ubyte.gz", (10_000, 28, 28)),
        ("t10k-labels-idx1-ubyte.gz", (10_000,)),
    )
    pairs = zip(names, sums_and_sizes, strict=True)
    return tuple(File(name, md5, size, shape) for (name, shape), (md5, size) in pairs)


# Addresses and MD5 sums are those of torchvision (pytorch/vision, torchvision/datasets/mnist.py); the second mirrors of
# Fashion-MNIST and KMNIST are the repository of its authors, and the encrypted address of the same server.
NAMED: Mapping[str, Named] = MappingProxyType(
    {
        one.key: one
        for one in (
            Named(
                "mnist",
                "MNIST",
                "70,000 handwritten digits of 28 × 28 pixels; the last 10,000 are the test part.",
                (
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                    "http://yann.lecun.com/exdb/mnist/",
                ),
                _files(
                    ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
                    ("d53e105ee54ea40749a09fcbcd1e9432", 28_881),
                    ("9fb629c4189551a2d022fa330f9573f3", 1_648_877),
                    ("ec29112dd5afa0611ce80d1b7f02629c", 4_542),
                ),
                tuple("0123456789"),
                "CC BY-SA 3.0",
                'Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST Database of Handwritten Digits", 1998',
            ),
            Named(
                "fashion-mnist",
                "Fashion-MNIST",
                "70,000 pictures of clothes, 28 × 28 pixels; the last 10,000 are the test part.",
                (
                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
                ),
                _files(
                    ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
                    ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
                    ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
                    ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
                ),
                (
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot",
                ),
                "MIT",
                'H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", Zalando SE, 2017',
            ),
            Named(
                "kmnist",
                "KMNIST",
                "70,000 cursive Japanese characters of 28 × 28 pixels; the last 10,000 are the test part.",
                (
                    "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                ),
                _files(
                    ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
                    ("e144d726b3acfaa3e44228e80efcd344", 29_497),
                    ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
                    ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
                ),
                ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
                "CC BY-SA 4.0",
                '"KMNIST Dataset" (created by CODH), adapted from "Kuzushiji Dataset" (created by NIJL and others), '
                "doi:10.20676/00000341",
            ),
        )
    }
)
"""The data sets by name."""


def named(name: str) -> Named | None:
    """Return the data set of a name, in any case and with or without its hyphen; ``None`` where there is none."""
    plain = _plain(name)
    return next((one for one in NAMED.values() if plain in (_plain(one.key), _plain(one.title))), None)


def no_such(name: str) -> DataError:
    """Return what is told of a name that is none, where no file is called so either."""
    known = ", ".join(NAMED)
    meant = suggestion(name, NAMED)
    called = shown(Path(name)) if name.strip() else "No name"
    return DataError(f"{called}: expected a file, a folder, or a name among {known}; there is none{meant}.")


def folder_of(one: Named) -> Path:
    """Return the folder in which the files of a data set are kept; it need not be there yet."""
    from platformdirs import user_cache_path

    return user_cache_path("netstep", appauthor=False) / "data" / one.key


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
