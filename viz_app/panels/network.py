"""The network, layer by layer, with a thumbnail of every value worth one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Picture
from viz_app.picture.network import arrange_network
from viz_app.widgets.canvas import Canvas


class NetworkPanel(QScrollArea):
    """Draw the network of a frame as high as it needs to be; a click on a value asks for it."""

    value_requested = Signal(str)
    cell_hovered = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._prefetched: tuple[Frame, tuple[int, float], Picture] | None = None
        self._em = 12.0
        self.canvas = Canvas("Network: the values of every layer")
        self.canvas.set_zoomable(False)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidget(self.canvas)
        self.setMinimumWidth(200)
        self.canvas.value_requested.connect(self.value_requested)
        self.canvas.cell_hovered.connect(self.cell_hovered)
        self.canvas.resized.connect(self._arrange)

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame."""
        self._frame = frame
        self._arrange()

    def prefetch_frame(self, frame: Frame) -> None:
        """Arrange and paint a frame that is likely to be shown next."""
        if self.canvas.width() > 0:
            self._prefetched = frame, self._width_and_em(), arrange_network(frame, *self._width_and_em())
            self.canvas.prefetch_picture(self._prefetched[2])

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.canvas.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._arrange()

    def _arrange(self) -> None:
        if self._frame is None or self.canvas.width() <= 0:
            return
        size = self._width_and_em()
        ready = self._prefetched is not None and self._prefetched[:2] == (self._frame, size)
        picture = self._prefetched[2] if self._prefetched and ready else arrange_network(self._frame, *size)
        self.canvas.setFixedHeight(max(round(picture.height), 1))
        self.canvas.show_picture(picture)

    def _width_and_em(self) -> tuple[int, float]:
        return self.canvas.width(), self._em
