"""The presentation: the stage alone, as large as its screen, with what comes when the mouse moves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QCursor, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow, QVBoxLayout, QWidget

from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.panels.presenter import PresenterPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.window.actions.keyboard import is_field, keeps_key
from viz_app.window.actions.menus import PRESENTATION
from viz_app.window.presentation.controls import ControlBar
from viz_app.window.presentation.pointer import Look, Pointer

_IDLE_MS = 2500
"""So long after the mouse has moved the controls and its arrow go."""
_USUAL, _LARGEST = (68.0, 38.0), (44.0, 26.0)
"""How many sizes of text the stage is wide and high, fewer than in the main window, so that the last row reads it; and
at the largest scale, with which the maps keep most of the room."""
_ROOM = 1600.0, 900.0
"""From so many pixels on all is drawn larger, lines and cells as well as text."""
_MESSAGE_MS = 6000
_WIDGETS = 78.0, 44.0
"""The same for the controls and the notes."""
_LEAST_TEXT = 13.0
_NOTES = 0.34
"""The share of the height that the notes take at most."""
_REMOTE = Qt.Key.Key_PageUp, Qt.Key.Key_PageDown
"""The keys of a presenter's remote, which step whatever has the keyboard."""


class PresentedStage(StagePanel):
    """The stage with text as large as its room allows.

    It arranges and paints a turn of the event loop after the main window: so neither waits for both.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, told=False)
        self._share = 1.0
        self._latest: Frame | None = None
        self._likely: Frame | None = None
        self._soon, self._idly = QTimer(self), QTimer(self)
        for timer, slot in ((self._soon, self._show_latest), (self._idly, self._prefetch_likely)):
            timer.setSingleShot(True)
            timer.setInterval(0)
            timer.timeout.connect(slot)

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame, unless another one comes at once."""
        self._latest = frame
        self._soon.start()

    def prefetch_frame(self, frame: Frame) -> None:
        """Arrange and paint a frame that is likely to be shown next."""
        self._likely = frame
        self._idly.start()

    def stop(self) -> None:
        """Draw no more."""
        self._soon.stop()
        self._idly.stop()

    def set_share(self, share: float) -> None:
        """Take text larger than usual by a factor, as far as the maps keep most of the room."""
        if share != self._share:
            self._share = share
            self._show_later()

    def room_for(self, width: float, height: float) -> tuple[float, float, float]:
        """Return the room of a picture: the same on a larger screen, whose pixels nobody sees from further away."""
        scale = max(min(side / most for side, most in zip((width, height), _ROOM, strict=True)), 1.0)
        width, height = width / scale, height / scale
        wanted, most = (min(width / wide, height / high) for wide, high in (_USUAL, _LARGEST))
        return width, height, min(wanted * self._share, most)

    def _show_latest(self) -> None:
        if self._latest is not None:
            super().show_frame(self._latest)

    def _prefetch_likely(self) -> None:
        if self._likely is not None:
            super().prefetch_frame(self._likely)


class BlackScreen(QWidget):
    """Nothing, so that everybody looks at the presenter; a click brings the stage back."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Black screen")
        self.setObjectName("blackScreen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("background: #000000;")
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class PresentationWindow(QWidget):
    """Show the stage full screen; what it is told it shows, what is asked of it goes up as signals.

    Parameters
    ----------
    outer : QMainWindow
        The main window.
    shared : sequence of QAction
        The actions of the main window whose keys are those of the presentation, too.
    look : callable
        Returns the theme, and how much larger than usual text is.
    """

    ended = Signal()
    escaped = Signal()
    """Esc was pressed, and nothing lies over the stage."""

    def __init__(self, outer: QMainWindow, shared: Sequence[QAction], look: Callable[[], tuple[Theme, float]]) -> None:
        super().__init__(outer, Qt.WindowType.Window)
        self._look, self._sizes = look, ""
        self.setWindowTitle("Presentation – NetStep")
        self.setObjectName("presentation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stage = PresentedStage(self)
        self.quiz = QuizPanel(self)
        self.notes = QFrame(self)
        self.told = PresenterPanel(self.notes)
        self.controls, self.pointer, self.black = ControlBar(self), Pointer(self), BlackScreen(self)
        self.toast = QLabel(self)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_MESSAGE_MS)
        self._telling.timeout.connect(self.toast.hide)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self.addActions(list(shared))
        self.keys = {info.name: self._key(info.name, info.text, info.keys) for info in PRESENTATION}
        self._lay_out()
        self._connect_signals()
        self.take_look()

    def open_on(self, screen: QScreen) -> None:
        """Fill a screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.stage.setFocus()
        self._rest()

    def take_look(self) -> None:
        """Take the colours and the size of text that were chosen."""
        theme, share = self._look()
        wide, high = _WIDGETS
        em = max(min(self.width() / wide, self.height() / high), _LEAST_TEXT)
        sizes = _style(theme, em)
        if sizes != self._sizes:
            self._sizes = sizes
            self.setStyleSheet(sizes)
        self.stage.set_theme(theme)
        self.stage.set_share(share)
        self.controls.set_look(theme, em)
        self.quiz.set_theme(theme)
        self.quiz.set_em(em)
        self.told.set_theme(theme)
        self.told.set_em(em)
        self._place()

    def toggle_black(self) -> None:
        """Show nothing, or the stage again."""
        self.black.setVisible(self.black.isHidden())
        self.black.raise_()

    def toggle_notes(self) -> None:
        """Show what there is to say of the step below the stage, or hide it."""
        self.notes.setVisible(self.notes.isHidden())
        self._tell_means()

    def change_pointer(self) -> None:
        """Take the next look of the pointer."""
        if self.pointer.at is None:
            at = self.mapFromGlobal(QCursor.pos())
            self.pointer.move_to(at if self.rect().contains(at) else self.rect().center())
        self.pointer.show_next()
        self.controls.raise_()
        self._show_cursor(self.controls.isVisible())
        self._tell_means()

    def do(self, name: str) -> bool:
        """Do what a button asks for, where it is a matter of the presentation alone; return whether it was."""
        done = {"pointer": self.change_pointer, "black": self.toggle_black, "notes": self.toggle_notes}
        if name == "close":
            self.close()
        elif name in done:
            done[name]()
        return name == "close" or name in done

    def leave(self) -> None:
        """Close what is on top: the black screen, or a field that is typed in; else ask what is next."""
        field = self.focusWidget()
        if self.black.isVisible():
            self.toggle_black()
        elif is_field(field):
            self.stage.setFocus()
        else:
            self.escaped.emit()

    def show_message(self, text: str) -> None:
        """Say something for a few seconds."""
        self.toast.setText(text)
        self._place()
        self.toast.show()
        self.toast.raise_()
        self._telling.start()

    def event(self, event: QEvent) -> bool:
        """Keep keys from being shortcuts while a field is typed in, but for those of a remote."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._keeps(event):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.take_look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.take_look()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._idle.stop()
        self._telling.stop()
        self.stage.stop()
        self.told.end()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and isinstance(watched, QWidget):
            self._wake(watched.mapTo(self, event.position().toPoint()))
        elif event.type() is QEvent.Type.Leave and watched is self.stage.canvas:
            self.pointer.move_to(None)
        return False

    def _keeps(self, event: QKeyEvent) -> bool:
        return event.key() not in _REMOTE and keeps_key(self.focusWidget(), event)

    def _wake(self, at: QPoint) -> None:
        """Show the controls and the arrow of the mouse, and let the pointer follow it."""
        self.pointer.move_to(at)
        if self.controls.isHidden():
            self.controls.adjustSize()
            self._place()
            self.controls.show()
            self.controls.raise_()
        self._show_cursor(True)
        self._idle.start()

    def _rest(self) -> None:
        """Hide them again, unless they are in use."""
        if self.controls.in_use:
            self._idle.start()
            return
        self.controls.hide()
        self._show_cursor(False)

    def _show_cursor(self, shown: bool) -> None:
        """Show the arrow of the mouse, where no pointer is in its place."""
        arrow = shown and self.pointer.look is Look.NONE
        self.stage.canvas.setCursor(Qt.CursorShape.ArrowCursor if arrow else Qt.CursorShape.BlankCursor)

    def _tell_means(self) -> None:
        self.controls.show_means({"pointer": self.pointer.look is not Look.NONE, "notes": self.notes.isVisible()})

    def _place(self) -> None:
        """Put what lies over the stage where it belongs: the controls over its headline, where no cell is clicked."""
        self.pointer.setGeometry(self.rect())
        self.black.setGeometry(self.rect())
        self.notes.setMaximumHeight(round(_NOTES * self.height()))
        size: QSize = self.controls.sizeHint().boundedTo(self.size())
        margin = size.height() // 6
        self.controls.setGeometry((self.width() - size.width()) // 2, margin, size.width(), size.height())
        self.toast.setFixedWidth(min(self.width() - 2 * margin, 4 * self.width() // 5))
        self.toast.adjustSize()
        bottom = self.stage.geometry().bottom() - 3 * margin
        self.toast.move((self.width() - self.toast.width()) // 2, bottom - self.toast.height())

    def _key(self, name: str, text: str, keys: Sequence[str]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setAutoRepeat(False)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        column, inner = QVBoxLayout(self), QVBoxLayout(self.notes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        column.addWidget(self.quiz)
        column.addWidget(self.notes)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.told)
        self.notes.setObjectName("notes")
        self.notes.hide()
        self.told.begin()
        self.controls.hide()
        self.toast.setObjectName("toast")
        self.toast.setWordWrap(True)
        self.toast.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toast.hide()

    def _connect_signals(self) -> None:
        self._idle.timeout.connect(self._rest)
        for name, slot in (("pointer", self.change_pointer), ("black", self.toggle_black), ("notes", self.toggle_notes),
                           ("leave_presentation", self.leave)):  # fmt: skip
            self.keys[name].triggered.connect(slot)
        self.black.clicked.connect(self.toggle_black)
        self.told.black_requested.connect(self.toggle_black)
        self.told.end_requested.connect(self.close)
        self.stage.canvas.installEventFilter(self)


def _style(theme: Theme, em: float) -> str:
    """Return the style sheet of what stands over and below the stage."""
    text, radius = round(em), round(0.6 * em)
    return f"""
        QWidget#presentation {{ background: {theme.base}; }}
        QWidget#presentation QLabel, QWidget#presentation QAbstractSpinBox, QWidget#presentation QToolButton,
        QWidget#presentation QPushButton, QWidget#presentation QLineEdit, QWidget#presentation QComboBox,
        QWidget#presentation QWidget#said {{ font-size: {text}px; }}
        QWidget#presentation QLabel#name, QWidget#presentation QLabel#clock {{
            font-size: {round(1.15 * em)}px; font-weight: 600;
        }}
        QWidget#presentation QToolButton {{
            padding: {round(0.35 * em)}px {round(0.45 * em)}px; border-radius: {round(0.4 * em)}px;
        }}
        QWidget#presentation QPushButton {{
            padding: {round(0.35 * em)}px {round(0.8 * em)}px; border-radius: {round(0.4 * em)}px;
        }}
        QWidget#presentation QLineEdit, QWidget#presentation QComboBox {{
            padding: {round(0.3 * em)}px {round(0.5 * em)}px; border-radius: {round(0.4 * em)}px;
        }}
        QWidget#presentation QComboBox {{ padding-right: {round(1.6 * em)}px; }}
        QWidget#presentation QComboBox::drop-down {{ width: {round(1.5 * em)}px; }}
        QWidget#presentation QComboBox::down-arrow, QWidget#presentation QAbstractSpinBox::up-arrow,
        QWidget#presentation QAbstractSpinBox::down-arrow {{ width: {round(0.7 * em)}px; height: {round(0.7 * em)}px; }}
        QWidget#presentation QAbstractSpinBox {{
            padding: {round(0.3 * em)}px {round(1.6 * em)}px {round(0.3 * em)}px {round(0.3 * em)}px;
            border-radius: {round(0.4 * em)}px;
        }}
        QWidget#presentation QAbstractSpinBox::up-button, QWidget#presentation QAbstractSpinBox::down-button {{
            width: {round(1.5 * em)}px;
        }}
        QFrame#controls {{
            background: {theme.base}; border: 1px solid {theme.border}; border-radius: {radius}px;
        }}
        QLabel#toast {{
            background: {theme.window}; border: 1px solid {theme.border}; border-radius: {radius}px;
            padding: {round(0.5 * em)}px {round(0.8 * em)}px;
        }}
        QFrame#notes {{ background: {theme.window}; border-top: 1px solid {theme.border}; }}
    """
