from argparse import Namespace

import pytest

from core.options import OptionError
from viz_app.cli.opening import open_experiment

TOLD = "batch sample seed dtype start optimizer optimizer_parameters rate loss l1 l2 clip_value clip_norm freeze"
NAMES = ("data", "target", "normalise", "adapt", "preset", "weights", "theme", *TOLD.split())


def _arguments(**given):
    return Namespace(**{**dict.fromkeys(NAMES), **given})


def test_opens_what_was_open_last_unless_told_otherwise():
    assert open_experiment(_arguments(), "sigmoid-3-4-2").preset == "sigmoid-3-4-2"
    told = open_experiment(_arguments(preset="digits", batch=4, sample=9, seed=1, dtype="float64"), "sigmoid-3-4-2")
    assert told.preset == "digits"
    assert (told.options.batch_size, told.options.sample, told.options.seed) == (4, 9, 1)
    assert told.options.dtype == "float64"


def test_options_that_there_are_not_are_refused():
    with pytest.raises(OptionError, match="batch size"):
        open_experiment(_arguments(preset="worked-2-2-2", batch=9), "digits")


def test_opens_with_the_kernel_that_was_asked_for():
    settings = open_experiment(_arguments(kernel="blur", stride="2"), "conv-kernel").settings
    assert (settings.kernel, settings.stride) == ("blur", (2, 2))
    with pytest.raises(OptionError, match="for --kernel; got digits"):
        open_experiment(_arguments(kernel="blur"), "digits")


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.1), ("momentum", 0.01), ("nesterov", 0.01), ("adam", 0.005)])
def test_opens_with_an_optimizer_at_the_rate_that_suits_the_network(name, rate):
    experiment = open_experiment(_arguments(optimizer=name), "digits")
    assert experiment.options.optimizer == name
    assert experiment.options.learning_rate is None
    assert experiment.program.hyperparameters["eta"] == rate
