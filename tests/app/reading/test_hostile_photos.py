"""Hostile images: whatever is in a file, it opens, or is refused in one sentence; and it takes little memory."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from core.images.photo import PhotoError
from tests.hostile import read
from tests.pictures import LOSSLESS, LOSSY, coloured, digit, paper, written
from viz_app.reading.images.formats import FORMATS
from viz_app.reading.images.photos import read_photo

ROOT = Path(__file__).parents[3]
PILLOW_TESTS = "NETSTEP_PILLOW_TESTS"
"""Where the test images of Pillow's source distribution are: its folder ``Tests/images``."""
MOST_MB = 300
SECONDS = 120
EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"
WRITERS = {kind: write for kind, write in {**LOSSLESS, **LOSSY}.items() if kind != "avif" or features.check("avif")}
VALID = {kind: write(Image.fromarray(paper(digit(side=48)))) for kind, write in WRITERS.items()} | {
    "film": written(Image.new("P", (9, 9)), "GIF", save_all=True, append_images=[Image.new("P", (9, 9), 3)] * 2),
    "colours": written(Image.fromarray(coloured(24)), "PNG"),
    "exif": written(Image.fromarray(coloured(24)), "JPEG", exif=EXIF),
}
NAMES = st.sampled_from(sorted(VALID))


def judge(data: bytes, name: str = "file.tga") -> None:
    """Check that bytes are read, or refused in one sentence that names the file."""
    try:
        photo = read_photo(data, name)
    except PhotoError as error:
        said = str(error)
        assert said.startswith(f"{name} ")
        assert said.endswith(".")
        assert "\n" not in said
        assert len(said) < 300
    else:
        assert photo.pixels.size


@given(st.binary(max_size=400))
def test_rubbish_is_refused(data: bytes) -> None:
    judge(data)


@given(NAMES, st.floats(0, 1))
def test_a_file_that_is_cut_short_is_refused_or_opens(kind: str, share: float) -> None:
    judge(VALID[kind][: int(share * len(VALID[kind]))], f"three.{kind[:3]}")


@pytest.mark.parametrize("kind", sorted(VALID))
def test_the_first_half_of_a_file_is_refused(kind: str) -> None:
    if kind in (
        "tga",
        "film",
    ):  # without its foot a TGA is told by its name alone; the first frame is in the first half
        return
    with pytest.raises(PhotoError, match=r"^three\.\w+ "):
        read_photo(VALID[kind][: len(VALID[kind]) // 2], f"three.{kind[:3]}")


@given(NAMES, st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6), st.booleans())
def test_changed_bytes_never_raise_anything_else(kind: str, changes: list[tuple[float, int]], at_head: bool) -> None:
    data = bytearray(VALID[kind])
    room = min(len(data), 120) if at_head else len(data)
    for place, byte in changes:
        data[int(place * room)] = byte
    judge(bytes(data), f"three.{kind[:3]}")


@given(NAMES, NAMES, st.floats(0, 1), st.floats(0, 1))
def test_two_files_in_one_never_raise_anything_else(one: str, other: str, end: float, begin: float) -> None:
    first, second = VALID[one], VALID[other]
    judge(first[: int(end * len(first))] + second[int(begin * len(second)) :])


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_starts_another_program(form: str) -> None:
    assert form not in ("EPS", "WMF", "GRIB", "HDF5", "BUFR", "MPEG")


def huge_png(width: int, height: int) -> bytes:
    """Return the head of an image that would be huge."""
    data = bytearray(written(Image.new("L", (1, 1)), "PNG"))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    from zlib import crc32

    data[29:33] = crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


def test_50_000_by_50_000_pixels_are_refused_by_the_head_alone() -> None:
    with pytest.raises(PhotoError, match=r"^huge\.png has 50,000 × 50,000 pixels; expected at most 32,767 along"):
        read_photo(huge_png(50_000, 50_000), "huge.png")
    with pytest.raises(PhotoError, match=r"has 30,000 × 30,000 pixels; expected at most 160 million in a PNG image\.$"):
        read_photo(huge_png(30_000, 30_000), "huge.png")


SAID: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty: it has 0 bytes."),
    "text": (lambda: b"hello, world", "is no image; expected an image"),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
    "pdf": (lambda: b"%PDF-1.7", "is a PDF document"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "is a PostScript file"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0", "is a HEIC photo"),
}


@pytest.mark.parametrize("kind", SAID)
def test_what_it_is_instead_is_said(kind: str) -> None:
    make, said = SAID[kind]
    with pytest.raises(PhotoError, match=f"^it {said}"):
        read_photo(make(), "it")


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "away.png")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "socket"))
    os.mkfifo(tmp_path / "pipe")
    for name in ("loop.png", "link.png", "socket", "pipe", "."):
        with pytest.raises(PhotoError, match=r"^it (cannot be read|is a folder|is a pipe)[^\n]*\.$"):
            read_photo(tmp_path / name, "it")
    server.close()
    with pytest.raises(PhotoError, match="is a pipe or a device"):
        read_photo(Path("/dev/zero"), "it")
    with pytest.raises(PhotoError, match=r"^it cannot be read: "):
        read_photo(Path("nul\0.png"), "it")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(VALID["png"])
    path.chmod(0)
    with pytest.raises(PhotoError, match="permission denied"):
        read_photo(path, "secret.png")


@pytest.mark.parametrize("error", [MemoryError(), OverflowError("x"), RecursionError("deep"), SyntaxError("bad")])
def test_whatever_a_decoder_raises_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFile

    def broken(self: object) -> None:
        raise error

    monkeypatch.setattr(ImageFile.ImageFile, "load", broken)
    with pytest.raises(PhotoError, match=r"^three\.bmp .*\.$"):
        read_photo(VALID["bmp"], "three.bmp")


def test_two_threads_read_at_once() -> None:
    photos: list[object] = []
    threads = [threading.Thread(target=lambda: photos.append(read_photo(VALID["png"], "it"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(photos) == 4


def judged(paths: list[Path], scratch: Path) -> Iterator[dict[str, object]]:
    """Read files in another process; tell of each what came of it."""
    listed = scratch / "list.txt"
    listed.write_text("\n".join(map(str, paths)))
    command = [sys.executable, "-m", "tests.hostile", "--list", str(listed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["name"] for line in lines] == list(map(str, paths))
    yield from lines


def large_files(folder: Path) -> list[Path]:
    """Write images as large as each format may be, quickly: they hold one colour, or stripes."""
    stripes = np.zeros((5_400, 7_200), np.uint8)
    stripes[::7] = 200
    image = Image.fromarray(stripes)
    image.convert("RGB").save(folder / "large.png", compress_level=1)
    image.convert("RGB").save(folder / "large.bmp")
    image.resize((6_000, 5_000)).save(folder / "large.gif")
    image.resize((10_000, 8_000)).convert("RGB").save(folder / "phone.jpg", quality=60)
    image.resize((5_800, 4_500)).convert("RGB").save(folder / "progressive.jpg", quality=60, progressive=True)
    image.resize((3_600, 2_700)).convert("RGBA").save(folder / "large.webp", method=0, quality=10)
    image.resize((3_200, 2_400)).convert("RGB").save(folder / "large.jp2")
    image.resize((6_400, 4_900)).convert("RGBA").save(folder / "large.tif", compression="tiff_lzw")
    (folder / "bomb.png").write_bytes(huge_png(12_000, 13_000))
    with (folder / "sparse.png").open("wb") as stream:
        stream.truncate(20_000_000_000)
    return sorted(folder.iterdir())


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is known on Linux alone")
def test_judging_a_large_file_takes_at_most_300_mb(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    told = {Path(str(line["name"])).name: line for line in judged(large_files(folder), tmp_path)}
    assert {name for name, line in told.items() if line["outcome"] == "refused"} == {"bomb.png", "sparse.png"}
    assert not [line for line in told.values() if line["outcome"] == "raised"]
    assert {name: line["mb"] for name, line in told.items() if line["mb"] > MOST_MB} == {}
    assert "Brought down from 8,000 × 10,000 pixels." in str(told["phone.jpg"]["said"])


@pytest.mark.skipif(PILLOW_TESTS not in os.environ, reason=f"{PILLOW_TESTS} does not say where Pillow's images are")
def test_pillows_own_images_open_or_are_refused(tmp_path: Path) -> None:
    paths = sorted(path for path in Path(os.environ[PILLOW_TESTS]).rglob("*") if path.is_file())
    assert len(paths) > 900
    lines = list(judged(paths, tmp_path))
    assert [line for line in lines if line["outcome"] == "raised" or line["mb"] > MOST_MB] == []
    for line in lines:
        if line["outcome"] == "refused":
            assert str(line["said"]).startswith(Path(str(line["name"])).name)
            assert str(line["said"]).endswith(".")
    assert sum(line["outcome"] == "opened" for line in lines) > 600


def test_a_file_is_read_as_a_process_of_its_own_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "three.png"
    path.write_bytes(VALID["png"])
    assert read(path)["outcome"] == "opened"
