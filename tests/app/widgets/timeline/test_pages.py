"""Pages of a timeline: every step has its place, whatever the names need and the width is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.widgets.timeline.pages import evenly, one_page, page_of, runs_of, widened

WIDTHS = st.floats(min_value=50, max_value=3000)
NEEDS = st.lists(st.floats(min_value=5, max_value=200), min_size=1, max_size=80)


@given(NEEDS, WIDTHS, st.data())
def test_every_step_is_on_one_page_with_the_room_that_it_needs(
    needs: list[float], width: float, data: st.DataObject
) -> None:
    starts = (0, *sorted(data.draw(st.sets(st.integers(1, 79), max_size=9)) & set(range(len(needs)))))
    pages = [page_of(step, needs, starts, width) for step in range(len(needs))]
    assert [step for page in dict.fromkeys(pages) for step in page.steps] == list(range(len(needs)))
    for step, page in enumerate(pages):
        left, right = page.span(step)
        assert right - left >= min(needs[step], width) - 1e-6
        assert page.at((left + right) / 2) == step
        assert page.edges[-1] <= width + 1e-6


@given(NEEDS, WIDTHS)
def test_one_page_has_all_steps_or_there_is_none(needs: list[float], width: float) -> None:
    page = one_page(needs, width)
    assert (page is None) is (sum(needs) > width)
    if page is not None:
        assert page.edges[-1] == pytest.approx(width)
        assert all(page.span(step)[1] - page.span(step)[0] >= need - 1e-6 for step, need in enumerate(needs))


def test_beyond_the_ends_is_the_nearest_step() -> None:
    page = evenly(10, 500)
    assert [page.at(x) for x in (-10, 0, 49, 51, 499, 500, 900)] == [0, 0, 0, 1, 9, 9, 9]


def test_a_page_rather_ends_with_a_group() -> None:
    assert page_of(0, [10.0] * 30, (0, 8, 16, 24), 100).steps == range(8)
    assert page_of(8, [10.0] * 30, (0, 8, 16, 24), 100).steps == range(8, 16)


def test_a_layer_that_is_interrupted_by_what_belongs_to_none_is_one_run() -> None:
    groups = [("f", 1), ("f", None), ("f", 1), ("f", 2), ("b", 2), ("b", None), ("b", 1), ("u", None), ("u", 1)]
    assert [(run.start, run.end, run.layer) for run in runs_of(groups)] == [
        (0, 3, 1), (3, 4, 2), (4, 5, 2), (6, 7, 1), (8, 9, 1),
    ]  # fmt: skip


def test_a_run_is_as_wide_as_its_label() -> None:
    assert widened([10, 10, 10], [(0, 2, 50), (2, 3, 5)]) == [25, 25, 10]
