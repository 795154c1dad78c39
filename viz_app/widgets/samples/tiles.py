"""Say where tiles of one size stand in rows."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF


@dataclass(frozen=True)
class Tiles:
    """Tiles in rows, as many in each as there is room for.

    Parameters
    ----------
    width, height : float
        The size of a tile with the room around it, in pixels.
    columns : int
        How many stand in a row; at least 1.
    """

    width: float
    height: float
    columns: int

    @classmethod
    def filling(cls, room: float, width: float, height: float) -> "Tiles":
        """Return as many tiles beside each other as fit into so many pixels."""
        return cls(width, height, max(int(room / width), 1))

    def box(self, place: int) -> QRectF:
        """Return where the tile at a place is, with the room around it."""
        row, column = divmod(place, self.columns)
        return QRectF(column * self.width, row * self.height, self.width, self.height)

    def place_at(self, x: float, y: float, count: int) -> int | None:
        """Return the place of the tile at a point; ``None`` where none of so many is."""
        column, row = int(x // self.width), int(y // self.height)
        place = row * self.columns + column
        return place if 0 <= column < self.columns and 0 <= place < count else None

    def seen(self, top: float, bottom: float, count: int) -> range:
        """Return the places of those of so many tiles that stand between two heights, wholly or in part."""
        first = max(int(top // self.height), 0) * self.columns
        return range(min(first, count), min((int(bottom // self.height) + 1) * self.columns, count))

    def high(self, count: int) -> float:
        """Return how high so many tiles are together."""
        return -(-count // self.columns) * self.height
