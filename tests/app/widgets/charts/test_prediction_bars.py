import pytest

from viz_app.frame.told.answers import Answer
from viz_app.paint.theme import DARK, LIGHT
from viz_app.picture.elements import Tone
from viz_app.widgets.charts.prediction_bars import PredictionBars

ANSWERS = (
    Answer("seven", "75%", 0.75),
    Answer("one", "20%", 0.2, leads=False),
    Answer("a class with a very long name indeed", "5%", 0.05, leads=False, wanted=True),
)


@pytest.fixture
def bars(qtbot):
    widget = PredictionBars()
    qtbot.addWidget(widget)
    widget.resize(240, widget.sizeHint().height())
    return widget


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_bar_is_as_long_as_its_share(bars, theme):
    bars.set_theme(theme)
    bars.show_answers(ANSWERS)
    image, accent = bars.grab().toImage(), theme.color(Tone.ACCENT)
    whole = bars.bar(0)
    row = round(whole.center().y())
    filled = [image.pixelColor(x, row) == accent for x in range(round(whole.left()) + 3, round(whole.right()) - 3)]
    assert sum(filled) / len(filled) == pytest.approx(0.75, abs=0.03)
    assert whole.right() <= bars.width()
    assert whole.width() > 60  # names leave it room


def test_it_is_as_high_as_its_rows_whatever_it_shows(bars):
    before = bars.sizeHint().height()
    bars.show_answers(ANSWERS)
    assert bars.sizeHint().height() == before
    bars.set_rows(3)
    assert bars.sizeHint().height() < before


def test_what_is_drawn_can_be_read_out(bars):
    bars.show_answers(ANSWERS)
    lines = bars.accessibleDescription().split("\n")
    assert lines == ["seven 75%", "one 20%", "a class with a very long name indeed 5% (its label)"]
