"""Data of a person's own in the place of a preset's: what changes of the network, and what stays."""

from dataclasses import replace

import numpy as np
import pytest

from core.data import Dataset, one_hot
from core.editing import Adaptation, adaptation, edited, laid_out, on_own_data, own_data_refusal, reopened
from core.experiment import Edit, Experiment
from core.layers import Dense, Node
from core.network import Graph, Input, Network
from core.options import OptionError
from core.presets import PRESETS, find_preset, open_preset
from core.values import AxisKind, Range

ANIMALS = ("cat", "dog", "cow")


def images(shape: tuple[int, ...] = (1, 28, 28), names: tuple[str, ...] = ANIMALS, count: int = 20) -> Dataset:
    """Return noise that is said to be images, with classes in turn."""
    labels = np.arange(count) % len(names)
    inputs = np.random.default_rng(0).random((count, *shape)).astype(np.float32)
    return Dataset("animals", inputs, one_hot(labels, len(names)), labels, class_names=names)


def table(columns: int = 4, targets: int = 0, count: int = 20, name: str = "table") -> Dataset:
    """Return a table with columns of numbers; without targets its rows are of three classes."""
    rng = np.random.default_rng(1)
    inputs, names = rng.normal(size=(count, columns)), tuple(f"column {k}" for k in range(columns))
    if targets:
        wanted = tuple(f"price {k}" for k in range(targets))
        return Dataset(name, inputs, rng.normal(size=(count, targets)), class_names=wanted, column_names=names)
    labels = np.arange(count) % 3
    return Dataset(name, inputs, one_hot(labels, 3), labels, class_names=ANIMALS, column_names=names)


def taken(experiment: Experiment, dataset: Dataset) -> tuple[Adaptation, Experiment]:
    dataset = laid_out(experiment, dataset)
    found = adaptation(experiment, dataset)
    return found, on_own_data(experiment, dataset, found)


def losses(experiment: Experiment, iterations: int) -> list[float]:
    run = experiment.run()
    for _ in run.walk(iterations):
        pass
    return [run.losses[k] for k in range(iterations)]


OWN = {
    "images of one channel": images(),
    "images of other sizes": images((1, 12, 9)),
    "images in colour": images((3, 32, 32)),
    "rows of pixels": replace(images((30,)), row_image=(5, 6)),
    "a table of classes": table(),
    "a table of two columns": table(2),
    "a table of prices": table(3, 1),
    "a table of two prices": table(5, 2),
    "one sample": table(count=1),
}
TRAINED = tuple(name for name in PRESETS if not own_data_refusal(open_preset(name)))


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("preset", TRAINED)
def test_every_network_that_is_trained_can_be_made_to_fit(preset: str, own: str) -> None:
    """All data that can be opened get an iteration: it is run, its loss is finite, and its outputs are the classes."""
    dataset = OWN[own]
    found, experiment = taken(open_preset(preset), dataset)
    assert np.isfinite(losses(experiment, 2)).all()
    output = experiment.program.values[experiment.program.output]
    assert output.shape[1:] == dataset.targets.shape[1:]
    assert output.axes[-1].names == dataset.class_names
    assert experiment.own is not None
    assert experiment.program.values["x"].range is (Range.NON_NEGATIVE if dataset.inputs.min() >= 0 else Range.SIGNED)
    assert found.changes


@pytest.mark.parametrize("preset", TRAINED)
def test_data_of_the_same_kind_change_nothing(preset: str) -> None:
    before = open_preset(preset)
    dataset = before.dataset
    assert dataset is not None
    own = replace(dataset, name="mine", inputs=dataset.inputs[::-1].copy(), targets=dataset.targets[::-1].copy(),
                  labels=None if dataset.labels is None else dataset.labels[::-1].copy(), token_names=None)  # fmt: skip
    found, experiment = taken(before, own)
    assert (found.changes, found.network, found.loss) == ((), before.network, before.loss)
    for key, array in before.parameters.items():
        np.testing.assert_array_equal(experiment.parameters[key], array)
    np.testing.assert_array_equal(experiment.batch(0)["x"][0], own.inputs[0].astype(experiment.options.dtype))


def test_other_class_names_keep_the_weights() -> None:
    before = open_preset("digits")
    assert before.dataset is not None
    names = tuple("abcdefghij")
    found, experiment = taken(before, replace(before.dataset, name="letters", class_names=names))
    assert found.keeps_weights
    assert found.changes == ("The outputs are called a, b, c, d and 6 others.",)
    np.testing.assert_array_equal(experiment.parameters["w_1"], before.parameters["w_1"])


def test_images_are_laid_out_as_the_network_takes_them() -> None:
    rows, channels = open_preset("mlp-784-800-10"), open_preset("conv-digits")
    flat = laid_out(rows, images())
    assert (flat.sample_shape, flat.row_image) == ((784,), (28, 28))
    assert laid_out(channels, flat).sample_shape == (1, 28, 28)
    np.testing.assert_array_equal(laid_out(channels, flat).inputs, images().inputs)
    assert laid_out(rows, table()).sample_shape == (4,)


def test_columns_are_called_by_their_names() -> None:
    _, experiment = taken(open_preset("sigmoid-3-4-2"), table())
    axis = experiment.program.values["x"].axes[-1]
    assert (axis.kind, axis.names) == (AxisKind.FEATURE, ("column 0", "column 1", "column 2", "column 3"))


def test_numbers_make_it_a_regression() -> None:
    found, experiment = taken(open_preset("digits"), table(3, 1))
    assert found.loss == "squared_error"
    network = experiment.network
    assert isinstance(network, Network)
    last = network.layers[-1]
    assert isinstance(last, Dense)
    assert (last.units, last.activation) == (1, None)
    assert "The loss is squared error instead of cross-entropy." in found.changes


def test_what_changes_is_told() -> None:
    found, _ = taken(open_preset("digits"), images((1, 12, 9)))
    assert found.changes == (
        "A sample has 108 numbers instead of 64.",
        "The last layer has 3 outputs instead of 10.",
        "The outputs are called cat, dog, cow.",
        "The weights are drawn anew.",
    )


def test_layers_that_come_and_go_are_told() -> None:
    found, _ = taken(open_preset("conv-digits"), table())
    assert any("is left out" in change for change in found.changes)
    found, _ = taken(open_preset("digits"), images((3, 8, 8)))
    assert "Flatten is put before layer 1." in found.changes


def test_a_graph_takes_other_data() -> None:
    before = open_preset("digits")
    nodes = Node("hidden", Dense(5), ("x",)), Node("end", Dense(10, "softmax"), ("hidden",))
    graph = edited(before, Edit(Graph({"x": Input((64,))}, nodes, "end"), "cross_entropy", {}))
    found, experiment = taken(graph, table())
    assert isinstance(found.network, Graph)
    assert experiment.program.values["x"].shape == (1, 4)
    assert np.isfinite(losses(experiment, 1)).all()


@pytest.mark.parametrize("preset", [name for name in PRESETS if name not in TRAINED])
def test_what_is_not_trained_takes_no_data(preset: str) -> None:
    with pytest.raises(OptionError, match="takes no data of your own"):
        adaptation(open_preset(preset), images())


@pytest.mark.parametrize("own", ["images of one channel", "a table of prices"])
def test_options_that_need_a_new_program_keep_the_data(own: str) -> None:
    """Neither the options that were chosen, nor the number of samples, are the preset's."""
    preset = find_preset("digits")
    _, experiment = taken(open_preset("digits"), OWN[own])
    again = reopened(experiment, preset.make, experiment.now.changed(batch_size=20, dtype="float64"))
    assert again.own is experiment.own
    assert again.batch(0)["x"].shape[0] == 20
    assert np.isfinite(losses(again, 1)).all()


def test_more_samples_than_the_preset_has_can_be_a_batch() -> None:
    preset = find_preset("sigmoid-3-4-2")
    _, experiment = taken(open_preset("sigmoid-3-4-2"), replace(table(3, count=30), class_names=None))
    again = reopened(experiment, preset.make, experiment.now.changed(batch_size=30))
    assert again.batch(0)["x"].shape == (30, 3)


def test_fewer_samples_than_the_options_ask_for_make_the_batch_smaller() -> None:
    before = open_preset("digits", batch_size=64, sample=1000, held_back=300)
    found, experiment = taken(before, images((64,)))
    assert (experiment.now.held_back, experiment.now.batch_size, experiment.now.sample) == (3, 17, 0)
    assert not found.keeps_weights


def test_they_are_learned() -> None:
    """Twenty images of noise are learned by heart: what is on the screen trains."""
    _, experiment = taken(open_preset("digits", learning_rate=0.1), images())
    experiment = reopened(experiment, find_preset("digits").make, experiment.now.changed(batch_size=20))
    first, *_, last = losses(experiment, 150)
    assert last < 0.2 * first
