import pytest

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import Focus, resolve


@pytest.fixture(scope="session")
def digits():
    return open_preset("digits", batch_size=3)


@pytest.fixture(scope="session")
def digits_trace(digits):
    return digits.trace()


@pytest.fixture
def frame_at(digits_trace):
    """Return a function from a value's key (and a cell of any value) to the frame of its step."""

    def make(key="sum_1", focus=None, iteration=0, cell=None, options=None):
        step = digits_trace.program.producers[key].number
        return resolve(digits_trace, Cursor(iteration, step, cell), options, Focus(*focus) if focus else None)

    return make


@pytest.fixture
def shown(qtbot):
    """Return a function that shows a widget and waits for its window."""

    def show(widget, width=400, height=600):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show
