"""The stage: the picture of the current operation, and a line that tells of the cell under the mouse."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viz_app.frame.frame import CellDetail, Frame
from viz_app.frame.words.live import COVERED
from viz_app.frame.words.numbers import number, place
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Picture
from viz_app.picture.stages import arrange, text_size
from viz_app.widgets.pictures.canvas import Canvas
from viz_app.widgets.texts.line import Line

_MESSAGE_MS = 8000
_HINT = (
    "Point at a cell to see its number; click to keep it, Ctrl-click to see what it reaches; ↓ walks through them.",
    "Point at a cell to see its number; click to keep it; ↓ walks through them.",
    "Point at a cell to see its number; click it to keep it.",
    "Point at a cell to see its number.",
)
"""What can be done with the mouse and a key, and shorter forms of it."""
_HINT_OF_BLOCK = (
    "Point at a cell to see its number; click to keep it; ↓ goes into the block, ↑ comes out of it again.",
    "Point at a cell to see its number; ↓ goes into the block.",
    "↓ goes into the block.",
)
"""The same of a folded block."""


class StagePanel(QWidget):
    """Draw the operation of a frame, as large as there is room.

    Parameters
    ----------
    told : bool
        Whether a line below the picture tells of the cell under the mouse, and of what happens.
    """

    cell_hovered = Signal(str, object)
    cell_clicked = Signal(str, object, bool)
    cell_opened = Signal(str, object)
    choice_requested = Signal(str, int)
    menu_requested = Signal(str, object)
    """The key of the map under the mouse, or nothing, and where on the screen its menu opens."""

    def __init__(self, parent: QWidget | None = None, *, told: bool = True) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._prefetched: tuple[Frame, tuple[float, float, float], Picture] | None = None
        self._em = 14.0
        self.canvas = Canvas("Stage: the current operation", self)
        self._line = Line(margin=10)
        self._line.set_text(*_HINT)
        self._message = QTimer(self)
        self._message.setSingleShot(True)
        self._message.setInterval(_MESSAGE_MS)
        self._message.timeout.connect(self._show_cell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._line)
        self._line.setVisible(told)
        self.setFocusProxy(self.canvas)
        self.canvas.cell_hovered.connect(self.cell_hovered)
        self.canvas.cell_clicked.connect(self.cell_clicked)
        self.canvas.cell_opened.connect(self.cell_opened)
        self.canvas.choice_requested.connect(self.choice_requested)
        self.canvas.resized.connect(self._show_later)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._ask_for_menu)

    @property
    def line(self) -> str:
        """What the line below the picture says: a message for a few seconds, else of the cell."""
        return self._line.text

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame."""
        before, self._frame = self._frame, frame
        if before and before.cursor != frame.cursor:
            self._message.stop()  # it was about another place
        if before and before.step != frame.step:
            self.canvas.reset_view()  # what was magnified is not there any more
        if not self._message.isActive():
            self._show_cell()
        if before and before.program is frame.program:
            self._show(frame)
        else:  # panels come and go with what is opened, and the room changes
            self._show_later()

    def prefetch_frame(self, frame: Frame) -> None:
        """Arrange and paint a frame that is likely to be shown next."""
        if room := self._room():
            self._prefetched = frame, room, arrange(frame, *room)
            self.canvas.prefetch_picture(self._prefetched[2])

    def add_below(self, widget: QWidget) -> None:
        """Put something between the picture and the line."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, widget)

    def show_message(self, text: str) -> None:
        """Say something for a few seconds."""
        self._line.set_text(text)
        self._message.start()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.canvas.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._show_later()

    def _ask_for_menu(self, at: QPoint) -> None:
        self.menu_requested.emit(self.canvas.key_at(at), self.canvas.mapToGlobal(at))

    def _show_cell(self) -> None:
        detail = self._frame.detail if self._frame else None
        hint = _HINT_OF_BLOCK if self._frame and self._frame.block else _HINT
        self._line.set_text(*(cell_lines(detail) if detail else hint))

    def _show(self, frame: Frame) -> None:
        if room := self._room():
            self.canvas.show_picture(self._arranged(frame, room))

    def _show_later(self, *_: int) -> None:
        """Arrange the frame once all that it depends on has changed, as it is painted."""
        if self._frame is not None and self._room():
            self.canvas.show_made(self._arranged_now)

    def _arranged_now(self) -> Picture:
        frame, room = self._frame, self._room()
        return self._arranged(frame, room) if frame and room else Picture(1, 1, 1, ())

    def _arranged(self, frame: Frame, room: tuple[float, float, float]) -> Picture:
        ready = self._prefetched is not None and self._prefetched[:2] == (frame, room)
        return self._prefetched[2] if ready and self._prefetched else arrange(frame, *room)

    def _room(self) -> tuple[float, float, float] | None:
        """Return the width, the height and the size of text of the picture; ``None`` where there is no room."""
        width, height = self.canvas.width(), self.canvas.height()
        return self.room_for(width, height) if width > 0 and height > 0 else None

    def room_for(self, width: float, height: float) -> tuple[float, float, float]:
        """Return the width, the height and the size of text of the picture that fills so many pixels."""
        return width, height, text_size(width, height, self._em)


def cell_lines(detail: CellDetail) -> tuple[str, str]:
    """Return a cell's name, value and shape, ``w₁[12, 3] = −0.0312 · 64 × 32``, and the same without the shape."""
    value = number(detail.number, 6) if detail.number is not None else COVERED if detail.covered else "not computed yet"
    short = f"{detail.view.name}{place(detail.focus.index)} = {value}"
    return f"{short} · {detail.view.shape_text}", short
