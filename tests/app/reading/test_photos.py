"""Photos: the same image in every format, upright, on white paper, in 8 or 16 bit."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from core.images.preparation import prepare
from core.images.wanted import wanted_of
from core.presets import open_preset
from tests.pictures import LOSSLESS, LOSSY, coloured, digit, paper, written
from viz_app.reading.images.photos import read_photo

PAPER = paper(digit())
COLOURED = coloured()
TOLERANCE = 0.02
"""How far apart the inputs of a lossy file and of a lossless one may be, on average."""


@pytest.mark.parametrize("kind", LOSSLESS)
def test_lossless_formats_give_the_same_input_exactly(kind: str) -> None:
    wanted = wanted_of(open_preset("mlp-784-800-10"))
    photo = read_photo(LOSSLESS[kind](Image.fromarray(PAPER)), f"three.{kind[:3]}")
    expected = prepare(read_photo(written(Image.fromarray(PAPER), "PNG"), "three"), wanted).inputs
    np.testing.assert_array_equal(photo.pixels if photo.pixels.ndim == 2 else photo.pixels[..., 0],
                                  PAPER.astype(photo.pixels.dtype) * (photo.white // 255))  # fmt: skip
    np.testing.assert_array_equal(prepare(photo, wanted).inputs, expected)
    assert expected.max() == 1


@pytest.mark.parametrize("kind", LOSSY)
def test_lossy_formats_give_nearly_the_same_input(kind: str) -> None:
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    wanted = wanted_of(open_preset("mlp-784-800-10"))
    got = prepare(read_photo(LOSSY[kind](Image.fromarray(PAPER)), "three"), wanted).inputs
    expected = prepare(read_photo(written(Image.fromarray(PAPER), "PNG"), "three"), wanted).inputs
    assert 0 < np.abs(got - expected).mean() < TOLERANCE


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "TGA"])
def test_colours_are_kept_exactly(kind: str) -> None:
    photo = read_photo(written(Image.fromarray(COLOURED), kind), f"colours.{kind.lower()}")
    np.testing.assert_array_equal(photo.pixels, COLOURED)
    assert photo.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_16_bit_grey_is_kept_exactly(kind: str) -> None:
    pixels = np.arange(60_000, dtype=np.uint16).reshape(200, 300)
    photo = read_photo(written(Image.fromarray(pixels), kind), "wide")
    np.testing.assert_array_equal(photo.pixels, pixels)
    assert photo.white == 65535


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_all_orientations_come_upright(orientation: int, kind: str) -> None:
    """Oracle: the corners of the image, as the standard of EXIF names them."""
    corners = np.array([[250, 180], [110, 40]], np.uint8)
    upright = np.kron(corners, np.ones((32, 48), np.uint8))
    stored = {
        1: upright, 2: np.fliplr(upright), 3: np.rot90(upright, 2), 4: np.flipud(upright),
        5: upright.T, 6: np.rot90(upright), 7: np.rot90(upright, 2).T, 8: np.rot90(upright, -1),
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif, **({"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {})}
    photo = read_photo(written(Image.fromarray(np.ascontiguousarray(stored)), kind, **options), "turned")
    grey = photo.pixels if photo.pixels.ndim == 2 else photo.pixels[..., 0]
    np.testing.assert_allclose(grey.astype(float), upright, atol=2)
    assert ("Turned upright, as the camera noted." in photo.notes) == (orientation > 1)


def test_transparency_is_laid_on_white_paper() -> None:
    rgba = np.zeros((2, 3, 4), np.uint8)
    rgba[0, :, 3] = 0, 128, 255
    photo = read_photo(written(Image.fromarray(rgba), "PNG"), "glass")
    assert photo.pixels[..., 0].tolist() == [[255, 127, 0], [255, 255, 255]]
    assert photo.notes == ("Transparency is laid on white paper.",)


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)
    photo = read_photo(written(image, "PNG", transparency=0), "palette")
    assert photo.pixels.tolist() == [[[255, 255, 255], [0, 0, 200]]]


def test_the_first_frame_of_an_animation_is_read() -> None:
    frames = [Image.new("L", (4, 4), grey) for grey in (10, 200)]
    photo = read_photo(written(frames[0], "GIF", save_all=True, append_images=frames[1:]), "film")
    assert np.unique(photo.pixels).tolist() == [10]
    assert "The first of several frames." in photo.notes


def test_numbers_of_32_bit_are_scaled_and_that_is_said() -> None:
    photo = read_photo(written(Image.fromarray(np.array([[-2.0, 0.0, 2.0]], np.float32)), "TIFF"), "floats")
    assert photo.pixels.tolist() == [[0, 32768, 65535]]
    assert photo.notes == ("Its numbers are scaled from the smallest, black, to the largest, white.",)


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "three.png"
    Image.fromarray(PAPER).save(path)
    np.testing.assert_array_equal(read_photo(path, path.name).pixels, PAPER)


def test_warnings_stay_inside() -> None:
    image = Image.new("P", (16, 16))
    image.info["transparency"] = b"\x00" * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_photo(written(image, "PNG"), "warned")
