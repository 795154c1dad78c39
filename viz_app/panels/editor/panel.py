"""Edit the network that is open: a draft, which takes its place once it is applied."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from core.editing import Draft, EditError, History
from core.experiment import Experiment
from core.layers import Layer
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.editor.desk import Desk, blocked
from viz_app.panels.editor.reading import overview

if TYPE_CHECKING:
    from viz_app.panels.editor.form import Form
    from viz_app.panels.editor.row import LayerRow

_UNDO, _REDO = "Ctrl+Z", ("Ctrl+Shift+Z", "Ctrl+Y")


class EditorPanel(QWidget):
    """Change the layers of a network and its loss; what is open stays as it is until the draft is applied."""

    apply_requested = Signal(object)
    """The ``Proposal``: a network in place of the one that is open."""
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._desk: Desk | None = None
        self._form: Form | None = None
        self._theme, self._em = LIGHT, 13.0
        self._current: int | None = None
        self._stale = True

    @property
    def desk(self) -> Desk | None:
        """The draft, and what is known of it; ``None`` where the network cannot be edited here."""
        return self._desk

    @property
    def form(self) -> "Form":
        """What is shown; it is made when the panel is first shown."""
        if self._form is None:
            self._form = self._make_form()
        return self._form

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open; it is looked at while the panel is shown."""
        self._experiment, self._stale = experiment, True
        if self.isVisible():
            self._catch_up()

    def show_refusal(self, reason: str) -> None:
        """Say why the draft could not be applied."""
        if self.isVisible():
            self.form.show_problem(reason, ())

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._form is not None:
            self._form.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        if self._form is not None:
            self._form.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        if self._desk is not None and not event.spontaneous():
            self._focus(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the draft, and no widgets: Qt styles all that there are whenever the theme or the size changes."""
        super().hideEvent(event)
        if self._form is not None and not event.spontaneous():
            self._form.layers.clear()
            self._stale = True
            if self._desk is not None:
                self._desk = replace(self._desk, unread={})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember whose fields have the keyboard; undo changes of the draft rather than letters of a field."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            row = self.form.layers.row_of(watched)
            self._current = row.mark if row is not None else self._current
            self._settle()
            if row is not None:
                self.form.area.ensureWidgetVisible(watched, 0, 12)
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.ignore()
            return True
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # a field that the wheel passes over must not change
            return True
        return super().eventFilter(watched, event)

    # What is shown

    def _make_form(self) -> "Form":
        from viz_app.panels.editor.form import Form  # late: the start of the window does not wait for it

        form = Form(self)
        form.set_theme(self._theme)
        form.set_em(self._em)
        form.layers.changed.connect(self._change)
        form.layers.unreadable.connect(self._note_unreadable)
        form.layers.asked.connect(self._ask)
        form.layers.moved.connect(self._move_to)
        form.layers.add_requested.connect(self._add)
        form.layers.dragged.connect(form.reveal)
        form.layers.filled.connect(self._watch)
        form.add_menu.chosen.connect(self._add_after)
        form.loss.activated.connect(self._choose_loss)
        form.undo.clicked.connect(self._undo)
        form.redo.clicked.connect(self._redo)
        form.mend_requested.connect(self._mend)
        form.apply.clicked.connect(self._apply)
        form.close_button.clicked.connect(self.close_requested)
        keys: dict[tuple[str, ...], Callable[[], None]] = {
            (_UNDO,): self._undo,
            _REDO: self._redo,
            ("Alt+Up",): self._move_up,
            ("Alt+Down",): self._move_down,
            ("Ctrl+D",): self._duplicate,
            ("Ctrl+Del",): self._remove,
            ("Ctrl+Return", "Ctrl+Enter"): self._apply,
        }
        for combinations, slot in keys.items():
            for combination in combinations:
                shortcut = QShortcut(QKeySequence(combination), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(slot)
        return form

    def _catch_up(self) -> None:
        """Look at what is open, where that was not done yet."""
        if not self._stale or self._experiment is None:
            return
        self._stale = False
        experiment = self._experiment
        reason = blocked(experiment)
        if reason:
            self._desk = None
            self.form.show_blocked(reason, overview(experiment))
        elif self._desk is None:
            self._show(Desk.of(experiment))
        else:
            self._show(self._desk.followed(experiment))

    def _show(self, desk: Desk) -> None:
        self._desk = desk
        self.form.show_desk(desk)

    def _watch(self, row: "LayerRow") -> None:
        """See what is typed into the fields of a row."""
        for child in row.findChildren(QWidget):
            if child.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                child.installEventFilter(self)
                if child.focusPolicy() is Qt.FocusPolicy.WheelFocus:
                    child.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # What is asked for

    def _take(self, change: Callable[[Draft], Draft], about: object = None) -> bool:
        """Change the draft; say why it cannot be."""
        if self._desk is None:
            return False
        try:
            draft = change(self._desk.draft)
        except EditError as error:
            self.form.show_problem(str(error), ())
            return False
        self._show(self._desk.take(draft, about))
        return True

    def _change(self, mark: int, name: str, value: object) -> None:
        place = self._place(mark)
        if self._desk is not None and place is not None:
            self._desk = self._desk.read((mark, name))
            self._take(lambda draft: draft.change(place, name, value), ("field", mark, name))

    def _note_unreadable(self, mark: int, name: str, reason: str) -> None:
        if self._desk is not None:
            self._show(self._desk.unreadable((mark, name), reason))

    def _choose_loss(self, place: int) -> None:
        self._take(lambda draft: draft.take_loss(self.form.loss.itemData(place)))

    def _add_after(self, kind: type[Layer]) -> None:
        """Add a layer below the one that has, or had, the keyboard; else at the end."""
        if self._desk is not None:
            place = self._place(self._current)
            self._add(len(self._desk.draft.parts) if place is None else place + 1, kind)

    def _add(self, place: int, kind: type[Layer]) -> None:
        if self._take(lambda draft: draft.add(place, kind)):
            self._focus(place)

    def _ask(self, mark: int, what: str) -> None:
        self._current = mark
        {"up": self._move_up, "down": self._move_down, "duplicate": self._duplicate, "remove": self._remove}[what]()

    def _move_up(self) -> None:
        self._move_by(-1)

    def _move_down(self) -> None:
        self._move_by(1)

    def _move_by(self, count: int) -> None:
        place = self._place(self._current)
        if self._desk is not None and place is not None and 0 <= place + count < len(self._desk.draft.parts):
            self._move_to(self._desk.draft.parts[place].mark, place + count)

    def _move_to(self, mark: int, to: int) -> None:
        place, focused = self._place(mark), QApplication.focusWidget()
        if place is not None and self._take(lambda draft: draft.move(place, to)):
            if focused is not None and self.isAncestorOf(focused):
                focused.setFocus()
            self._reveal(to)

    def _duplicate(self) -> None:
        place = self._place(self._current)
        if place is not None and self._take(lambda draft: draft.duplicate(place)):
            self._focus(place + 1)

    def _remove(self) -> None:
        place = self._place(self._current)
        if place is not None and self._take(lambda draft: draft.remove(place)):
            self._focus(min(place, len(self.form.layers.rows) - 1), handle=True)

    def _mend(self, place: int) -> None:
        if self._desk is not None and place < len(self._desk.mends):
            draft = self._desk.mends[place].draft
            self._take(lambda _: draft)

    def _undo(self) -> None:
        self._walk(History.undo)

    def _redo(self) -> None:
        self._walk(History.redo)

    def _walk(self, way: Callable[[History], History]) -> None:
        if self._desk is not None:
            self._desk = self._desk.walk(way)
            self.form.layers.forget()
            self._show(self._desk)

    def _apply(self) -> None:
        proposal = self._desk.proposal if self._desk is not None else None
        if proposal is not None:
            self.apply_requested.emit(proposal)

    # Where the keyboard is

    def _settle(self) -> None:
        """Let what is typed next be a change of its own."""
        if self._desk is not None and self._desk.history.about is not None:
            self._desk = self._desk.settled()

    def _place(self, mark: int | None) -> int | None:
        parts = self._desk.draft.parts if self._desk is not None else ()
        return next((place for place, part in enumerate(parts) if part.mark == mark), None)

    def _focus(self, place: int, *, handle: bool = False) -> None:
        """Give the keyboard to a row: to its first field, or to all of it."""
        row = self.form.layers.rows[place]
        boxes = tuple(row.boxes.values())
        target = row.handle if handle or not boxes else boxes[0].control
        target.setFocus()
        self._current = row.mark
        self._reveal(place)

    def _reveal(self, place: int) -> None:
        row = self.form.layers.rows[place]
        self.form.layers.adjustSize()
        self.form.area.ensureWidgetVisible(row, 0, 24)


def _is_ours(event: QKeyEvent) -> bool:
    """Tell whether a key is one of ours that a field would take for itself."""
    pressed = QKeySequence(event.keyCombination())
    ours = (_UNDO, *_REDO, "Ctrl+Del")
    return any(pressed == QKeySequence(keys) for keys in ours)
