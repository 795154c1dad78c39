import pytest

from viz_app.widgets.texts.line import Line

FORMS = ("A long sentence about a cell of a map.", "A shorter one.", "Short.")


@pytest.mark.parametrize("form", FORMS)
def test_the_longest_form_that_fits_is_shown(qtbot, form):
    line = Line(margin=10)
    qtbot.addWidget(line)
    line.set_text(*FORMS)
    line.resize(line.fontMetrics().horizontalAdvance(form) + 20, 20)
    assert line.shown == form
    assert line.text == FORMS[0]
    assert line.accessibleName() == FORMS[0]


def test_where_none_fits_it_is_the_shortest(qtbot):
    line = Line()
    qtbot.addWidget(line)
    line.set_text(*FORMS)
    line.resize(10, 20)
    assert line.shown == FORMS[-1]
    assert line.least_width > 10
