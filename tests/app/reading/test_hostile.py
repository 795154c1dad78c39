"""Whatever stands in a file, it becomes data or one sentence: no other exception, no wait, no memory without bound."""

import gzip
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.app.reading.written import idx, images, labels
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.named.data_sets import named
from viz_app.reading.offer import Target

HELD = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
MOST_MB = 300


def archive(save: Any) -> bytes:
    out = io.BytesIO()
    save(out, x=images(6, 4, 4), y=labels(6, 2), z=np.arange(6.0))
    return out.getvalue()


def array() -> bytes:
    out = io.BytesIO()
    np.save(out, np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32))
    return out.getvalue()


TABLE = "size,colour,label\n1.5,red,a\n2.5,blue,b\n3.5,red,a\n"
VALID = {
    "a-images-idx3-ubyte": idx(images(6, 4, 4)),
    "b-images-idx3-ubyte.gz": gzip.compress(idx(images(6, 4, 4))),
    "floats.idx": idx(np.random.default_rng(0).normal(size=(6, 3))),
    "plain.npz": archive(np.savez),
    "packed.npz": archive(np.savez_compressed),
    "array.npy": array(),
    "table.csv": TABLE.encode(),
    "wide.csv": TABLE.replace(",", ";").replace(".", ",").encode("utf-16"),
}


def check(path: Path) -> bool:
    """Open data in every way; tell whether there are any. Anything but a sentence fails the test."""
    opened = False
    for target in (None, Target.ITSELF, Target.NUMBERS):
        try:
            offer = look_into(path)
            dataset = offer.changed(target=target).open() if target else open_data(path)
            taken = dataset.take((0, len(dataset) - 1))
            dataset.thumbnails((0,))
        except DataError as error:
            told = str(error)
            assert told.endswith((".", "?")), told
            assert told.isprintable(), told
            assert len(told) < 1200, told
        else:
            opened = True
            assert all(np.isfinite(numbers).all() for numbers in taken.values())
    return opened


def place(folder: Path, name: str, data: bytes) -> Path:
    """Write a file, with labels beside what may have some."""
    for own, count in (("a-labels-idx1-ubyte", 6), ("b-labels-idx1-ubyte", 6)):
        (folder / own).write_bytes(idx(labels(count, 2)))
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("name", VALID)
def test_what_is_altered_below_is_whole(tmp_path: Path, name: str) -> None:
    assert check(place(tmp_path, name, VALID[name]))


@given(st.sampled_from(sorted(VALID)), st.data())
@HELD
def test_altered_files_are_data_or_a_sentence(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(VALID[name])
    for _ in range(data.draw(st.integers(1, 4))):
        way = data.draw(st.sampled_from(["alter", "cut", "insert", "double"]))
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        if way == "alter" and content:
            content[at] = data.draw(st.integers(0, 255))
        elif way == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        elif way == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            content += content[at:]
    check(place(tmp_path, name, bytes(content)))


@given(st.binary(max_size=200), st.sampled_from([b"", *(content[:12] for content in VALID.values())]))
@HELD
def test_any_bytes_are_data_or_a_sentence(tmp_path: Path, data: bytes, start: bytes) -> None:
    check(place(tmp_path, "any", start + data))


@given(st.text(alphabet="01.,;\t\n\"'x -é", max_size=120))
@HELD
def test_any_table_is_data_or_a_sentence(tmp_path: Path, text: str) -> None:
    check(place(tmp_path, "any.csv", text.encode()))


@given(st.text(max_size=60))
@HELD
def test_any_name_that_is_none_is_told(name: str) -> None:
    if named(name) is None and not os.path.exists(os.path.expanduser(name.replace("\0", ""))):
        with pytest.raises(DataError) as refused:
            look_into(name)
        assert str(refused.value).isprintable()


KNOWN = {
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "pickle": b"\x80\x04\x95",
    "PDF": b"%PDF-1.7",
    "image": b"\x89PNG\r\n\x1a\n",
    "SQLite": b"SQLite format 3\0",
    "Office": b"\xd0\xcf\x11\xe0",
    "tar": bytes(257) + b"ustar",
    "gzip": gzip.compress(b"no IDX in it"),
    "bzip2": b"BZh9",
}


@pytest.mark.parametrize("data", KNOWN.values(), ids=KNOWN)
def test_files_of_other_kinds_are_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "other.dat").write_bytes(data)
    with pytest.raises(DataError, match=r"^other\.dat: expected .*"):
        look_into(tmp_path / "other.dat")


def test_what_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    told = {
        tmp_path / "empty": "the file is empty (0 bytes).",
        tmp_path / "circle": "its links lead in a circle.",
        tmp_path / "gone": "expected a file or a folder; there is none.",
        tmp_path / ("x" * 300): "expected a file that can be read; file name too long.",
        Path("/dev/null"): "it is a device.",
        Path("/dev/zero"): "it is a device.",
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        told[tmp_path / "pipe"] = "it is a pipe."
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        told[tmp_path / "socket"] = "it is a socket."
        for path, words in told.items():
            with pytest.raises(DataError) as refused:
                look_into(path)
            assert words in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = place(tmp_path, "table.csv", VALID["table.csv"])
    path.chmod(0)
    with pytest.raises(DataError, match=r"^table\.csv: expected a file that may be read; permission is denied\.$"):
        look_into(path)


def zeros(path: Path, size: int) -> None:
    """Append zeros that take no room."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + size)


def header(code: int, *shape: int) -> bytes:
    return bytes([0, 0, code, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape)


def gzip_of_zeros(path: Path, start: bytes, size: int) -> None:
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(start)
        for _ in range(size // 2**20):
            packed.write(bytes(2**20))


MB = 2**20


def packed_images(folder: Path) -> Path:
    gzip_of_zeros(folder / "a-images-idx3-ubyte.gz", header(8, 400, 1024, 1024), 400 * MB)
    (folder / "a-labels-idx1-ubyte").write_bytes(idx(labels(400)))
    return folder / "a-images-idx3-ubyte.gz"


def packed_labels(folder: Path) -> Path:
    (folder / "a-images-idx3-ubyte").write_bytes(idx(images(6, 4, 4)))
    gzip_of_zeros(folder / "a-labels-idx1-ubyte.gz", header(8, 400 * MB), 400 * MB)
    return folder / "a-images-idx3-ubyte"


def packed_zeros(folder: Path) -> Path:
    gzip_of_zeros(folder / "zeros.gz", b"no IDX", 300 * MB)
    return folder / "zeros.gz"


def floats(folder: Path) -> Path:
    (folder / "floats").write_bytes(header(0x0D, 512, 512, 512))
    zeros(folder / "floats", 512 * MB)
    return folder / "floats"


def packed_array(folder: Path) -> Path:
    start = io.BytesIO()
    np.lib.format.write_array_header_1_0(start, {"descr": "|u1", "fortran_order": False, "shape": (400, MB)})
    with zipfile.ZipFile(folder / "a.npz", "w", zipfile.ZIP_DEFLATED) as packed, packed.open("x.npy", "w") as stream:
        stream.write(start.getvalue())
        for _ in range(400):
            stream.write(bytes(MB))
    return folder / "a.npz"


def text(content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / "table.csv").write_bytes(content)
        return folder / "table.csv"

    return write


BOMBS: dict[str, Callable[[Path], Path]] = {
    "images in gzip": packed_images,
    "labels in gzip": packed_labels,
    "zeros in gzip": packed_zeros,
    "floats": floats,
    "an array in npz": packed_array,
    "one line": lambda folder: text(b"a" * (300 * MB))(folder),
    "many cells": lambda folder: text((b"," * 1_000_000 + b"\n") * 80)(folder),
    "long words": lambda folder: text((b",".join([b"w" * 100_000] * 30) + b"\n") * 60)(folder),
    "an open quote": lambda folder: text(b'a,b\n"' + b"x\n" * (100 * MB))(folder),
}


SCRIPT = """
import json, sys
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.offer import Target
from core.data.normalising import By
import viz_app.reading.images.photos, PIL.Image
def most():
    # Not ru_maxrss: it begins at what the process that started this one had taken.
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024
before = most()
told = []
for target in (None, Target.ITSELF):
    try:
        normalise = By.WHOLE if target and sys.argv[1].endswith("floats") else None
        data = open_data(sys.argv[1], target=target, normalise=normalise)
        data.take([0])
        told.append("opened")
    except DataError as error:
        told.append(str(error))
print(json.dumps([most() - before, told]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell it in another way")
@pytest.mark.parametrize("write", BOMBS.values(), ids=BOMBS)
def test_memory_is_bounded(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    path = write(tmp_path)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    more, told = json.loads(done.stdout)
    assert more < MOST_MB, (more, told)
    assert all(text == "opened" or text.endswith((".", "?")) for text in told)
    assert not list(tmp_path.glob("netstep-*"))
