"""A PyTorch script runs, and makes the outputs, the loss and the weights after a step that NetStep makes."""

import contextlib
import io
import runpy
from dataclasses import replace

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.layers import (
    GRU,
    LAYERS,
    LSTM,
    RNN,
    Activate,
    AveragePool2d,
    BatchNorm,
    Block,
    Concatenate,
    Conv2d,
    CrossAttention,
    DecoderBlock,
    Dense,
    Dropout,
    Feature,
    Features,
    FeedForward,
    Flatten,
    GlobalPool,
    LastToken,
    LayerNorm,
    MaxPool2d,
    MeanToken,
    Node,
    Patches,
    PositionEmbedding,
    ResidualBlock,
    RMSNorm,
    SelfAttention,
    Sum,
    TokenEmbedding,
    TransformerBlock,
)
from core.layers.base import Layer
from core.network import Graph, Input, Network
from core.ops.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.options import Options, Rates
from core.preset import network_experiment
from core.presets import PRESETS, open_preset
from viz_app.takeaway.files import torch_files, write_files
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.torch.script import torch_script
from viz_app.takeaway.torch.training import RULES, write_loss
from viz_app.takeaway.torch.writing import WRITERS, UnsayableError

torch = pytest.importorskip("torch")
CLOSE = {"float64": 1e-9, "float32": 2e-4}


def run(experiment, tmp_path, iteration=0):
    """Write a script, run it, and return its variables, what it was written of, and what it said."""
    values = Snapshot.of(experiment.trace(), experiment.preset, iteration)
    path = tmp_path / "network.py"
    write_files(torch_files(values, experiment, path), overwrite=True)
    printed = io.StringIO()
    before = torch.get_default_dtype()
    try:
        with contextlib.redirect_stdout(printed):
            scope = runpy.run_path(str(path))
    finally:
        torch.set_default_dtype(before)
    return scope, values, printed.getvalue()


def check(experiment, tmp_path, iteration=0):
    """Check the output, the loss, and everything that has been learnt in a step."""
    scope, values, printed = run(experiment, tmp_path, iteration)
    program, arrays = values.program, values.arrays
    close = {"rtol": CLOSE[values.dtype], "atol": CLOSE[values.dtype]}
    np.testing.assert_allclose(scope["prediction"].detach().numpy(), arrays[program.output], **close)
    np.testing.assert_allclose(scope["loss"].item(), arrays[program.loss], **close)
    assert f"(NetStep: {arrays[program.loss][()]})" in printed
    weights = torch_script(experiment, values, "x.npz").weights
    after = scope["network"].state_dict()
    assert set(after) - set(weights) <= {name for name in after if name.endswith("num_batches_tracked")}
    learnt = {key for weight in weights.values() for key in weight.keys}
    assert learnt == {value.key for value in program.learnt}
    for name, weight in weights.items():
        expected = weight.layout(*(arrays[program.state[key]] for key in weight.keys))
        np.testing.assert_allclose(after[name].numpy(), expected, **close, err_msg=name)
    return scope


def experiment_of(layers, shape, *, samples=3, loss="squared_error", whole=0, **options):
    """Return an experiment on random samples; ``whole`` makes them whole numbers below it."""
    generator = np.random.default_rng(1)
    network = layers if isinstance(layers, Graph) else Network(shape, tuple(layers))
    x = generator.integers(0, whole, (samples, *shape)) if whole else generator.standard_normal((samples, *shape))
    *places, classes = network.forward.values[network.forward.output].shape[1:]
    labels = generator.integers(0, classes, (samples, *places))
    chosen = Options(batch_size=samples, dtype="float64", **options)
    dataset = Dataset("random", x.astype(float), np.eye(classes)[labels], token_labels=labels if places else None)
    return network_experiment("own", network, dataset, chosen, loss=loss, rates=Rates(0.1, 0.05))


IMAGE, TOKENS, ROW = (2, 6, 5), (4, 6), (5,)
END = Flatten(), Dense(3, "softmax")
NETWORKS = {
    "dense": ((Dense(4, "gelu"), Dense(4, "leaky_relu", bias=False), Dense(4, "tanh"), Dense(3, None)), ROW),
    "activate": ((Dense(4, None), Activate("relu"), Dense(3, "sigmoid")), ROW),
    "normal": ((Dense(4, None), LayerNorm(1e-3), RMSNorm(), BatchNorm(momentum=0.3), Dense(3, None)), ROW),
    "conv": ((Conv2d(4, 3, 1, "same", groups=2), Conv2d(2, (2, 3), 2, (1, 0, 2, 1), (1, 2), bias=False), *END), IMAGE),
    "pool": ((MaxPool2d(2, 2, 1, ceil=True), AveragePool2d(2, 1, 1), *END), IMAGE),
    "uneven": ((MaxPool2d(3, 2, (1, 0, 0, 1), ceil=True), AveragePool2d(2, 2, (1, 0, 1, 0), ceil=True), *END), IMAGE),
    "average": ((Conv2d(3, 2), BatchNorm(), GlobalPool("average"), Dense(2, None)), IMAGE),
    "largest": ((Conv2d(3, 2, activation=None), GlobalPool("max"), Dense(2, None)), IMAGE),
    "residual": ((ResidualBlock(2), ResidualBlock(3, 2), ResidualBlock(3, batch_norm=False), *END), IMAGE),
    "attention": ((SelfAttention(2, 4, causal=True), SelfAttention(), LastToken(), Dense(3, "softmax")), TOKENS),
    "transformer": (
        (PositionEmbedding(7), TransformerBlock(2, dropout=0.25), TransformerBlock(3, 8, False, False, "rms"),
         FeedForward(5, "relu"), LastToken(), Dense(3, "softmax")), TOKENS),
    "rnn": ((RNN(3, sequence=True), RNN(4, activation="relu"), Dense(3, "softmax")), TOKENS),
    "lstm": ((LSTM(3, sequence=True), LSTM(4), Dense(3, "softmax")), TOKENS),
    "gru": ((GRU(3, sequence=True), GRU(4), Dense(3, "softmax")), TOKENS),
    "patches": ((Patches(3), Dense(4), MeanToken(), Dense(3, "softmax")), (2, 6, 3)),
    "dropout": ((Dropout(0.5), Dense(4), Dropout(0.25), Dense(3, None)), ROW),
    "features": ((Features(), Dense(3, None)), (2,)),
    "some features": ((Features(frozenset({Feature.X2, Feature.PRODUCT})), Dense(3, None)), (2,)),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_layers_are_those_of_pytorch(name, tmp_path):
    layers, shape = NETWORKS[name]
    check(experiment_of(layers, shape), tmp_path)


def test_graphs_blocks_and_names_that_pytorch_has_for_itself(tmp_path):
    inner = Block("two layers", (Node("to", Dense(4), ("x",)), Node("back", Dense(5, None), ("to",))), "back")
    outer = Block("a block in a block", (Node("inner", inner, ("x",)), Node("sum", Sum(), ("inner", "x"))), "sum")
    nodes = (
        Node("train", outer, ("torch",)),
        Node("self_", Dense(5), ("torch",)),
        Node("both", Concatenate(), ("train", "self_", "torch")),
        Node("forward", Dense(3, "softmax"), ("both",)),
    )
    graph = Graph({"torch": Input(ROW)}, nodes, "forward")
    experiment = experiment_of(graph, ROW, loss="cross_entropy")
    data = {"torch": experiment.dataset.inputs, "y": experiment.dataset.targets}
    check(replace(experiment, data=lambda chosen: {key: array[list(chosen)] for key, array in data.items()}), tmp_path)


def test_tokens_look_at_another_sequence(tmp_path):
    nodes = (
        Node("short", Dense(4), ("x",)),
        Node("other", SelfAttention(2), ("short",)),
        Node("cross", CrossAttention(2, 8), ("x", "other")),
        Node("decoder", DecoderBlock(2, dropout=0.2), ("cross", "other")),
        Node("after", DecoderBlock(3, norm_first=False, norm="rms"), ("decoder", "x")),
        Node("last", LastToken(), ("after",)),
        Node("end", Dense(3, "softmax"), ("last",)),
    )
    check(experiment_of(Graph({"x": Input(TOKENS)}, nodes, "end"), TOKENS), tmp_path)


def test_gates_go_on_in_any_iteration_and_freeze_as_a_whole_alone(tmp_path):
    for layer in (RNN(3), LSTM(3), GRU(3)):
        options = {"optimizer": "adamw", "l1": 0.01, "clip_norm": 0.1}
        check(experiment_of((layer, Dense(3, None)), TOKENS, **options), tmp_path, 2)
        check(experiment_of((layer, Dense(3, None)), TOKENS, frozen=("1",)), tmp_path)
    experiment = experiment_of((LSTM(3), Dense(3, None)), TOKENS, frozen=("w_f_1",))
    with pytest.raises(UnsayableError, match=r"in one tensor, lstm_1\.weight_ih_l0, of which only a part is frozen"):
        torch_script(experiment, Snapshot.of(experiment.trace(), "own"), "x.npz")


def test_tokens_are_looked_up(tmp_path):
    layers = TokenEmbedding(5, 4), PositionEmbedding(3), SelfAttention(), Flatten(), Dense(3, "softmax")
    check(experiment_of(layers, (3,), whole=5, loss="cross_entropy"), tmp_path)


def test_every_layer_loss_and_rule_is_written():
    ends = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
    for loss in LOSSES:
        assert write_loss(loss, merged=loss in ends).startswith("def loss_of(out, y):")
        assert write_loss(loss, merged=False)
    assert set(OPTIMIZERS.values()) == set(RULES)
    assert {kind for kind in LAYERS.values() if kind.__module__.startswith("core.")} == {*WRITERS, Block}


@pytest.mark.parametrize("end", ["softmax", "sigmoid", None])
def test_losses_are_those_of_pytorch(end, tmp_path):
    losses = ["squared_error", "absolute_error", "huber_error:0.25"]
    losses += {"softmax": ["cross_entropy"], "sigmoid": ["binary_cross_entropy", "cross_entropy"], None: []}[end]
    for loss in losses:
        scope = check(experiment_of((Dense(4), Dense(3, end)), ROW, loss=loss), tmp_path)
        left_to_it = (loss, end) in {("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")}
        assert (scope["out"] is not scope["prediction"]) is left_to_it


def test_losses_of_tokens_are_means_over_all_of_them(tmp_path):
    for loss, end in (("cross_entropy", "softmax"), ("cross_entropy", "sigmoid"), ("huber_error:0.5", None)):
        check(experiment_of((Dense(4), Dense(3, end)), TOKENS, loss=loss), tmp_path)


def test_update_rules_go_on_where_they_are(tmp_path):
    numbers = {"momentum": "momentum=0.8", "adamw": "weight_decay=0.1", "rmsprop": "alpha=0.9"}
    for name in OPTIMIZERS:
        layers = Dense(4, "tanh"), Dense(3, "softmax")
        options = {"optimizer": name, "optimizer_parameters": numbers.get(name, "")}
        experiment = experiment_of(layers, ROW, loss="cross_entropy", **options)
        for iteration in (0, 3):
            check(experiment, tmp_path, iteration)


def test_treatments_frozen_parameters_and_schedules(tmp_path):
    layers = Dense(4, "tanh"), LayerNorm(), Dense(3, "softmax")
    options = {"l1": 0.01, "l2": 0.02, "clip_value": 0.05, "clip_norm": 0.06, "schedule": "steps:2,0.5"}
    experiment = experiment_of(layers, ROW, loss="cross_entropy", frozen=("b_1", "3"), **options)
    check(experiment, tmp_path, 3)


def test_every_preset_that_is_a_network(tmp_path):
    for name in PRESETS:
        experiment = open_preset(name)
        if experiment.network is None or not experiment.loss:
            with pytest.raises(UnsayableError, match=f"^{name} is no network with a loss"):
                torch_script(experiment, Snapshot.of(experiment.trace(), name, 0, ()), "x.npz")
        else:
            batch = {} if len(experiment.dataset) < 2 or name == "conv-digits" else {"batch_size": 2}
            check(open_preset(name, dtype="float32", **batch), tmp_path)


def test_what_has_no_words_is_told_in_a_sentence():
    class Strange(Layer):
        name = "strange layer"

        def build(self, builder, *inputs):
            return inputs[0]

    LAYERS.pop("Strange")
    experiment = experiment_of((Dense(4), Strange(), Dense(3, None)), ROW)
    with pytest.raises(UnsayableError, match=r"^There are no words in PyTorch for the layer strange layer\.$"):
        torch_script(experiment, Snapshot.of(experiment.trace(), "own"), "x.npz")
