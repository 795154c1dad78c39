"""What is pasted is told apart into cells, whatever the spreadsheet's language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.widgets.fields.pasted import pasted_cells
from viz_app.widgets.fields.reading import Bounds

CASES = {
    "0,05\t0,1\n": ("0,05", "0,1"),
    "0.05\t0.1": ("0.05", "0.1"),
    "0,05;0,1": ("0,05", "0,1"),
    "0.05,0.1": ("0.05", "0.1"),
    "0,05, 0,1": ("0,05", "0,1"),
    "0.05, 0.1": ("0.05", "0.1"),
    "1,2,3": ("1", "2", "3"),
    "0,5": ("0,5",),
    "0.5": ("0.5",),
    "0,05 0,1": ("0,05", "0,1"),
    " 1  2\t": ("1  2", ""),
    "3/8 1 / 2": ("3/8", "1 / 2"),
    "0,05\r\n0,1\r\n": ("0,05", "0,1"),
    '"1,5"\t"2"': ("1,5", "2"),
    "1\t\t2": ("1", "", "2"),
    "\t1": ("", "1"),
    "": (),
    "\n": (),
}


@pytest.mark.parametrize(("text", "cells"), CASES.items())
def test_cells(text, cells):
    assert pasted_cells(text) == cells


numbers = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=8)


@given(numbers, st.sampled_from("\t;\n"), st.booleans())
def test_numbers_that_were_written_by_a_spreadsheet_are_read_as_they_were(values, mark, comma):
    bounds = Bounds(-1e7, 1e7)
    texts = [bounds.write(value) for value in values]
    written = mark.join(text.replace(".", ",") if comma else text for text in texts)
    assert [bounds.read(cell) for cell in pasted_cells(written)] == values
