import numpy as np
import pytest

from core.options import Options
from core.presets import open_preset
from core.presets.playground import PlaygroundSettings
from viz_app.frame.told.answers import answers_of


@pytest.fixture(scope="module")
def digits():
    return open_preset("digits")


def told(answers):
    return [(answer.name, answer.text) for answer in answers]


def test_classes_come_with_the_likeliest_first(digits):
    outputs = np.array([0.01, 0.6, 0, 0.2, 0.1, 0.05, 0.001, 0.039, 0, 0])
    answers = answers_of(digits, outputs)
    assert told(answers) == [("1", "60%"), ("3", "20%"), ("4", "10%"), ("5", "5%"), ("7", "4%")]
    assert [answer.share for answer in answers] == [0.6, 0.2, 0.1, 0.05, 0.039]
    assert [answer.leads for answer in answers] == [True, False, False, False, False]


def test_the_class_that_is_wanted_is_always_among_them(digits):
    outputs = np.array([0.01, 0.6, 0, 0.2, 0.1, 0.05, 0.001, 0.039, 0, 0])
    answers = answers_of(digits, outputs, np.eye(10)[9])
    assert [answer.name for answer in answers] == ["1", "3", "4", "5", "9"]
    assert [answer.wanted for answer in answers] == [False] * 4 + [True]
    assert [answer.wanted for answer in answers_of(digits, outputs, np.eye(10)[3])] == [
        False,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(("share", "text"), [(0.0, "0%"), (1e-9, "<1%"), (0.9999, ">99%"), (1.0, "100%"), (0.5, "50%")])
def test_neither_nothing_nor_all_is_said_of_what_is_neither(digits, share, text):
    outputs = np.zeros(10)
    outputs[0] = share
    assert next(answer.text for answer in answers_of(digits, outputs) if answer.name == "0") == text


def test_numbers_that_are_no_classes_stay_in_their_order(small):
    answers = answers_of(small, np.array([0.25, 0.75]), np.array([0.01, 0.99]))
    assert told(answers) == [("o1", "0.25"), ("o2", "0.75")]
    assert [answer.share for answer in answers] == [0.25, 0.75]
    assert all(answer.leads and not answer.wanted for answer in answers)


def test_a_height_is_told_as_a_number():
    experiment = PlaygroundSettings("plane").open(Options())
    (answer,) = answers_of(experiment, np.array([-0.5]))
    assert (answer.text, answer.share, answer.leads) == ("−0.5", 1.0, True)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_said_and_has_no_bar(digits, wrong):
    outputs = np.full(10, 0.1)
    outputs[4] = wrong
    every = answers_of(digits, outputs, most=10)
    assert len(every) == 10
    assert next(answer for answer in every if answer.name == "4").share == 0


def test_a_map_has_no_bars():
    assert answers_of(open_preset("conv-kernel"), np.zeros((1, 8, 8))) == ()
