"""Draw the sample images and write them into images.npz: ``python -m resources.make_images``.

Every image is a formula of the coordinates, drawn at several times its size and averaged down.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).with_name("images.npz")
OVERSAMPLING = 6

Plane = NDArray[np.float64]
"""Brightness, or how much of a pixel a shape covers, from 0 to 1."""

FONT = {
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "P": "11110 10001 10001 11110 10000 10000 10000",
}


def grid(size: int) -> tuple[Plane, Plane]:
    """Return x to the right and y downwards from 0 to 1 for every subpixel, each (size OVERSAMPLING)²."""
    ticks = (np.arange(size * OVERSAMPLING) + 0.5) / (size * OVERSAMPLING)
    x, y = np.meshgrid(ticks, ticks)
    return x, y


def average_down(image: Plane) -> NDArray[np.uint8]:
    """Return grey levels from 0 to 255 for an image, (H, W) or (H, W, 3), drawn at OVERSAMPLING times its size."""
    height, width, *channels = image.shape
    k = OVERSAMPLING
    blocks = image.reshape(height // k, k, width // k, k, *channels).mean(axis=(1, 3))
    return np.asarray(np.round(255 * np.clip(blocks, 0, 1)), np.uint8)


def heart(size: int = 16) -> Plane:
    """Draw a heart: (u² + v² - 1)³ < u² v³."""
    x, y = grid(size)
    u, v = 2.7 * (x - 0.5), 2.7 * (0.53 - y)
    return np.where((u**2 + v**2 - 1) ** 3 < u**2 * v**3, 0.95 - 0.35 * y, 0.08)


def shapes(size: int = 64) -> Plane:
    """Draw a disc, a ring, a square on its corner, stripes and a bar before a soft gradient."""
    x, y = grid(size)
    image = 0.15 + 0.35 * x * (1 - y)
    image = np.where(np.hypot(x - 0.27, y - 0.28) < 0.17, 0.95, image)
    ring = np.abs(np.hypot(x - 0.72, y - 0.3) - 0.16) < 0.035
    image = np.where(ring, 0.8, image)
    image = np.where(np.abs(x - 0.25) + np.abs(y - 0.74) < 0.19, 0.65 + 0.3 * (x - 0.25) / 0.19, image)
    stripes = (x > 0.54) & (x < 0.92) & (y > 0.56) & (y < 0.86)
    image = np.where(stripes, 0.5 + 0.45 * np.sign(np.sin(2 * np.pi * (x + 0.35 * y) * 11)), image)
    return np.where((y > 0.93) & (y < 0.965), 0.9, image)


def lettering(size: int = 64) -> Plane:
    """Write NET and STEP, bright on dark and dark on bright."""
    x, y = grid(size)
    image = np.where(y < 0.5, 0.12 + 0.1 * x, 0.9 - 0.15 * x)
    image = np.where(text_mask(x, y, "NET", (0.1, 0.1), 0.046), 0.95, image)
    return np.where(text_mask(x, y, "STEP", (0.07, 0.6), 0.037), 0.05, image)


def text_mask(x: Plane, y: Plane, text: str, corner: tuple[float, float], dot: float) -> NDArray[np.bool_]:
    """Return where letters of 5 × 7 dots are."""
    mask = np.zeros(x.shape, bool)
    for number, letter in enumerate(text):
        dots = np.array([[mark == "1" for mark in row] for row in FONT[letter].split()])
        column = np.floor((x - corner[0]) / dot - 6 * number).astype(int)
        row = np.floor((y - corner[1]) / dot).astype(int)
        inside = (column >= 0) & (column < 5) & (row >= 0) & (row < 7)
        mask |= inside & dots[np.clip(row, 0, 6), np.clip(column, 0, 4)]
    return mask


def landscape(size: int = 96) -> Plane:
    """Paint a sun over mountains, a meadow with furrows, and a tree."""
    x, y = grid(size)
    image = mix(colour(0.35, 0.6, 0.95), colour(0.98, 0.85, 0.7), np.clip(y / 0.6, 0, 1))
    sun = np.hypot(x - 0.74, y - 0.2)
    image = paint(image, np.exp(-((sun / 0.2) ** 2)) * 0.6, colour(1.0, 0.95, 0.6))
    image = paint(image, sun < 0.075, colour(1.0, 0.93, 0.45))
    far = 0.47 + 0.06 * np.sin(7 * x + 1) + 0.05 * np.sin(17 * x) + 0.02 * np.sin(41 * x)
    image = paint(image, y > far, colour(0.45, 0.5, 0.68))
    image = paint(image, (y > far) & (y < far + 0.035 + 0.02 * np.sin(60 * x)), colour(0.95, 0.96, 1.0))
    near = 0.6 + 0.05 * np.sin(5 * x + 2.4) + 0.015 * np.sin(23 * x)
    image = paint(image, y > near, colour(0.22, 0.4, 0.3))
    meadow = 0.7 + 0.03 * np.sin(3 * x)
    image = paint(image, y > meadow, colour(0.45, 0.68, 0.25))
    furrow = (y > meadow) & (np.sin(2 * np.pi * 9 * (x - 0.5) / (y - 0.45)) > 0.55)
    image = paint(image, furrow, colour(0.36, 0.52, 0.18))
    return tree(image, x, y)


def tree(image: Plane, x: Plane, y: Plane) -> Plane:
    """Paint a tree with a lit side."""
    image = paint(image, (np.abs(x - 0.24) < 0.018) & (y > 0.6) & (y < 0.86), colour(0.36, 0.23, 0.14))
    for left, top, radius in ((0.24, 0.5, 0.11), (0.17, 0.58, 0.08), (0.32, 0.58, 0.085)):
        crown = np.hypot(x - left, y - top)
        light = np.clip(0.5 + (x - left - y + top) / (2 * radius), 0, 1)
        shade = mix(colour(0.1, 0.3, 0.12), colour(0.38, 0.62, 0.2), light)
        image = np.where((crown < radius * (1 + 0.06 * np.sin(40 * x) * np.sin(37 * y)))[..., None], shade, image)
    return image


def marbles(size: int = 64) -> Plane:
    """Paint a red, a green and a blue ball on a chessboard."""
    x, y = grid(size)
    board = (np.floor(8 * x) + np.floor(8 * y)) % 2
    image = mix(colour(0.82, 0.8, 0.74), colour(0.3, 0.3, 0.34), board)
    balls = (
        (0.3, 0.33, 0.2, (0.9, 0.16, 0.14)),
        (0.7, 0.42, 0.17, (0.15, 0.72, 0.25)),
        (0.46, 0.73, 0.19, (0.16, 0.3, 0.92)),
    )
    for left, top, radius, paint_colour in balls:
        shadow = np.hypot((x - left - 0.05) / 1.1, y - top - 0.06) < radius
        image = np.where(shadow[..., None], 0.45 * image, image)
        u, v = (x - left) / radius, (y - top) / radius
        height = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
        light = np.clip(0.25 + 0.75 * (0.7 * height - 0.45 * u - 0.55 * v), 0.1, 1)
        shine = np.exp(-((u + 0.38) ** 2 + (v + 0.42) ** 2) / 0.03)
        ball = colour(*paint_colour) * light[..., None] + 0.85 * shine[..., None]
        image = np.where((u**2 + v**2 < 1)[..., None], ball, image)
    return image


def colour(red: float, green: float, blue: float) -> Plane:
    """Return a colour."""
    return np.array([red, green, blue])


def mix(first: Plane, second: Plane, share: Plane) -> Plane:
    """Return the first colour where share is 0, the second where it is 1."""
    return first + (second - first) * share[..., None]


def paint(image: Plane, cover: "Plane | NDArray[np.bool_]", fill: Plane) -> Plane:
    """Lay a colour over an image as far as it covers."""
    return np.asarray(image + (fill - image) * np.asarray(cover, float)[..., None])


IMAGES: Mapping[str, Callable[[], Plane]] = {
    "heart": heart,
    "shapes": shapes,
    "lettering": lettering,
    "landscape": landscape,
    "marbles": marbles,
}


def rebuild(path: Path = TARGET) -> None:
    """Write the images into a compressed file, (H, W) or (H, W, 3), uint8."""
    np.savez_compressed(path, **{name: average_down(draw()) for name, draw in IMAGES.items()})  # type: ignore[arg-type]


if __name__ == "__main__":
    rebuild()
    sys.stdout.write(f"Wrote {TARGET}\n")
