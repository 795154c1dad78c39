import numpy as np
import pytest

from core.ops.base import REGISTRY
from tests.core.ops.cases import every_example
from viz_app.panels.inspector.terms import TermsTable


def _terms(name, *arrays, index, **fields):
    return REGISTRY[name](**fields).terms(index, *arrays)


def _column(table, heading):
    column = table.headings.index(heading)
    return [float(table.text(row, column).replace("−", "-")) for row in range(table.rows)]


def test_a_running_sum_ends_in_the_value():
    a, b = np.array([[1.0, 2.0, 3.0]]), np.array([[4.0], [5.0], [6.0]])
    table = TermsTable(_terms("MatMul", a, b, index=(0, 0)), ("a", "b"))
    assert _column(table, "product") == [4, 10, 18]
    assert _column(table, "sum") == [4, 14, 32]
    assert table.cell_name(1, 2) == "b[1, 0]"


def test_the_remainder_completes_the_sum():
    a = np.arange(1.0, 101.0)[None]
    table = TermsTable(_terms("MatMul", a, np.ones((100, 1)), index=(0, 0)), ("a", "b"), largest_first=True)
    assert table.rows == 21
    assert _column(table, "product")[0] == 100
    assert _column(table, "product")[-1] == sum(range(1, 81))
    assert _column(table, "sum")[-1] == 5050
    assert table.source(20, 1) is None


def test_single_cells_are_named():
    table = TermsTable(_terms("AddBias", np.ones((2, 3)), np.full((1, 3), 2.0), index=(1, 2)), ("sum₁", "b₁"))
    assert [table.text(row, 0) for row in range(2)] == ["sum₁[1, 2]", "b₁[0, 2]"]
    assert table.text(0, 0, short=True) == "sum₁[1, 2]", "the places differ"
    assert _column(table, "sum") == [1, 3]
    alike = TermsTable(_terms("Add", np.ones((2, 3)), np.ones((2, 3)), index=(1, 2)), ("one", "other"))
    assert [alike.text(row, 0, short=True) for row in range(2)] == ["one", "other"]


def test_of_a_table_only_the_row_that_was_picked_is_told():
    table = TermsTable(_terms("Gather", np.arange(6.0).reshape(3, 2), np.array([2.0, 0.0]), index=(0, 1)), ("E", "x"))
    assert [table.text(row, 0) for row in range(table.rows)] == ["E[2, 1]", "x[0]"]


def test_softmax_has_exponentials_and_shares():
    table = TermsTable(_terms("Softmax", np.log([[1.0, 3.0]]), index=(0, 1)), ("net",))
    assert _column(table, "share") == pytest.approx([0.25, 0.75])
    assert "exponential" in table.headings


def test_numbers_that_are_not_finite_are_written_and_warn_of_nothing():
    a = np.array([[np.nan, np.inf]])
    table = TermsTable(_terms("MatMul", a, np.ones((2, 1)), index=(0, 0)), ("a", "b"), largest_first=True)
    assert {table.text(row, 3) for row in range(2)} == {"NaN", "∞"}


@every_example
def test_every_number_of_a_factor_is_that_of_the_cell_that_it_names(case):
    """What a place of the table is called, and opens, holds the number that stands there."""
    arrays = case.arrays()
    for index in np.ndindex(*case.output_shape):
        table = TermsTable(case.op.terms(index, *arrays), case.names)
        for row in range(table.rows):
            for column in range(1, len(table.headings)):
                if (source := table.source(row, column)) is not None:
                    shown = table.full(row, column).split(" = ")[1].replace("−", "-")
                    assert float(shown) == pytest.approx(arrays[source.input][source.index], rel=1e-6)
