"""The same training as a person writes it in NumPy who knows how to do it in place."""

import numpy as np

from core.layers import Dense
from core.network import Network
from core.values import Array


class ByHand:
    """Train dense layers with ReLU between them and softmax at the end, with cross-entropy and SGD.

    Parameters
    ----------
    network : Network
        Such a network.
    parameters, data : mapping of str to ndarray
        What it starts from, and the batch that it takes again and again.
    learning_rate : float
        eta.

    Raises
    ------
    ValueError
        If it is another network.
    """

    def __init__(
        self, network: Network, parameters: dict[str, Array], data: dict[str, Array], learning_rate: float
    ) -> None:
        activations = [layer.activation if isinstance(layer, Dense) else None for layer in network.layers]
        if activations != ["relu"] * (len(activations) - 1) + ["softmax"]:
            raise ValueError(f"expected dense layers with ReLU, and softmax at the end; got {activations}")
        numbers = range(1, len(activations) + 1)
        self._x, self._y, self._rate = data["x"], data["y"], np.float32(learning_rate)
        self._weights = [parameters[f"w_{number}"].copy() for number in numbers]
        self._biases = [parameters[f"b_{number}"].copy() for number in numbers]
        self._outs = [np.empty((len(self._x), weight.shape[1]), "float32") for weight in self._weights]
        self._deltas = [np.empty_like(out) for out in self._outs]
        self._active = [np.empty(out.shape, bool) for out in self._outs]
        self._gradients = [np.empty_like(weight) for weight in self._weights]

    def __call__(self) -> float:
        """Train on the batch, and return its loss before the update."""
        loss = self._forward()
        self._backward()
        return loss

    def _forward(self) -> float:
        given = self._x
        for weight, bias, out in zip(self._weights, self._biases, self._outs, strict=True):
            np.matmul(given, weight, out=out)
            out += bias
            if out is not self._outs[-1]:
                np.maximum(out, 0, out=out)
            given = out
        out = self._outs[-1]
        out -= out.max(axis=1, keepdims=True)
        np.exp(out, out=out)
        out /= out.sum(axis=1, keepdims=True)
        return float(-(self._y * np.log(np.maximum(out, np.finfo("float32").tiny))).sum() / len(out))

    def _backward(self) -> None:
        delta = self._deltas[-1]
        np.subtract(self._outs[-1], self._y, out=delta)
        delta /= np.float32(len(delta))
        for number in reversed(range(len(self._weights))):
            given = self._outs[number - 1] if number else self._x
            delta, weight, gradient = self._deltas[number], self._weights[number], self._gradients[number]
            np.matmul(given.T, delta, out=gradient)
            bias_gradient = delta.sum(axis=0, keepdims=True)
            if number:
                before, active = self._deltas[number - 1], self._active[number - 1]
                np.matmul(delta, weight.T, out=before)
                np.greater(given, 0, out=active)
                before *= active
            gradient *= self._rate
            weight -= gradient
            self._biases[number] -= self._rate * bias_gradient
