"""Read the files of MNIST where they are, and write such files, with as many images as a test needs."""

import struct
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset
from core.data.idx import IdxError, find_pair, image_dataset
from core.values import Array
from core.wording import sentence

MNIST = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"
"""Where the files are looked for, where nobody says where they are."""
TESTED = 2_000
"""So many of the test set, its last, the shipped weights have not been trained on."""


def write_mnist(folder: Path, count: int) -> tuple[Array, Array]:
    """Write images of 28 × 28 pixels, each bright where its label says, and return them with their labels."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 10, count).astype(np.uint8)
    images = generator.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 6] += 180
    head = struct.pack(">4B3I", 0, 0, 8, 3, *images.shape)
    (folder / "t10k-images-idx3-ubyte").write_bytes(head + images.tobytes())
    (folder / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, count) + labels.tobytes())
    return images, labels


def load(folder: Path, *, channels: bool = False) -> Dataset:
    """Return the MNIST test set, or end with a message."""
    try:
        return image_dataset(*find_pair(folder), "MNIST, test set", channels=channels)
    except (OSError, IdxError) as error:
        told = sentence(error)
        raise SystemExit(f"The MNIST test set could not be read. {told} Say where it is with --mnist DIR.") from None
