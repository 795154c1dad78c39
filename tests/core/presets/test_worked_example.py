"""M. Mazur, "A Step by Step Backpropagation Example": every published number, to the digits printed."""

import numpy as np
import pytest

from core.presets import open_preset
from core.run.trace import Trace

# w1 and w2 feed h1, and w5 and w6 feed o1: they are the first columns.
PUBLISHED = [
    ("out_1", (0, 0), "0.593269992"),
    ("out_1", (0, 1), "0.596884378"),
    ("out_2", (0, 0), "0.75136507"),
    ("out_2", (0, 1), "0.772928465"),
    ("loss", (), "0.298371109"),
    ("new_w_2", (0, 0), "0.35891648"),
    ("new_w_2", (1, 0), "0.408666186"),
    ("new_w_2", (0, 1), "0.511301270"),
    ("new_w_2", (1, 1), "0.561370121"),
    ("new_w_1", (0, 0), "0.149780716"),
    ("new_w_1", (1, 0), "0.19956143"),
    ("new_w_1", (0, 1), "0.24975114"),
    ("new_w_1", (1, 1), "0.29950229"),
]


@pytest.fixture(scope="module")
def trace() -> Trace:
    return open_preset("worked-2-2-2").trace()


@pytest.mark.parametrize(("key", "index", "printed"), PUBLISHED)
def test_published_numbers(trace: Trace, key: str, index: tuple[int, ...], printed: str) -> None:
    digits = len(printed.partition(".")[2])
    assert f"{trace.array(key)[index]:.{digits}f}" == printed


def test_starts_from_the_published_weights(trace: Trace) -> None:
    np.testing.assert_array_equal(trace.array("x"), [[0.05, 0.10]])
    np.testing.assert_array_equal(trace.array("y"), [[0.01, 0.99]])
    np.testing.assert_array_equal(trace.array("w_1"), [[0.15, 0.25], [0.20, 0.30]])
    np.testing.assert_array_equal(trace.array("w_2"), [[0.40, 0.50], [0.45, 0.55]])
    assert trace.array("eta") == 0.5


def test_is_computed_in_double_precision(trace: Trace) -> None:
    assert {trace.array(key).dtype for key in trace.program.values} == {np.dtype(np.float64)}


def test_biases_are_frozen(trace: Trace) -> None:
    assert set(trace.program.updates) == {"w_1", "w_2"}
    np.testing.assert_array_equal(trace.array("b_1", 3), [[0.35, 0.35]])
    np.testing.assert_array_equal(trace.array("b_2", 3), [[0.60, 0.60]])


def test_the_seed_plays_no_part(trace: Trace) -> None:
    other = open_preset("worked-2-2-2", seed=7).trace()
    np.testing.assert_array_equal(other.array("new_w_1"), trace.array("new_w_1"))
