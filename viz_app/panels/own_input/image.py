"""Bring an image, and see every stage of how it becomes the network's input."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.images.photo import Photo, PhotoError
from core.images.preparation import prepare
from core.images.settings import Preparation
from core.images.stages import Prepared
from core.images.wanted import Wanted, wanted_of
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.own_input.page import InputPage
from viz_app.panels.own_input.stage_card import StageCard
from viz_app.widgets.layouts.card_grid import CardGrid
from viz_app.widgets.layouts.flow import FlowLayout

_REST_MS = 250
"""Whoever moves a slider sees the pictures at once; the network is run once it rests so long."""
_CARD = 15.0
"""The least width of a card, in sizes of its text."""
_EMPTY = (
    "Drop an image here, open one, or paste one. Every step of how it becomes the network's input is shown, "
    "with its numbers."
)


class ImagePage(InputPage):
    """Pictures of all stages, in order, each with its controls; what was set is kept for the next image."""

    title = "&Image"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._wanted: Wanted | None = None
        self._photo: Photo | None = None
        self._settings = Preparation()
        self.prepared: Prepared | None = None
        self.cards: list[StageCard] = []
        self._theme, self._em = LIGHT, 13.0
        self._stale = self._failed = False
        self.open, self.paste = _button("Open…"), _button("Paste")
        self.reset, self.run = _button("All automatic"), _button("Run on the image")
        self.cancel = _button("Cancel")
        self.name, self.reason = QLabel(), QLabel(wordWrap=True)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._lay_out()
        self._connect_signals()
        self.show_busy("")
        self._show_stages()

    @property
    def photo(self) -> Photo | None:
        """The image that was brought."""
        return self._photo

    @property
    def settings(self) -> Preparation:
        """How it is prepared."""
        return self._settings

    def unfit(self, experiment: Experiment) -> str:
        """Only networks that take images are shown one."""
        if wanted_of(experiment) is None:
            return "This network takes no image; type its numbers instead."
        return ""

    def show_experiment(self, experiment: Experiment) -> None:
        """Prepare the image, which stays, for what is open."""
        self._experiment = experiment
        wanted = wanted_of(experiment)
        if wanted != self._wanted:
            self._wanted, self._stale = wanted, True
        if self.isVisible():
            self._catch_up()

    def show_photo(self, photo: Photo) -> None:
        """Prepare an image, and run the network on it; one that cannot be prepared is refused below its name."""
        self.show_busy("")
        if self._wanted is None:
            self._photo, self._stale = photo, True
        elif self._take(photo):
            self.name.setText(photo.title)
            self._request()

    def take(self, photo: Photo | None, settings: Preparation) -> None:
        """Take an image that was saved, as it was prepared, or none; the network is not run on it."""
        self._resting.stop()
        self.show_busy("")
        self._photo, self._settings, self.prepared = photo, settings, None
        self._say("")
        self.name.setText(photo.title if photo else "")
        self._stale = photo is not None
        self._show_stages()
        if self.isVisible():
            self._catch_up()

    def _take(self, photo: Photo) -> bool:
        """Prepare another image with what was set for the one before, or else with nothing set."""
        assert self._wanted is not None
        for settings in dict.fromkeys((self._settings, Preparation())):
            try:
                prepared = prepare(photo, self._wanted, settings)
            except PhotoError as error:
                self._say(str(error), self._failed)
                continue
            self._photo, self._settings = photo, settings
            self._show(prepared)
            return True
        return False

    def show_refusal(self, reason: str) -> None:
        """Say why an image was not taken; the one before stays, and the network can be run on it."""
        self.show_busy("")
        self._say(reason, self._failed)

    def show_busy(self, what: str) -> None:
        """Say what is being read; nothing once that is over."""
        self.cancel.setVisible(bool(what))
        if what:
            self._say("", self._failed)
        self.name.setText(what or (self._photo.title if self._photo else ""))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for card in self.cards:
            card.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._grid.set_least_width(round(_CARD * em))
        for card in self.cards:
            card.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._resting.stop()

    @property
    def guest(self) -> Guest | None:
        """The image as it enters the network; ``None`` where there is none to enter."""
        if self.prepared is None or self._photo is None:
            return None
        return Guest(self.prepared.inputs, title=self._photo.title)

    def _catch_up(self) -> None:
        if self._stale:
            self._stale = False
            if self._photo is not None:
                self._prepare()

    def _prepare(self) -> None:
        """Make all stages anew, and ask what the network answers."""
        if self._photo is None or self._wanted is None:
            return
        try:
            prepared = prepare(self._photo, self._wanted, self._settings)
        except PhotoError as error:
            self._say(str(error), failed=True)
            self.reset.setEnabled(self._settings != Preparation())
            return
        self._show(prepared)

    def _show(self, prepared: Prepared) -> None:
        """Show the stages, and ask what the network answers."""
        self.prepared = prepared
        self._say("")
        self._show_stages()
        guest = self.guest
        if guest is not None and self._wanted is not None and not self._wanted.any_size:
            self.drafted.emit(guest)

    def _choose(self, name: str, value: object) -> None:
        """Set a parameter; the pictures follow at once, and the network once the hand rests."""
        settings = replace(self._settings, **{name: value})  # type: ignore[arg-type]
        if settings != self._settings:
            self._settings = settings
            self._prepare()
            self._resting.start()

    def _reset(self) -> None:
        self._settings = Preparation()
        self._prepare()
        self._resting.start()

    def _request(self) -> None:
        """Run the network on the image."""
        guest = self.guest
        if guest is None or self._wanted is None or self._failed:
            return
        if self._wanted.any_size:
            self.picture_requested.emit(guest.inputs, guest.title)
        else:
            self.guest_requested.emit(guest)

    def _say(self, reason: str, failed: bool = False) -> None:
        """Say why something was refused, and whether the image that stays could not be prepared as it is set."""
        self._failed = failed
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.run.setEnabled(self.prepared is not None and not failed)

    def _show_stages(self) -> None:
        stages = self.prepared.stages if self.prepared else ()
        while len(self.cards) < len(stages):
            self._add_card()
        shown = self.cards[: len(stages)]
        for number, (card, stage) in enumerate(zip(shown, stages, strict=True), 1):
            card.show_stage(number, stage, self._settings)
        self._grid.show_cards(shown)
        self._empty.setVisible(not stages)
        self._area.setVisible(bool(stages))
        self.reset.setEnabled(self._settings != Preparation())
        self.run.setEnabled(bool(stages) and not self._failed)

    def _add_card(self) -> None:
        card = StageCard()
        card.set_theme(self._theme)
        card.set_em(self._em)
        card.chosen.connect(self._choose)
        self.cards.append(card)

    def _lay_out(self) -> None:
        self.name.setObjectName("summary")
        self.reason.setObjectName("reason")
        self._empty = QLabel(_EMPTY, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._empty.setObjectName("empty")
        self._empty.setMargin(24)
        head = FlowLayout(8, 6)
        for widget in (self.open, self.paste, self.run, self.reset, self.cancel, self.name):
            head.addWidget(widget)
        self._grid = CardGrid()
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self._empty, 1)
        column.addWidget(self._area, 1)

    def _connect_signals(self) -> None:
        self.open.clicked.connect(self.open_requested)
        self.paste.clicked.connect(self.paste_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.reset.clicked.connect(self._reset)
        self.run.clicked.connect(self._request)
        self._resting.timeout.connect(self._request)
        pasting = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        pasting.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        pasting.activated.connect(self.paste_requested)


def _button(text: str) -> QPushButton:
    return QPushButton(text, autoDefault=False)
