"""Map a picture to a widget: fitted, or magnified about a point. Pure, without Qt."""

from dataclasses import dataclass, replace

LARGEST_ZOOM = 60.0

Point = tuple[float, float]


@dataclass(frozen=True)
class View:
    """What part of a picture is seen, and how large.

    Parameters
    ----------
    picture, widget : tuple of float
        The sizes, width and height, in pixels; both positive.
    zoom : float
        1 fits the picture into the widget.
    center : tuple of float
        The point of the picture in the middle of the widget.
    """

    picture: Point
    widget: Point
    zoom: float
    center: Point

    @property
    def scale(self) -> float:
        """How many pixels of the widget a pixel of the picture is."""
        return self.zoom * min(have / size for have, size in zip(self.widget, self.picture, strict=True))

    @property
    def origin(self) -> Point:
        """Where the picture's corner lies in the widget."""
        left, top = (have / 2 - at * self.scale for have, at in zip(self.widget, self.center, strict=True))
        return left, top

    @property
    def zoomed(self) -> bool:
        """Whether it is magnified."""
        return self.zoom > 1.0

    def to_picture(self, x: float, y: float) -> Point:
        """Return the point of the picture at a point of the widget."""
        left, top = self.origin
        return (x - left) / self.scale, (y - top) / self.scale

    def to_widget(self, x: float, y: float) -> Point:
        """Return the point of the widget at a point of the picture."""
        left, top = self.origin
        return left + x * self.scale, top + y * self.scale

    def magnified(self, factor: float, x: float, y: float) -> "View":
        """Return the view magnified about a point of the widget, which keeps its place."""
        at = self.to_picture(x, y)
        changed = replace(self, zoom=min(max(self.zoom * factor, 1.0), LARGEST_ZOOM))
        middle_x, middle_y = (have / 2 for have in self.widget)
        center = at[0] + (middle_x - x) / changed.scale, at[1] + (middle_y - y) / changed.scale
        return replace(changed, center=center).kept_inside()

    def moved(self, dx: float, dy: float) -> "View":
        """Return the view with the picture moved by pixels of the widget."""
        center = self.center[0] - dx / self.scale, self.center[1] - dy / self.scale
        return replace(self, center=center).kept_inside()

    def kept_inside(self) -> "View":
        """Return the view moved so that no edge of the picture comes inside the widget without need."""
        seen = (have / self.scale for have in self.widget)
        center_x, center_y = (
            size / 2 if size <= part else min(max(at, part / 2), size - part / 2)
            for at, size, part in zip(self.center, self.picture, seen, strict=True)
        )
        return replace(self, center=(center_x, center_y))


def fitted(picture: Point, widget: Point) -> View:
    """Return the view that shows the whole picture; an empty widget counts as a pixel."""
    picture, widget = ((max(width, 1.0), max(height, 1.0)) for width, height in (picture, widget))
    return View(picture, widget, 1.0, (picture[0] / 2, picture[1] / 2))
