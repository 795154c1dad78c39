"""Prepare a picture whole: in grey or colour, at the size that the network takes."""

import numpy as np

from core.images.desk import Desk
from core.images.scaling import area
from core.images.stages import Stage, grey_of
from core.values import Array, Shape


class PictureDesk(Desk):
    """Prepares a picture of any kind, stage by stage."""

    def make(self) -> tuple[Stage, ...]:
        """Return the stages from the colours to the size that the network takes."""
        image = self._channels(self.photo.working)
        if self.settings.invert:
            image = self._add("Inverted", "1 less each number.", 1 - image, "invert")
        else:
            image = self._add("Not inverted", "Light stays light.", image, "invert")
        self._size(image)
        return tuple(self.stages)

    def _channels(self, image: Array) -> Array:
        channels = self.wanted.channels or (3 if image.ndim == 3 else 1)
        if channels == 1 and image.ndim == 3:
            sentence = "Luma: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601)."
            return self._add("Grey", sentence, grey_of(image))
        if channels == 1:
            return self._add("Grey", "It has no colours.", image)
        if image.ndim == 2:
            return self._add("Colour", "Red, green and blue are alike.", np.repeat(image[..., None], 3, axis=2))
        return self._add("Colour", "Red, green and blue.", image)

    def _size(self, image: Array) -> None:
        if self.wanted.any_size:
            self._bring_down(image)
            return
        size = self.wanted.size
        name = f"{size[0]} × {size[1]}"
        match self.settings.placing:
            case "stretch":
                self._add(f"Stretched to {name}", "Its proportions change.", area(image, size), "placing")
            case "fit":
                self._add(f"Fitted into {name}", "What is left over is 0.", _fitted(image, size), "placing")
            case _:
                self._add(f"Cropped to {name}", "What is too long is cut off.", _cropped(image, size), "placing")

    def _bring_down(self, image: Array) -> None:
        height, width = image.shape[:2]
        most = self.wanted.size[0]
        if max(height, width) <= most:
            self._add("Size kept", f"{height} × {width}: as it is.", image)
            return
        scale = most / max(height, width)
        size = max(1, round(height * scale)), max(1, round(width * scale))
        sentence = f"Larger than {most} × {most}: each new pixel is the mean of what it covers."
        self._add(f"Brought down to {size[0]} × {size[1]}", sentence, area(image, size))


def _fitted(image: Array, size: Shape) -> Array:
    scale = min(size[0] / image.shape[0], size[1] / image.shape[1])
    inner = [max(1, min(most, round(side * scale))) for side, most in zip(image.shape[:2], size, strict=True)]
    framed = np.zeros((*size, *image.shape[2:]), image.dtype)
    top, left = ((most - side) // 2 for side, most in zip(inner, size, strict=True))
    framed[top : top + inner[0], left : left + inner[1]] = area(image, (inner[0], inner[1]))
    return framed


def _cropped(image: Array, size: Shape) -> Array:
    """Return the largest part in the middle that has the proportions of the size, at that size."""
    scale = min(image.shape[0] / size[0], image.shape[1] / size[1])
    height, width = (max(1, round(side * scale)) for side in size)
    top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    return area(image[top : top + height, left : left + width], size)
