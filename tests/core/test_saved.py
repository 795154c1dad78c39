"""Saved weights tell what they were trained with; they open as the experiment that they are of, or are refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.experiment import Experiment
from core.layers import Dense
from core.network import Network
from core.options import OptionError, Options, Rates
from core.preset import network_experiment
from core.presets import PRESETS, open_preset
from core.saved import experiment_of, weights_of
from core.trained import trained_presets, trained_weights
from core.weights import Weights, read_weights, weights_file
from tests.core.layers.graphs import GRAPHS

TRAINED = [name for name in PRESETS if open_preset(name).loss]
WORKED = open_preset("worked-2-2-2")
CHOSEN: dict[str, Any] = {
    "batch_size": 2,
    "seed": 4,
    "optimizer": "adam",
    "optimizer_parameters": "beta_1=0.5",
    "loss": "huber_error:0.5",
    "l2": 0.01,
    "clip_norm": 1.0,
    "frozen": ("b_2",),
    "shuffle": True,
    "held_back": 1,
    "schedule": "cosine:50",
    "dtype": "float64",
}


def saved(experiment: Experiment, iterations: int, folder: Path) -> Weights:
    """Return weights as they come back from a file."""
    weights = weights_of(experiment, experiment.run().state(iterations), iterations, notation="net, out")
    (folder / "w").write_bytes(weights_file(weights))
    return read_weights(folder / "w")


@pytest.mark.parametrize("preset", TRAINED)
def test_weights_open_as_what_they_were_trained_as(preset: str, tmp_path: Path) -> None:
    experiment = open_preset(preset, optimizer="adam", learning_rate=0.01, seed=3)
    opened = experiment_of(saved(experiment, 2, tmp_path), WORKED)
    assert opened.preset == preset
    assert opened.network == experiment.network
    assert opened.program.steps == experiment.program.steps
    for key, array in experiment.run().state(2).items():
        assert opened.parameters[key].tobytes() == array.tobytes()


def test_every_option_comes_back(tmp_path: Path) -> None:
    experiment = open_preset("digits", **CHOSEN)
    weights = saved(experiment, 3, tmp_path)
    assert (weights.about["iteration"], weights.about["notation"], weights.about["data"]) == (
        3,
        "net, out",
        "Handwritten digits, 8 × 8",
    )
    assert experiment_of(weights, WORKED).options == replace(experiment.options, learning_rate=0.005)


def test_the_options_are_those_that_hold_now(tmp_path: Path) -> None:
    experiment = open_preset("digits").changed(2, Options(learning_rate=0.25, same_samples=True))
    assert experiment_of(saved(experiment, 3, tmp_path), WORKED).options == Options(
        learning_rate=0.25, same_samples=True
    )


def test_training_goes_on_as_if_it_had_not_been_saved(tmp_path: Path) -> None:
    experiment = open_preset("digits", optimizer="adam", batch_size=4, same_samples=True, learning_rate=0.01)
    opened = experiment_of(saved(experiment, 5, tmp_path), WORKED)
    for key, array in experiment.run().state(8).items():
        assert opened.run().state(3)[key].tobytes() == array.tobytes(), key


def test_what_was_trained_before_is_counted(tmp_path: Path) -> None:
    first = saved(open_preset("worked-2-2-2"), 5, tmp_path)
    assert "trained_before" not in first.about
    second = saved(experiment_of(first, WORKED), 2, tmp_path)
    assert (second.about["iteration"], second.about["trained_before"]) == (2, 5)
    third = saved(experiment_of(second, WORKED), 1, tmp_path)
    assert (third.about["iteration"], third.about["trained_before"]) == (1, 7)
    shipped = trained_weights("digits").about["iteration"]
    assert saved(open_preset("digits", start="trained"), 3, tmp_path).about["trained_before"] == shipped


def own(hidden: int, outputs: int = 10, inputs: int = 64) -> Experiment:
    dataset = open_preset("digits").dataset
    assert dataset is not None
    network = Network((inputs,), (Dense(hidden, "tanh"), Dense(outputs, "softmax")))
    if (inputs, outputs) != (64, 10):
        dataset = replace(
            dataset, inputs=np.ones((5, inputs)), targets=np.eye(outputs)[[0] * 5], labels=None, class_names=None
        )
    return network_experiment("digits", network, dataset, Options(), loss="cross_entropy", rates=Rates(0.1))


def test_another_network_is_opened_on_the_data_of_its_preset(tmp_path: Path) -> None:
    experiment = own(7)
    weights = saved(experiment, 2, tmp_path)
    opened = experiment_of(weights, WORKED)
    assert opened.preset == "digits"
    assert opened.network == experiment.network
    assert opened.parameters["w_1"].tobytes() == weights.state["w_1"].tobytes()
    assert np.isfinite(opened.trace().array("loss"))


@pytest.mark.parametrize(
    ("inputs", "outputs", "words"),
    [(64, 3, "The last layer has 3 outputs; the data have 10"), (9, 10, "The network takes 9 numbers a sample")],
)
def test_a_network_that_does_not_fit_the_data_is_refused(inputs: int, outputs: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=words):
        experiment_of(saved(own(7, outputs, inputs), 1, tmp_path), WORKED)


def test_a_huge_network_is_refused_before_anything_of_its_size_is_made(tmp_path: Path) -> None:
    weights = Weights({}, Network((64,), (Dense(999_999, "relu"), Dense(10, "softmax"))), {"preset": "digits"})
    with pytest.raises(OptionError, match="Expected a parameter w_1"):
        experiment_of(weights, WORKED)


def test_weights_of_somebody_else_are_those_of_what_is_open() -> None:
    opened = experiment_of(Weights({**WORKED.parameters, "w_1": np.ones((2, 2))}), WORKED)
    assert opened.preset == "worked-2-2-2"
    assert opened.parameters["w_1"].tolist() == [[1, 1], [1, 1]]
    with pytest.raises(OptionError, match="do not fit digits: Expected w_1 of shape"):
        experiment_of(Weights(WORKED.parameters), open_preset("digits"))
    with pytest.raises(OptionError, match="network that is trained; conv-kernel is not"):
        experiment_of(Weights(WORKED.parameters), open_preset("conv-kernel"))


BAD: list[dict[str, Any]] = [
    {"optimizer": ["sgd"]},
    {"optimizer": "sgdd"},
    {"batch_size": "many"},
    {"batch_size": True},
    {"batch_size": 10**9},
    {"held_back": 2000},
    {"shuffle": 1},
    {"frozen": "w_1"},
    {"frozen": [1]},
    {"frozen": ["w_9"]},
    {"loss": {}},
    {"loss": "hinge"},
    {"schedule": 3},
    {"seed": -1},
    {"learning_rate": "fast"},
    {"learning_rate": 0},
    {"dtype": "float16"},
]


@pytest.mark.parametrize("told", BAD, ids=json.dumps)
def test_what_cannot_be_told_is_refused_in_one_sentence(told: dict[str, Any]) -> None:
    experiment = open_preset("digits")
    weights = Weights(experiment.parameters, experiment.network, {"preset": "digits", **told})
    with pytest.raises(OptionError) as refused:
        experiment_of(weights, WORKED)
    assert str(refused.value)[0].isupper()
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("preset", ["digits", "mlp-784-800-10", "conv-digits"])
def test_trained_weights_are_shipped(preset: str) -> None:
    assert preset in trained_presets()
    weights = trained_weights(preset)
    assert weights.about["preset"] == preset
    assert weights.network == open_preset(preset).network
    assert min(weights.about["accuracy"].values()) > 0.965
    opened = experiment_of(weights, WORKED)
    assert opened.options == open_preset(preset).options


def test_trained_weights_are_small() -> None:
    sizes = [len(weights_file(trained_weights(preset))) for preset in trained_presets()]
    assert sum(sizes) < 3_000_000


@pytest.mark.parametrize("preset", ["digits", "mlp-784-800-10", "conv-digits"])
def test_a_run_starts_from_trained_weights(preset: str) -> None:
    experiment = open_preset(preset, start="trained", batch_size=200)
    trace, scratch = experiment.trace(), open_preset(preset, batch_size=200).trace()
    assert float(trace.array("loss")) < 0.2 < float(scratch.array("loss"))
    found = trace.array(str(experiment.program.output)).argmax(axis=1) == trace.array("y").argmax(axis=1)
    assert found.mean() > 0.95


@pytest.mark.parametrize("preset", [name for name in PRESETS if name not in trained_presets()])
def test_a_preset_without_trained_weights_says_so(preset: str) -> None:
    with pytest.raises(OptionError, match=r"^Expected a (preset that trained weights are shipped for|network that is)"):
        open_preset(preset, start="trained")


EVERY_NETWORK = {
    **{f"graph {name}": graph for name, graph in GRAPHS.items()},
    **{name: open_preset(name).network for name in TRAINED},
}


@pytest.mark.parametrize("name", EVERY_NETWORK)
@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "mlp-768-800-10"])
def test_any_network_opens_on_the_data_of_any_preset_or_is_refused(preset: str, name: str) -> None:
    network = EVERY_NETWORK[name]
    assert network is not None
    weights = Weights(network.initial(1), network, {"preset": preset})
    opened, refused = None, ""
    try:
        opened = experiment_of(weights, WORKED)
    except ValueError as error:
        refused = str(error)
    assert (opened is None) == bool(refused)
    assert "\n" not in refused
    if opened is None:
        assert name != preset
    else:
        assert opened.network == network
        assert np.isfinite(opened.trace().array("loss"))
