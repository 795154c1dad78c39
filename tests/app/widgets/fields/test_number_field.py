"""The number field: what is typed counts when it is finished, or stays to be seen with the reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.app.widgets.fields.test_reading import read
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds

Key = Qt.Key


class Asked:
    """What a field has told."""

    def __init__(self, field):
        self.numbers, self.reasons, self._entered = [], [], QSignalSpy(field.entered)
        field.valueChanged.connect(self.numbers.append)
        field.refused.connect(self.reasons.append)

    @property
    def entered(self):
        """Return how often Return was pressed."""
        return self._entered.count()


@pytest.fixture
def box(qtbot):
    """Return a window for a field and another widget that takes the keyboard."""
    box = QWidget()
    qtbot.addWidget(box)
    box.other = QLineEdit(box)
    box.other.move(0, 60)
    box.resize(300, 120)
    return box


@pytest.fixture
def make(qtbot, box):
    def made(bounds, value):
        field = NumberField(bounds, "Learning rate", box)
        field.setValue(value)
        field.resize(200, 30)
        box.show()
        qtbot.waitExposed(box)
        box.activateWindow()
        field.setFocus()
        field.selectAll()
        return field, Asked(field)

    return made


@pytest.fixture
def rate(make):
    return make(Bounds(1e-30, 1e30), 0.1)


@pytest.mark.parametrize(("text", "number"), [("0,5", 0.5), ("1e9", 1e9), ("3/8", 0.375), ("2.5", 2.5)])
def test_a_number_counts_once_it_is_confirmed(rate, qtbot, text, number):
    field, asked = rate
    qtbot.keyClicks(field, text)
    assert asked.numbers == []
    qtbot.keyClick(field, Key.Key_Return)
    assert asked.numbers == [number]
    assert asked.entered == 1
    assert field.value() == number
    qtbot.keyClick(field, Key.Key_Return)
    assert asked.numbers == [number]


def test_what_is_refused_stays_with_its_reason_and_the_last_good_number_holds(rate, qtbot):
    field, asked = rate
    qtbot.keyClicks(field, "fast")
    qtbot.keyClick(field, Key.Key_Enter)
    assert (field.text(), field.value()) == ("fast", 0.1)
    assert (asked.numbers, asked.entered) == ([], 0)
    (reason,) = asked.reasons
    assert reason.endswith("got 'fast'.")
    assert field.toolTip() == field.accessibleDescription() == reason
    assert field.property("invalid")
    qtbot.keyClick(field, Key.Key_Return)
    assert asked.reasons == [reason, reason]
    field.setValue(0.1)
    assert field.text() == "fast"
    qtbot.keyClicks(field, "0.2")
    qtbot.keyClick(field, Key.Key_Return)
    assert asked.numbers == [0.2]
    assert field.toolTip() == "Learning rate"
    assert not field.property("invalid")
    assert field.accessibleName() == "Learning rate"


def test_the_number_itself_again_takes_the_mark_away(rate, qtbot):
    field, asked = rate
    for text in ("x", "0.1"):
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Key.Key_Return)
    assert asked.numbers == []
    assert not field.property("invalid")


@pytest.mark.parametrize("text", ["7", "x"])
def test_going_elsewhere_finishes_what_is_typed(rate, qtbot, box, text):
    field, asked = rate
    qtbot.keyClicks(field, text)
    box.other.setFocus()
    assert (asked.numbers, len(asked.reasons)) == (([7.0], 0) if text == "7" else ([], 1))
    assert field.text() == text


def test_what_is_hidden_while_it_is_typed_in_does_not_count(rate, qtbot):
    field, asked = rate
    qtbot.keyClicks(field, "7")
    field.hide()
    assert asked.numbers == asked.reasons == []
    assert (field.value(), field.text()) == (0.1, "0.1")


@pytest.mark.parametrize("text", ["7", "x"])
def test_escape_takes_back_what_was_typed(rate, qtbot, text):
    field, asked = rate
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Escape)
    assert (field.text(), asked.numbers) == ("0.1", [])
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.keyClick(field, Key.Key_Escape)
    assert (field.text(), field.property("invalid")) == ("0.1", False)


def turn(field, notches):
    middle = QPointF(field.rect().center())
    event = QWheelEvent(
        middle, field.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)


def test_keys_and_the_wheel_step_the_last_digit(rate, qtbot):
    field, asked = rate
    qtbot.keyClick(field, Key.Key_Up)
    turn(field, 1)
    turn(field, -3)
    assert field.text() == "0.09"
    assert asked.numbers == pytest.approx([0.2, 0.3, 0.09])
    field.selectAll()
    qtbot.keyClicks(field, "0,25")
    qtbot.keyClick(field, Key.Key_Down)
    assert field.value() == 0.24
    field.selectAll()
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Key.Key_Up)
    assert field.value() == 0.25
    assert asked.reasons == []


def test_whole_numbers_stop_at_their_ends(make, qtbot):
    field, asked = make(Bounds(0, 3, whole=True), 2)
    for _ in range(4):
        qtbot.keyClick(field, Key.Key_Up)
    assert asked.numbers == [3]
    field.setMaximum(9)
    qtbot.keyClick(field, Key.Key_PageUp)
    assert asked.numbers == [3, 9]
    qtbot.keyClicks(field, "10")
    qtbot.keyClick(field, Key.Key_Return)
    assert asked.reasons == ["Expected a whole number from 0 to 9; got '10'."]


def test_another_number_replaces_what_is_typed_and_the_same_one_does_not(rate, qtbot):
    field, asked = rate
    qtbot.keyClicks(field, "0.")
    field.setValue(0.1)
    assert field.text() == "0."
    field.setValue(0.4)
    assert field.text() == "0.4"
    assert asked.numbers == [0.4]


def test_a_number_that_does_not_fit_elsewhere_is_marked_from_outside(rate):
    field, _ = rate
    field.blame("Too large for the image.")
    assert field.property("invalid")
    assert field.toolTip() == "Too large for the image."
    field.refuse("9", "There are not so many.")
    assert (field.text(), field.value(), field.toolTip()) == ("9", 0.1, "There are not so many.")
    field.blame("")
    field.forget()
    assert not field.property("invalid")
    assert field.toolTip() == "Learning rate"


def test_a_right_click_offers_what_text_and_numbers_have(rate):
    field, _ = rate
    offered = []

    def choose():
        menu = QApplication.activePopupWidget()
        offered.extend(action.text().partition("\t")[0].replace("&", "") for action in menu.actions())
        next(action for action in menu.actions() if "up" in action.text()).trigger()
        menu.close()

    QTimer.singleShot(0, choose)
    middle = field.rect().center()
    QApplication.sendEvent(field, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, field.mapToGlobal(middle)))
    assert {"Undo", "Copy", "Paste", "Select All", "Step up", "Step down"} <= set(offered)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.text("0123456789.,-+eE/ax ", min_size=1, max_size=6), min_size=1, max_size=4))
def test_whatever_is_typed_the_number_is_a_good_one_and_the_text_is_its_own_or_marked(rate, qtbot, texts):
    field, asked = rate
    bounds = Bounds(1e-30, 1e30)
    for text in texts:
        field.selectAll()
        qtbot.keyClicks(field, text)
        before = field.value(), len(asked.numbers)
        qtbot.keyClick(field, Key.Key_Return)
        expected = read(bounds, text)
        if isinstance(expected, str):
            assert (field.text(), field.toolTip()) == (text, expected)
            assert (field.value(), len(asked.numbers)) == before
        else:
            assert field.value() == bounds.read(field.text()) == expected
            assert not field.property("invalid")
