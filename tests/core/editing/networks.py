"""Small networks on small data, and random edits of them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.data.dataset import Dataset, one_hot
from core.editing import Draft, EditError, fields_of
from core.experiment import Experiment
from core.layers import LAYERS, AveragePool2d, Block, Conv2d, Dense, Flatten, LastToken, MaxPool2d, Node, SelfAttention
from core.layers.fields import Choice, Flag, Names, Real, Sizes, Subset, Whole
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment

CLASSES = 3
BLOCK = Block("two in one", (Node("first", Dense(4), ("x",)), Node("second", Dense(5), ("first",))), "second")
END = Dense(CLASSES, "softmax")
NETWORKS = {
    "rows": Network((6,), (Dense(5), BLOCK, Dense(4, "tanh", bias=False, initialiser="glorot"), END)),
    "tokens": Network((4, 6), (SelfAttention(2), Dense(6), LastToken(), END)),
    "images": Network((2, 6, 6), (Conv2d(3, 3, padding="same"), MaxPool2d(2), AveragePool2d(1), Flatten(), END)),
}


def experiment(name: str, loss: str = "cross_entropy", **chosen: Any) -> Experiment:
    """Return a network of ``NETWORKS`` on data that fit it."""
    network = NETWORKS[name]
    labels = np.arange(7) % CLASSES
    inputs = np.random.default_rng(1).normal(size=(7, *network.input_shape)).astype(np.float32)
    dataset = Dataset("noise", inputs, one_hot(labels, CLASSES), labels, class_names=("a", "b", "c"))
    options = Options(batch_size=2).changed(**chosen)
    return network_experiment("digits", network, dataset, options, loss=loss, rates=Rates(0.1))


SIZES = st.integers(1, 4)
JUNK = st.sampled_from(
    [None, -1, 0, 1.5, True, "", "x", "softmax", (), (1,), (2, 3), (1, 2, 3), 10**30, frozenset("w")]
)


def fitting(entry: object) -> st.SearchStrategy[Any]:
    """Return what may stand in a field; sizes are small, so that all of it can be run."""
    match entry:
        case Whole():
            return SIZES
        case Sizes():
            one = [SIZES] if 1 in entry.counts else []
            more = [st.tuples(*[SIZES] * count) for count in entry.counts if count > 1]
            words = [st.sampled_from(entry.words)] if entry.words else []
            return st.one_of(*one, *more, *words, *([st.none()] if entry.none else []))
        case Choice():
            return st.sampled_from([value for value, _ in entry.entries])
        case Subset():
            return st.frozensets(st.sampled_from(entry.names))
        case Names():
            return st.none() | st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple)
        case Real():
            return st.sampled_from([0.25, 0.5])
        case Flag():
            return st.booleans()
    return JUNK


def edit(data: st.DataObject, draft: Draft) -> Draft:
    """Change a draft at random; what cannot be leaves it as it was."""
    at = data.draw(st.integers(-1, len(draft.parts)))
    try:
        match data.draw(st.sampled_from(["add", "remove", "move", "duplicate", "change", "change", "change", "loss"])):
            case "add":
                return draft.add(at, data.draw(st.sampled_from(list(LAYERS.values()))))
            case "remove":
                return draft.remove(at)
            case "move":
                return draft.move(at, data.draw(st.integers(-1, len(draft.parts))))
            case "duplicate":
                return draft.duplicate(at)
            case "loss":
                return draft.take_loss(data.draw(st.sampled_from(["cross_entropy", "squared_error", "none"])))
        part = draft.parts[max(at, 0) % len(draft.parts)]
        if not part.fields:
            return draft.change(at, "units", 1)
        field = data.draw(st.sampled_from(fields_of(part.kind)))
        return draft.change(at, field.name, data.draw(fitting(field.entry) | JUNK))
    except EditError as error:
        assert_is_sentence(str(error))
        return draft


def assert_is_sentence(text: str) -> None:
    assert text[:1].isupper()
    assert text.endswith(".")
    assert "\n" not in text
