import re
from html import unescape

from viz_app.widgets.texts.code import CodeLabel

CODE = "def f(x):\n    return x[0] < 1\n\n\nnet_1 = f(x, a_name_that_is_long=(1, 2), another_name=(3, 4))"


def test_code_is_shown_as_it_is_with_its_indents(qtbot):
    label = CodeLabel("source")
    qtbot.addWidget(label)
    label.set_text(CODE)
    lines = re.findall(r"<p[^>]*?margin: 0 0 0 (\d+)px[^>]*>(.*?)</p>", label.text())
    assert [unescape(text).replace("\u200b", "").replace("\xa0", "") for _, text in lines] == [
        line.strip() for line in CODE.split("\n")
    ]
    margins = [int(margin) for margin, _ in lines]
    letter = label.fontMetrics().horizontalAdvance("0")
    assert margins[1] - margins[0] == 4 * letter
    assert "x[0] &lt; 1" in label.text()


def test_no_line_is_broken_after_a_minus(qtbot):
    label = CodeLabel("source")
    qtbot.addWidget(label)
    label.set_text("out_2 = 1 / (1 + np.exp(-net_2))")
    assert "exp(\u200b-\u2060net" in label.text() or "exp(-\u2060net" in label.text()


def test_no_line_is_wider_than_the_label(qtbot):
    label = CodeLabel("source")
    qtbot.addWidget(label)
    label.set_text(CODE)
    label.resize(150, 10)
    assert label.heightForWidth(150) > label.heightForWidth(900)
