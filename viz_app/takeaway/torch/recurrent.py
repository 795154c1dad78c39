"""Write recurrent layers as PyTorch modules, which have the weights of all gates in one tensor, and two biases."""

from collections.abc import Callable
from functools import partial

import numpy as np

from core.layers import GRU, LSTM, RNN
from core.values import Array
from viz_app.takeaway.torch.writing import Place, Weight, Written, flat, transposed, writes

_OF_LSTM = "ifgo"
_OF_GRU = "run"
"""The letters of the gates, in the order of PyTorch."""


@writes(RNN)
def rnn(layer: RNN, place: Place) -> Written:
    """Write a simple recurrent layer."""
    kind = "" if layer.activation == "tanh" else f', nonlinearity="{layer.activation}"'
    module = f"nn.RNN({place.shape[2]}, {layer.units}{kind}, batch_first=True)"
    weights = _weights(place, ("",)) | _no_bias(layer.units)
    return Written(module, _shown(layer.sequence), weights)


@writes(LSTM)
def lstm(layer: LSTM, place: Place) -> Written:
    """Write long short-term memory."""
    module = f"nn.LSTM({place.shape[2]}, {layer.units}, batch_first=True)"
    weights = _weights(place, tuple(f"_{letter}" for letter in _OF_LSTM)) | _no_bias(4 * layer.units)
    return Written(module, _shown(layer.sequence), weights)


@writes(GRU)
def gru(layer: GRU, place: Place) -> Written:
    """Write a gated recurrent unit; only its candidate has two biases."""
    weights = _weights(place, tuple(f"_{letter}" for letter in _OF_GRU))
    of_state: Callable[..., Array] = partial(_below_zeros, 2 * layer.units)
    weights["bias_hh_l0"] = Weight.of(place.key("b_h"), of_state)
    return Written(f"GRU({place.shape[2]}, {layer.units})", _shown(layer.sequence), weights, ("GRU",))


def _weights(place: Place, endings: tuple[str, ...]) -> dict[str, Weight]:
    """Return the weights of all gates, each kind in one tensor."""
    kinds = {"weight_ih_l0": ("w", transposed), "weight_hh_l0": ("u", transposed), "bias_ih_l0": ("b", flat)}
    return {
        name: Weight(tuple(place.key(f"{letter}{ending}") for ending in endings), layout)
        for name, (letter, layout) in kinds.items()
    }


def _no_bias(size: int) -> dict[str, Weight]:
    """Return the second biases of PyTorch, which stay 0."""
    return {"bias_hh_l0": Weight((), partial(_below_zeros, size), fixed=True)}


def _below_zeros(size: int, *arrays: Array) -> Array:
    return np.concatenate([np.zeros(size, arrays[0].dtype if arrays else float), *(array.ravel() for array in arrays)])


def _shown(sequence: bool) -> str:
    return "{m}({x})[0]" if sequence else "{m}({x})[0][:, -1]"
