"""Choose how an input of one's own is brought, and see what the network answers to it."""

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QStackedWidget, QTabWidget, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.values import Array
from viz_app.frame.frame import Frame
from viz_app.frame.told.written import Written
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.own_input.answer import AnswerColumn
from viz_app.panels.own_input.page import InputPage
from viz_app.saved.own import Own

if TYPE_CHECKING:
    from viz_app.panels.own_input.draw import DrawPage
    from viz_app.panels.own_input.image import ImagePage

Page = TypeVar("Page", bound=InputPage)


class OwnInputPanel(QWidget):
    """The pages, each by its tab; one that means nothing for the network says why.

    The pages are made when the panel is first shown: the start of the window does not wait for them.
    """

    drafted = Signal(object)
    """A ``Guest`` that is still being made, or ``None`` where there is nothing yet."""
    guest_requested = Signal(object)
    """A ``Guest`` that the network is to be run on."""
    back_requested = Signal()
    """The network is to be run on its data again."""

    open_requested = Signal()
    """A file is to be chosen and opened."""
    paste_requested = Signal()
    """What is on the clipboard is to be taken."""
    cancel_requested = Signal()
    """What is being read is not wanted any more."""
    picture_requested = Signal(object, str)
    """The image that one kernel is to slide over, (channels, h, w), and its title."""

    text_typed = Signal(str)
    """A text that is to be continued."""
    taste_chosen = Signal(object)
    """A ``Taste``: how the next token is chosen."""
    wished = Signal(object)
    """A ``Wish``: what is asked of the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._written = Written()
        self._frame: Frame | None = None
        self._guest: Guest | None = None
        self._draft: Guest | None = None
        self._own = Own()
        self._theme, self._em = LIGHT, 13.0
        self._leaves: tuple[_Leaf, ...] = ()
        self.answer = AnswerColumn()
        self.answer.back_requested.connect(self.back_requested)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs.tabBar().setExpanding(False)
        self._tabs.setAccessibleName("How the input is brought")
        self._tabs.currentChanged.connect(self._show_answer)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.addWidget(self._tabs, 1)
        row.addWidget(self.answer)

    @property
    def pages(self) -> tuple[InputPage, ...]:
        """The pages, once the panel has been shown."""
        return tuple(leaf.page for leaf in self._leaves)

    @property
    def page(self) -> InputPage:
        """The page whose tab is chosen."""
        return self._leaves[self._tabs.currentIndex()].page

    @property
    def busy(self) -> bool:
        """Whether a person is in the middle of something that must not wait for what is done while idle."""
        return any(page.busy for page in self.pages)

    @property
    def reason(self) -> str:
        """Why the chosen page means nothing for the network; nothing where it does."""
        return self._leaves[self._tabs.currentIndex()].reason

    def choose(self, kind: type[InputPage]) -> None:
        """Choose a page; the panel has been shown."""
        self._tabs.setCurrentIndex(next(n for n, page in enumerate(self.pages) if isinstance(page, kind)))

    def page_of(self, kind: type[Page]) -> Page:
        """Return the page of a kind; the panel has been shown."""
        return next(page for page in self.pages if isinstance(page, kind))

    @property
    def own(self) -> Own:
        """What was brought to the pages, as it is saved with a session."""
        if not self._leaves:
            return self._own
        image, draw = self._image_and_drawing()
        return Own(image.photo, image.settings, draw.sheet)

    def take(self, own: Own) -> None:
        """Show what was saved with a session; the network is not run on it."""
        self._own = own
        if self._leaves:
            image, draw = self._image_and_drawing()
            image.take(own.photo, own.preparation)
            draw.take(own.drawing)

    def _image_and_drawing(self) -> "tuple[ImagePage, DrawPage]":
        from viz_app.panels.own_input.draw import DrawPage
        from viz_app.panels.own_input.image import ImagePage

        return self.page_of(ImagePage), self.page_of(DrawPage)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open: the pages that are fit for it are prepared for it anew."""
        self._experiment = experiment
        self.answer.show_experiment(experiment)
        for leaf in self._leaves:
            leaf.show_experiment(experiment)
        if self._leaves:
            self._show_answer()

    def show_frame(self, frame: Frame) -> None:
        """Take the place in the run that is shown."""
        before, self._frame = self._frame, frame
        for page in self.pages:
            page.show_frame(frame)
        moved = before is None or before.cursor.iteration != frame.cursor.iteration
        if moved and self.isVisible():
            self.drafted.emit(self._draft)  # other weights answer something else

    def show_guest(self, guest: Guest | None) -> None:
        """Take the own input that the network is run on, or that it is run on the data."""
        self._guest = guest
        self.answer.show_guest(guest)
        for page in self.pages:
            page.show_guest(guest)

    def show_outputs(self, outputs: Array | None, target: Array | None = None) -> None:
        """Show what the network answers to the input that is being made."""
        self.answer.show_outputs(outputs, target)

    def show_written(self, written: Written) -> None:
        """Show what there is of the text that the network continues."""
        self._written = written
        for page in self.pages:
            page.show_written(written)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.answer.set_theme(theme)
        for page in self.pages:
            page.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self.answer.set_em(em)
        for page in self.pages:
            page.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the first page that is fit, where the chosen one is not."""
        super().showEvent(event)
        if not self._leaves:
            self._make()
        self.drafted.emit(self._draft)
        if not event.spontaneous() and self.reason:
            fit = (number for number, leaf in enumerate(self._leaves) if not leaf.reason)
            self._tabs.setCurrentIndex(next(fit, self._tabs.currentIndex()))

    def _make(self) -> None:
        from viz_app.panels.own_input.pages import PAGES  # late: the start of the window does not wait for it

        self._leaves = tuple(_Leaf(make()) for make in PAGES)
        for leaf in self._leaves:
            leaf.page.drafted.connect(self._take_draft)
            leaf.page.guest_requested.connect(self.guest_requested)
            leaf.page.open_requested.connect(self.open_requested)
            leaf.page.paste_requested.connect(self.paste_requested)
            leaf.page.cancel_requested.connect(self.cancel_requested)
            leaf.page.picture_requested.connect(self.picture_requested)
            leaf.page.text_typed.connect(self.text_typed)
            leaf.page.taste_chosen.connect(self.taste_chosen)
            leaf.page.wished.connect(self.wished)
            leaf.page.show_written(self._written)
            leaf.page.set_theme(self._theme)
            leaf.page.set_em(self._em)
            self._tabs.addTab(leaf, leaf.page.title)
        if self._experiment is not None:
            self.show_experiment(self._experiment)
        if self._frame is not None:
            self.show_frame(self._frame)
        self.show_guest(self._guest)
        self.take(self._own)

    def _show_answer(self) -> None:
        """Show what the network answers beside the page, unless the page does so itself."""
        self.answer.setVisible(not self._leaves or not self.page.answers_itself or bool(self.reason))

    def _take_draft(self, draft: Guest | None) -> None:
        self._draft = draft
        self.drafted.emit(draft)


class _Leaf(QStackedWidget):
    """A page, or in its place the reason why there is none.

    Parameters
    ----------
    page : InputPage
        The page.
    """

    def __init__(self, page: InputPage) -> None:
        super().__init__()
        self.page, self.reason = page, ""
        self._words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._words.setObjectName("empty")
        self._words.setMargin(24)
        self.addWidget(page)
        self.addWidget(self._words)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the page of an experiment, or why there is none."""
        self.reason = self.page.unfit(experiment)
        self._words.setText(self.reason)
        shown, focus = self._words if self.reason else self.page, QApplication.focusWidget()
        if shown is not self.currentWidget() and focus is not None and self.isAncestorOf(focus):
            self.setFocus()  # a field that is left takes what was typed, and may go: not while Qt hides its page
        self.setCurrentWidget(shown)
        if not self.reason:
            self.page.show_experiment(experiment)
