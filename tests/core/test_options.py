"""Options about training: off by default, checked at the border, and in the program that they change."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.iteration import LOSSES
from core.optimizers import OPTIMIZERS
from core.options import LEARNING_RATE, OptionError, Options
from core.presets import PRESETS, open_preset
from core.program import Program
from tests.large import resnet

TRAINED = [name for name in PRESETS if open_preset(name).loss]
UNTRAINED = [name for name in PRESETS if not open_preset(name).loss]
CHANGES: list[dict[str, Any]] = [
    {"loss": "binary_cross_entropy"},
    {"loss": "huber_error:0.5"},
    {"l1": 0.01},
    {"l2": 0.01},
    {"clip_value": 0.1},
    {"clip_norm": 0.1},
    {"frozen": ("1",)},
]


def steps(program: Program) -> list[str]:
    return [repr((step.op, step.inputs, step.output)) for step in program.steps]


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("preset", ["digits", "worked-2-2-2", "attention", "conv-digits"])
def test_what_is_about_training_changes_the_program(preset: str, change: dict[str, Any]) -> None:
    before = open_preset(preset)
    options = before.options.changed(**change)
    assert not before.options.keeps_program(options)
    after = open_preset(preset, **change)
    assert after.loss == change.get("loss", before.loss)
    assert steps(after.program) != steps(before.program)


@pytest.mark.parametrize("preset", TRAINED)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_preset_learns_with_every_loss_that_suits_it(preset: str, loss: str) -> None:
    experiment = open_preset(preset, loss=loss, optimizer="adam", same_samples=True)
    run = experiment.run()
    run.state(12)
    assert np.isfinite(run.losses.all.numbers).all()
    assert run.losses[11] < run.losses[0]


def test_the_loss_of_the_preset_is_no_choice_that_stays() -> None:
    assert open_preset("digits", loss="cross_entropy").options == Options()
    assert open_preset("digits", loss="squared_error").options == Options(loss="squared_error")


def test_parameters_of_an_optimizer_are_numbers_of_the_program() -> None:
    usual = open_preset("digits", optimizer="adam").program.hyperparameters
    chosen = open_preset("digits", optimizer="adam", optimizer_parameters="beta_1=0.5, epsilon=1e-4").program
    assert chosen.hyperparameters == {**usual, "beta_1": 0.5, "epsilon": 1e-4}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_numbers_of_options_are_those_of_their_program(optimizer: str) -> None:
    experiment = open_preset("digits", optimizer=optimizer, l1=0.1, l2=0.2, clip_value=0.3, clip_norm=0.4)
    numbers = dict(experiment.program.hyperparameters)
    del numbers[LEARNING_RATE]
    assert experiment.options.numbers == numbers


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"l2": 0.1}, {"l2": 0.2}),
        ({"l1": 0.1, "clip_norm": 1.0}, {"l1": 0.2, "clip_norm": 2.0}),
        ({"optimizer": "momentum"}, {"optimizer_parameters": "momentum=0.5"}),
        ({"optimizer": "adam", "optimizer_parameters": "beta_1=0.5"}, {"optimizer_parameters": ""}),
    ],
    ids=str,
)
def test_numbers_can_change_in_the_middle_of_a_run(before: dict[str, Any], after: dict[str, Any]) -> None:
    options = Options(**before)
    assert options.keeps_program(options.changed(**after))
    assert not options.keeps_program(options.changed(**after, loss="squared_error"))


@pytest.mark.parametrize("name", ["l1", "l2", "clip_value", "clip_norm"])
def test_penalties_and_limits_do_not_come_or_go_in_the_middle_of_a_run(name: str) -> None:
    options = Options(**{name: 0.1})  # type: ignore[arg-type]
    without = replace(options, **{name: getattr(Options(), name)})
    assert not options.keeps_program(without)
    assert not without.keeps_program(options)


def test_another_optimizer_has_its_own_parameters() -> None:
    options = Options(optimizer="momentum", optimizer_parameters="momentum=0.5")
    assert options.changed(optimizer="adam").optimizer_parameters == ""
    assert options.changed(optimizer="momentum", l2=0.1).optimizer_parameters == "momentum=0.5"
    assert options.changed(optimizer="adam", optimizer_parameters="beta_1=0.5").optimizer_parameters == "beta_1=0.5"


@pytest.mark.parametrize(("names", "frozen"), [(("1",), {"w_1", "b_1"}), (("w_2", "1"), {"w_1", "b_1", "w_2"})])
def test_layers_and_parameters_are_frozen(names: tuple[str, ...], frozen: set[str]) -> None:
    experiment = open_preset("digits", frozen=names)
    run = experiment.run()
    for key, array in run.state(2).items():
        assert (array.tobytes() == experiment.parameters[key].astype("float32").tobytes()) == (key in frozen)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"loss": "hinge"}, r"a loss among cross_entropy, .*huber_error; got 'hinge'\."),
    ({"loss": "squared_eror"}, r"\(did you mean squared_error\?\)\."),
    ({"loss": "huber_error:-1"}, r"a positive, finite limit of the Huber error; got -1\.0\."),
    ({"loss": "huber_error:1e39"}, r"float32 can hold for limit of the Huber error; got 1e\+39\."),
    ({"optimizer_parameters": "momentum=0.5"}, r"Expected none, for SGD; got 'momentum=0\.5'\."),
    ({"optimizer": "adam", "optimizer_parameters": "beta=0.5"}, r"among beta_1, beta_2, epsilon; got 'beta=0\.5'"),
    ({"optimizer": "adam", "optimizer_parameters": "beta_1"}, r"a number after beta_1, such as beta_1=0\.9"),
    ({"optimizer": "adam", "optimizer_parameters": "beta_1=1"}, r"beta 1 from 0 to less than 1; got 1\.0"),
    ({"optimizer": "adam", "optimizer_parameters": "beta_1=0.9999999999"}, r"beta 1 from 0 to less than 1; got 1\.0"),
    ({"optimizer": "adam", "optimizer_parameters": "beta_1=nan"}, r"beta 1 from 0 to less than 1; got nan"),
    ({"optimizer": "adam", "optimizer_parameters": "beta_1=0,beta_1=1"}, r"each parameter once; got beta_1 twice"),
    ({"optimizer": "adam", "optimizer_parameters": "epsilon=1e-60"}, r"float32 can hold for epsilon; got 1e-60\."),
    ({"l1": -1}, r"a factor of the L1 penalty from 0; got -1\."),
    ({"l2": float("nan")}, r"a factor of the L2 penalty from 0; got nan\."),
    ({"l2": 1e-60}, r"float32 can hold for l2; got 1e-60\."),
    ({"clip_value": 0}, r"a positive clipping value; got 0\."),
    ({"clip_norm": float("inf")}, r"a positive clipping norm; got inf\."),
    ({"frozen": ("9",)}, r"layers or parameters to freeze among .*; got '9'"),
    ({"frozen": "w_1"}, r"names of what is frozen; got 'w_1'\."),
    ({"frozen": ("1", "2")}, r"at least one parameter that is trained; with 1, 2 all are frozen\."),
    ({"start": "somewhere"}, r"a start of scratch or trained; got 'somewhere'\."),
]


@pytest.mark.parametrize(("chosen", "words"), BAD, ids=[str(chosen) for chosen, _ in BAD])
def test_what_cannot_be_is_refused_in_one_sentence(chosen: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words) as refused:
        open_preset("digits", **chosen)
    assert str(refused.value).startswith("Expected ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("preset", UNTRAINED)
def test_a_preset_without_a_loss_takes_no_option_about_training(preset: str) -> None:
    for change in CHANGES:
        (name,) = change
        what = name.replace("_", " ")
        with pytest.raises(OptionError, match=rf"^Expected a network that is trained, for the option {what}; {preset}"):
            open_preset(preset, **change)


@pytest.mark.parametrize(
    ("preset", "dtype"), [("conv-digits", "float64"), ("mlp-784-800-10", "float32"), ("vision-transformer", "float32")]
)
def test_the_batch_that_is_offered_is_the_largest_that_can_be_shown(
    preset: str, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.experiment.LARGEST_SHOWN", 30_000_000)
    with pytest.raises(OptionError, match="choose at most") as refused:
        open_preset(preset, batch_size=1797, dtype=dtype).check_memory()
    found = re.search(r"choose at most (\d+) samples", str(refused.value))
    assert found
    open_preset(preset, batch_size=int(found[1]), dtype=dtype).check_memory()
    with pytest.raises(OptionError):
        open_preset(preset, batch_size=int(found[1]) + 1, dtype=dtype).check_memory()


def test_what_has_the_shape_of_resnet_18_can_be_shown_with_two_samples() -> None:
    resnet().check_memory()
