"""The picture of curves: every curve has its place, and nothing stands on anything else."""

import numpy as np
import pytest

from core.run.record import Judged, Series
from viz_app.picture.elements import Dot, Rect, Stroke, Text, Tone, rect_of
from viz_app.takeaway.curves import SIZE, Drawing, RunCurves, curves_picture, has_curves
from viz_app.widgets.curves.runs import CurvesOf


def losses(*numbers):
    return Series.of(list(enumerate(map(float, numbers))))


def texts(picture):
    return [element for element in picture.elements if isinstance(element, Text)]


def test_words_lie_inside_and_not_on_each_other():
    judged = {kind: Series.of([(5, 0.5), (10, 0.75)]) for kind in Judged}
    other = np.arange(40) > 0
    runs = [RunCurves("η 0.1", CurvesOf(losses(*range(40, 0, -1)), judged))] * 5
    runs.append(RunCurves("η 0.5", CurvesOf(losses(*np.exp(-np.arange(40.0))), judged), other))
    for drawing in (Drawing(), Drawing(logarithmic=True)):
        picture = curves_picture(runs, "Curves of digits", drawing)
        sheet = Rect(-0.5, -0.5, SIZE[0] + 1, SIZE[1] + 1)
        for element in picture.elements:
            rect = rect_of(element)
            assert sheet.contains(rect.x, rect.y)
            assert sheet.contains(rect.right, rect.bottom)
        words = [one.rect for one in texts(picture) if one.align != "center"]
        assert not any(a.overlaps(b) for n, a in enumerate(words) for b in words[:n])
        assert {"Loss", "Accuracy", "training data", "held back", "1: η 0.1"} <= {one.text for one in texts(picture)}


def test_a_curve_is_where_its_numbers_are():
    picture = curves_picture([RunCurves("run 1", CurvesOf(losses(4, 2, 3), {}))], "Curves")
    (line,) = [
        one for one in picture.elements if isinstance(one, Stroke) and one.tone is Tone.LOSS and len(one.points) == 3
    ]
    (x0, y0), (x1, y1), (x2, y2) = line.points
    assert x1 - x0 == pytest.approx(x2 - x1)
    assert (y1 - y0) == pytest.approx(2 * (y1 - y2))


def test_what_has_no_place_is_marked_and_explained():
    curves = CurvesOf(losses(1, np.nan, np.inf, 2), {})
    words = [one.text for one in texts(curves_picture([RunCurves("run 1", curves)], "Curves"))]
    assert {"×", "▲"} <= set(words)
    assert "× is not a number. ▲ is infinite or above 1e300." in words
    single = curves_picture([RunCurves("run 1", CurvesOf(losses(1), {}))], "Curves", Drawing(logarithmic=True))
    assert sum(isinstance(one, Dot) for one in single.elements) == 1
    assert not has_curves([RunCurves("run 1", CurvesOf(losses(), {}))])
