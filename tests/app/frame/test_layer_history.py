"""What is remembered of layers: in bounded room, without losing a count, until it is forgotten."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.frame.told.layer_history import BINS, MOST_COLUMNS, MOST_NORMS, Axis, Histogram, Norms, some_of
from viz_app.frame.told.layer_scale import scale_below, span_of

values = st.lists(
    st.one_of(
        st.sampled_from([0.0, -0.0, 5e-324, 1e-45, 1e-12, 1e-3, 1.0, -1.0, 1e4, 1e38, 1e308, math.inf, -math.inf]),
        st.floats(),
    ),
    max_size=8,
)


@pytest.mark.parametrize("axis", list(Axis))
@given(columns=st.lists(values, min_size=1, max_size=5))
def test_every_number_is_in_one_bin(axis, columns):
    histogram = Histogram(axis)
    for iteration, column in enumerate(columns):
        histogram.take(iteration, np.array(column, np.float64))
    taken = [
        sum(math.isfinite(number) if axis is Axis.LINEAR else not math.isnan(number) for number in column)
        for column in columns
    ]
    assert histogram.counts.sum(axis=1).tolist() == taken
    assert (histogram.counts >= 0).all()


@given(number=st.floats(-1e30, 1e30), other=st.floats(-1e30, 1e30))
def test_a_number_is_between_the_edges_of_its_bin(number, other):
    histogram = Histogram(Axis.LINEAR)
    histogram.take(0, np.array([number]))
    histogram.take(1, np.array([other]))  # which may make the bins wider
    for column, told in enumerate((number, other)):
        (place,) = np.flatnonzero(histogram.counts[column])
        slack = 1e-9 * abs(histogram.edge(BINS))
        assert histogram.edge(place) - slack <= told <= histogram.edge(place + 1) + slack


@given(number=st.floats(1e-30, 1e30))
def test_sizes_are_between_powers_of_ten(number):
    histogram = Histogram(Axis.SIZE)
    histogram.take(0, np.array([number, -number]))
    (place,) = np.flatnonzero(histogram.counts[0])
    assert histogram.counts[0, place] == 2
    assert histogram.edge(place) * (1 - 1e-9) <= number <= histogram.edge(place + 1) * (1 + 1e-9)


def test_zero_is_in_a_bin_of_its_own_side():
    histogram = Histogram(Axis.LINEAR)
    histogram.take(0, np.array([0.0, 1.0, -1.0]))
    assert histogram.counts[0, BINS // 2] == 1
    assert histogram.edge(BINS // 2) == 0
    sizes = Histogram(Axis.SIZE)
    sizes.take(0, np.zeros(3, np.float32))
    assert sizes.counts[0, 0] == 3
    assert sizes.edge(0) == 0


@given(count=st.integers(1, 5 * MOST_COLUMNS), gap=st.integers(1, 3))
def test_however_many_iterations_come_the_room_is_bounded_and_nothing_is_lost(count, gap):
    histogram, norms = Histogram(Axis.LINEAR), Norms()
    for iteration in range(0, count * gap, gap):
        histogram.take(iteration, np.array([0.5]))
        norms.take(iteration, float(iteration))
    assert len(histogram) <= MOST_COLUMNS
    assert histogram.counts.sum() == count
    assert (histogram.first, histogram.last) == (0, (count - 1) * gap)
    assert len(norms.numbers) == len(norms.iterations) <= MOST_NORMS
    assert norms.numbers.tolist() == norms.iterations.tolist()  # each the largest of those in its column: the last
    assert (np.diff(norms.iterations) > 0).all()


@given(count=st.integers(1, 3 * MOST_COLUMNS), back=st.integers(0, 3 * MOST_COLUMNS), more=st.integers(0, MOST_COLUMNS))
def test_going_back_forgets_what_came_after(count, back, more):
    histogram, norms = Histogram(Axis.SIZE), Norms()
    for iteration in range(count):
        histogram.take(iteration, np.ones(2))
        norms.take(iteration, 1.0)
    histogram.forget(back)
    norms.forget(back)
    assert histogram.last < max(back, 1)
    assert (norms.iterations < back).all()
    for iteration in range(back, back + more):
        histogram.take(iteration, np.ones(2))
        norms.take(iteration, 1.0)
    assert len(histogram) <= MOST_COLUMNS
    if more:
        assert histogram.last == norms.iterations[-1] == max(back + more, min(count, back)) - 1


def test_an_iteration_is_taken_once():
    histogram, norms = Histogram(Axis.LINEAR), Norms()
    for number in (1.0, 2.0):
        histogram.take(3, np.array([number]))
        norms.take(3, number)
    assert histogram.counts.sum() == 1
    assert norms.numbers.tolist() == [1.0]


def test_a_norm_that_is_not_finite_is_infinite():
    norms = Norms()
    for iteration, norm in enumerate((math.nan, math.inf, 1.0)):
        norms.take(iteration, norm)
    assert norms.numbers.tolist() == [math.inf, math.inf, 1.0]


@given(sizes=st.lists(st.integers(0, 400), min_size=1, max_size=4), most=st.integers(1, 300))
def test_some_of_many_cells_are_few_and_of_all_of_them(sizes, most):
    parts = [np.arange(size, dtype=np.float32) for size in sizes]
    some = some_of(parts, most)
    assert some.size <= most + len(parts)
    assert some.size >= min(1, sum(sizes))
    if sum(sizes) <= most:
        assert some.size == sum(sizes)


@pytest.mark.parametrize(
    "numbers", [(), (None,), (0.0,), (math.nan, math.inf), (1e-320, 1e308), (1e308,), (1e-45, 3.0), (5e-324,)]
)
@pytest.mark.parametrize("decades", [4, 8])
def test_the_bar_of_any_number_has_a_length(numbers, decades):
    scale = scale_below(numbers, decades)
    assert 0 < scale.low < scale.high < math.inf
    for number in (*(n for n in numbers if n is not None), 0.0, 1.0, math.nan, -1.0):
        assert 0 <= scale.share(number) <= 1
    assert len(scale.ticks) == decades - 1
    assert scale.share(scale.high) == 1
    assert scale.share(scale.low) == 0


def test_the_curves_of_all_layers_have_the_same_height_for_the_same_norm():
    one, other = Norms(), Norms()
    assert span_of([one, other]) is None
    for iteration, norm in enumerate((0.0, 1e-6, 1.0, math.nan)):
        one.take(iteration, norm)
    other.take(7, 1e-3)
    span = span_of([one, other])
    assert (span.first, span.last) == (0, 7)
    assert span.heights(one.numbers).tolist() == pytest.approx([0, 0, 1, 1])
    assert span.heights(other.numbers).tolist() == pytest.approx([0.5])
