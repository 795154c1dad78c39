import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz_app.widgets.texts.code import CodeLabel

CODE = "def f(x):\n    return x[0] < 1\n\n\nnet_1 = f(x, a_name_that_is_long=(1, 2), another_name=(3, 4))"


@pytest.fixture
def label(qtbot):
    one = CodeLabel("source")
    one.setStyleSheet("font-family: monospace")
    qtbot.addWidget(one)
    return one


def width_of(label, letters):
    return int(letters * label.fontMetrics().horizontalAdvance("0") * 1.01 + 1)


def test_code_is_shown_as_it_is_with_its_indents(label):
    label.set_text(CODE)
    assert [" " * indent + text for indent, text in label.rows(2000)] == CODE.split("\n")
    assert label.text() == CODE, "for those who hear it"


@pytest.mark.parametrize("letters", [16, 20, 31, 200])
def test_no_line_is_wider_than_the_label_and_nothing_is_lost(label, letters):
    label.set_text(CODE)
    rows = label.rows(width_of(label, letters))
    assert all(indent + len(text) <= letters for indent, text in rows)
    assert "".join(text for _, text in rows).replace(" ", "") == CODE.replace(" ", "").replace("\n", "")
    assert label.heightForWidth(width_of(label, letters)) >= len(rows) * label.fontMetrics().height()


def test_what_goes_on_below_begins_further_in_and_no_sign_is_torn_from_its_number(label):
    label.set_text("out_2 = 1 / (1 + np.exp(-net_2))")
    assert label.rows(width_of(label, 24)) == [(0, "out_2 = 1 / (1 +"), (2, "np.exp(-net_2))")]


def test_long_names_and_calls_are_broken_where_their_parts_end(label):
    label.set_text("x = layer.functional.batch_normalisation(first,second)")
    texts = [text for _, text in label.rows(width_of(label, 24))]
    assert texts == ["x = layer.functional.", "batch_normalisation(", "first,second)"]


@given(st.text(st.sampled_from("ab_.(-, \n"), max_size=120), st.integers(9, 60))
@settings(max_examples=60)
def test_any_code_comes_whole(code, letters):
    label = CodeLabel("source")
    label.set_text(code)
    shown = "".join(text for _, text in label.rows(width_of(label, letters)))
    assert shown.replace(" ", "") == code.replace(" ", "").replace("\n", "")


def test_what_is_painted_is_the_text_in_its_place(label):
    label.set_text("    11\n\n22")
    label.resize(200, 100)
    image = label.grab().toImage()
    line, letter = label.fontMetrics().lineSpacing(), label.fontMetrics().horizontalAdvance("0")
    paper = image.pixelColor(199, 99)
    inked = {(x // letter, y // line) for x in range(200) for y in range(3 * line) if image.pixelColor(x, y) != paper}
    assert {row for _, row in inked} == {0, 2}
    assert min(column for column, row in inked if row == 0) == 4
    assert min(column for column, row in inked if row == 2) == 0
