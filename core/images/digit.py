"""Prepare the photo of a digit as the digits were made that networks learn from."""

from dataclasses import replace

import numpy as np

from core.images.desk import Desk
from core.images.ink import Levels, find_levels, ramp, stretched, without_specks
from core.images.light import background, evened, paper_is_light
from core.images.photo import PhotoError
from core.images.scaling import area, fit
from core.images.stages import Stage, grey_of
from core.images.wanted import Wanted
from core.values import Array, Shape

_INK = 0.5
"""What is more than half-way from paper to ink counts as ink where it is cut out."""
_FAINTEST = 0.06
"""The least contrast, as a share of the way from black to white, that is taken for ink."""
_ABOVE_NOISE = 5.0
"""How many standard deviations of the paper's noise ink has to stand out."""
_MNIST_BOX, _MNIST_FIELD = 20, 28
_UCI_BOX, _UCI_FIELD, _UCI_BLOCK = (32, 20), (32, 32), 4


class DigitDesk(Desk):
    """Prepares a digit, stage by stage."""

    def make(self) -> tuple[Stage, ...]:
        """Return the stages from the evened light to what enters the network.

        Raises
        ------
        PhotoError
            If there is no ink on the paper.
        """
        whole = self.photo.working
        light = self._paper_is_light(whole)
        grey = self._grey(self._even_light(whole, light))
        ink = self._threshold(self._invert(grey, light))
        self._size(self._crop(ink))
        return tuple(self.stages)

    def _paper_is_light(self, image: Array) -> bool:
        if self.settings.paper is not None:
            return self.settings.paper == "light"
        return paper_is_light(grey_of(image))

    def _even_light(self, image: Array, light: bool) -> Array:
        parameters = "even_light", "window"
        if not self.settings.even_light:
            return self._add("Light left as it is", "Shadows stay.", image, *parameters)
        paper = background(grey_of(image), light, self.settings.window)
        how = "Divided by" if light else "Less"
        sentence = f"{how} the paper without its ink, which is {paper.min():.2f} to {paper.max():.2f} bright."
        return self._add("Light evened out", sentence, evened(image, paper, light), *parameters)

    def _grey(self, image: Array) -> Array:
        sentence = "Luma: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601)."
        if image.ndim == 2:
            sentence = "It has no colours."
        return self._add("Grey", sentence, grey_of(image))

    def _invert(self, grey: Array, light: bool) -> Array:
        paper = "light" if light else "dark"
        if light:
            return self._add("Inverted", "The paper is light: 1 less each number.", 1 - grey, "paper", paper=paper)
        return self._add("Not inverted", "The paper is dark already.", grey, "paper", paper=paper)

    def _threshold(self, grey: Array) -> Array:
        levels = find_levels(grey, self.settings.threshold)
        self._check(levels)
        low, high = ramp(levels, self.settings.softness)
        ink = stretched(grey, low, high)
        ink, dust, outside = without_specks(ink, _INK, self.settings.specks)
        parts = [f"Below {low:.2f} is paper, above {high:.2f} ink"]
        parts += [f"{dust} specks of dust are left out"] if dust else []
        parts += [f"{outside} spots at the edge are left out"] if outside else []
        parameters = "threshold", "softness", "specks"
        return self._add("Threshold", "; ".join(parts) + ".", ink, *parameters, threshold=levels.threshold)

    def _check(self, levels: Levels) -> None:
        least = max(_FAINTEST, _ABOVE_NOISE * levels.noise)
        if levels.contrast >= least:
            return
        if self.settings.threshold is None:
            raise PhotoError(
                f"{self.photo.title} shows no digit: expected ink that stands out of its paper by at least {least:.2f} "
                f"of the way from black to white; got {max(levels.contrast, 0.0):.2f}."
            )
        raise PhotoError(f"{self.photo.title} has no ink above the threshold of {levels.threshold:g}; choose another.")

    def _crop(self, ink: Array) -> Array:
        rows, columns = (np.flatnonzero((ink > _INK).any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            raise PhotoError(f"{self.photo.title} has no ink left; choose another threshold, or keep smaller spots.")
        top, left = rows[0], columns[0]
        cropped = ink[top : rows[-1] + 1, left : columns[-1] + 1]
        height, width = cropped.shape
        sentence = f"{height} × {width} pixels hold all ink, from row {top} and column {left}."
        return self._add("Cropped to the ink", sentence, cropped)

    def _size(self, ink: Array) -> None:
        style = self.settings.style or self.wanted.style
        if style == "uci":
            self._like_uci(ink)
        else:
            self._like_mnist(ink)

    def _like_mnist(self, ink: Array) -> None:
        """Scale and centre as the digits of MNIST were made, in proportion where the size is another.

        References
        ----------
        Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST Database of Handwritten Digits" (1998): size normalized to
        fit in a 20 × 20 box, anti-aliased, centred by mass in 28 × 28.
        """
        size = self.wanted.size
        automatic = max(1, round(min(size) * _MNIST_BOX / _MNIST_FIELD))
        box = min(self.settings.box or automatic, *size)
        scale = box / max(ink.shape)
        height, width = (max(1, round(side * scale)) for side in ink.shape)
        scaled = area(ink, (height, width))
        self._add(
            f"Scaled to fit {box} × {box}",
            f"{height} × {width}: each new pixel is the mean of what it covers, as MNIST was made (LeCun).",
            scaled, "style", "box", style="mnist", box=automatic,
        )  # fmt: skip
        centred, down, right = _centred(scaled, size)
        sentence = f"The centre of its mass lies in the middle: {down} rows down, {right} columns to the right."
        self._add(f"Centred in {size[0]} × {size[1]}", sentence, centred)

    def _like_uci(self, ink: Array) -> None:
        """Scale and count as the digits of UCI were made, and enlarge that where the size is another.

        References
        ----------
        E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits" (1998): bitmaps of 32 × 32, made with the
        preprocessing programs of NIST, counted in blocks of 4 × 4. M. D. Garris et al., "NIST Form-Based Handprint
        Recognition System", NISTIR 5469 (1994): normalised to 32 rows and 20 columns.
        """
        bitmap = (area(ink, _UCI_BOX) > 0.5).astype(np.float32)
        sentence = "32 rows and 20 columns, each pixel ink or paper, as NIST's programs made the UCI digits."
        self._add("Scaled to 32 × 20", sentence, bitmap, "style", style="uci")
        middle = fit(bitmap, _UCI_FIELD)
        self._add("Centred in 32 × 32", "Six columns of paper on either side.", middle)
        side = _UCI_FIELD[0] // _UCI_BLOCK
        counted = middle.reshape(side, _UCI_BLOCK, side, _UCI_BLOCK).mean(axis=(1, 3), dtype=np.float32)
        sentence = "The share of ink in each block of 4 × 4, in sixteenths (Alpaydin and Kaynak)."
        self._add("Counted in blocks", sentence, counted)
        if self.wanted.size != counted.shape:
            height, width = self.wanted.size
            sentence = "As the digits of the data were enlarged: interpolated, in the middle."
            self._add(f"Enlarged to {height} × {width}", sentence, fit(counted, self.wanted.size))


def _centred(ink: Array, size: Shape) -> tuple[Array, int, int]:
    """Return ink in a frame, moved by whole pixels so that its mass is in the middle, and where its corner came."""
    mass = float(ink.sum(dtype=np.float64))
    corner = []
    for axis, (inner, outer) in enumerate(zip(ink.shape, size, strict=True)):
        along = ink.sum(axis=1 - axis, dtype=np.float64)
        center = float(along @ np.arange(inner)) / mass
        corner.append(int(np.clip(round(outer // 2 - center), 0, outer - inner)))
    framed = np.zeros(size, ink.dtype)
    top, left = corner
    framed[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return framed, top, left


def as_entered(stage: Stage, wanted: Wanted) -> Stage:
    """Return the image in numbers from 0 to 1, in the dtype of the network; they enter it, or what normalises them."""
    array = stage.array if wanted.channels != 3 or stage.array.ndim == 3 else np.repeat(stage.array[..., None], 3, 2)
    numbers = array.astype(wanted.dtype)
    if wanted.white != 1:
        numbers = (numbers * wanted.white).astype(wanted.dtype)
    sentence = f"From {numbers.min():.2f} to {numbers.max():.2f}"
    sentence += "." if wanted.normalisation is not None else ": exactly these numbers enter the network."
    limits = stage.limits[0] * wanted.white, stage.limits[1] * wanted.white
    title = f"Scaled to 0 … {wanted.white:g}"
    return replace(stage, title=title, sentence=sentence, array=numbers, limits=limits, parameters=(), found={})
