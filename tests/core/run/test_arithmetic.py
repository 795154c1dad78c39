"""Everybody computes in the same circumstances, and leaves those of others alone."""

import warnings

import numpy as np

from core.run.arithmetic import arithmetic


def test_circumstances_end_where_they_began() -> None:
    before = np.getbufsize(), np.geterr()
    with arithmetic():
        assert (np.getbufsize(), np.geterr()) != before
    assert (np.getbufsize(), np.geterr()) == before


def test_a_number_that_is_not_finite_is_no_warning() -> None:
    with warnings.catch_warnings(), arithmetic():
        warnings.simplefilter("error")
        assert np.isnan(np.zeros(1) / np.zeros(1)).all()
