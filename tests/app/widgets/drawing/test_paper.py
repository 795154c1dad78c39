"""The paper: strokes are smooth and round, and every change can be undone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz_app.widgets.drawing.paper import MOST_UNDONE, NOTHING, SIDE, Brush, Paper, joined

BRUSH, ERASER = Brush(20), Brush(30, erases=True)


def stroke(paper, brush, *points):
    box = paper.begin(brush, *points[0])
    for point in points[1:]:
        box = joined(box, paper.lead(*point))
    return joined(box, paper.end())


def ink(paper):
    return 1 - paper.pixels / 255


def test_a_touch_is_a_round_dot_as_wide_as_the_brush():
    paper = Paper(101)
    stroke(paper, Brush(40), (50.5, 50.5))
    dot = ink(paper)
    assert dot.sum() == pytest.approx(np.pi * 20**2, rel=0.005)
    assert np.array_equal(dot, dot[::-1])
    assert np.array_equal(dot, dot.T)


@pytest.mark.parametrize("soft", [False, True])
def test_a_straight_stroke_looks_the_same_however_often_the_mouse_tells_where_it_is(soft):
    papers = []
    for count in (2, 5, 80):
        papers.append(Paper())
        points = [(60 + 300 * k / (count - 1), 200.0) for k in range(count)]
        stroke(papers[-1], Brush(24, soft), *points)
    for paper in papers[1:]:
        assert np.abs(ink(paper) - ink(papers[0])).max() < 0.02


def test_a_stroke_has_no_gaps_and_no_corners_between_events_that_are_far_apart():
    paper = Paper()
    angles = np.linspace(0, 2 * np.pi, 13)
    stroke(paper, Brush(12), *((210 + 150 * np.cos(a), 210 + 150 * np.sin(a)) for a in angles))
    down, across = np.nonzero(ink(paper) > 0.5)
    radii = np.hypot(across + 0.5 - 210, down + 0.5 - 210)
    assert 130 < radii.min() < radii.max() < 160  # a polygon's corners would be at 156 and its sides at 139
    found = np.unique(np.floor(np.degrees(np.arctan2(down - 209.5, across - 209.5))))
    assert len(found) == 360


def test_pressure_makes_a_stroke_wider():
    paper = Paper()
    stroke(paper, Brush(60), (100, 200, 0.2), (200, 200, 0.2), (300, 200, 1.0), (380, 200, 1.0))
    widths = (ink(paper) > 0.5).sum(axis=0)
    assert widths[120] == pytest.approx(12, abs=2)
    assert widths[370] == pytest.approx(60, abs=2)
    assert (np.diff(widths[120:350]) >= -1).all()


def test_a_stroke_that_crosses_itself_is_no_darker():
    paper = Paper()
    stroke(paper, Brush(40, soft=True), (100, 100), (300, 100))
    once = paper.pixels.copy()
    stroke(paper, Brush(40, soft=True), (100, 100), (300, 100))
    assert np.array_equal(paper.pixels, once)


def test_the_eraser_takes_ink_away_and_only_there():
    paper = Paper()
    stroke(paper, BRUSH, (50, 200), (370, 200))
    before = paper.pixels.copy()
    stroke(paper, ERASER, (200, 150), (200, 250))
    assert (paper.pixels[:, 195:205] == 255).all()
    assert np.array_equal(paper.pixels[:, :180], before[:, :180])


def test_undo_and_redo_bring_back_every_sheet_to_the_last_bit():
    paper = Paper(80)
    sheets = [paper.pixels.copy()]
    for k in range(5):
        stroke(paper, ERASER if k == 3 else BRUSH, (10 + 10 * k, 10), (40, 70))
        sheets.append(paper.pixels.copy())
    paper.clear()
    sheets.append(paper.pixels.copy())
    for sheet in sheets[-2::-1]:
        paper.undo()
        assert np.array_equal(paper.pixels, sheet)
    assert not paper.can_undo
    assert paper.undo() == NOTHING
    for sheet in sheets[1:]:
        paper.redo()
        assert np.array_equal(paper.pixels, sheet)
    assert not paper.can_redo
    paper.undo()
    stroke(paper, BRUSH, (5, 5))
    assert not paper.can_redo


def test_so_many_changes_can_be_undone_and_no_more():
    paper = Paper(20)
    for k in range(MOST_UNDONE + 5):
        stroke(paper, Brush(2), (k % 20, k // 20))
    count = 0
    while paper.can_undo:
        paper.undo()
        count += 1
    assert count == MOST_UNDONE


def test_nobody_but_the_paper_writes_on_it():
    with pytest.raises(ValueError, match="read-only"):
        Paper().pixels[0, 0] = 0


places = st.floats(-500, 900, allow_nan=False)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(places, places, st.floats(0, 1)), min_size=1, max_size=6), st.booleans(), st.floats(1, 90))
def test_what_changes_lies_in_the_box_that_is_returned(points, soft, width):
    paper = Paper(SIDE)
    left, top, right, bottom = stroke(paper, Brush(width, soft), *points)
    outside = np.ones(paper.pixels.shape, bool)
    outside[top:bottom, left:right] = False
    assert (paper.pixels[outside] == 255).all()
