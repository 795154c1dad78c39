"""The same training in PyTorch eager: the same network, numbers, loss and update."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from core.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d
from core.layers.convolution import padding_amounts, pair
from core.network import Network
from core.values import Array

ACTIVATIONS: Mapping[str | None, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.01),
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "gelu": lambda: nn.GELU(approximate="tanh"),
    "softmax": lambda: nn.Softmax(dim=1),
    None: nn.Identity,
}

OPTIMIZERS: Mapping[str, tuple[Any, Mapping[str, Any]]] = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9, "fused": True}),
    "adam": (torch.optim.Adam, {"fused": True}),
    "adamw": (torch.optim.AdamW, {"fused": True, "weight_decay": 0.01}),
}
"""The fastest form of each rule."""


class Training:
    """A network in PyTorch that starts from the same parameters and takes the same batch again and again.

    Parameters
    ----------
    network : Network
        Dense layers, convolutions and max pooling; softmax at the end, with cross-entropy.
    parameters, data : mapping of str to ndarray
        What it starts from, and its batch.
    learning_rate : float
        eta.
    optimizer : str
        The update rule, by the name that NetStep has for it.

    Raises
    ------
    ValueError
        If this is none of the networks and rules that are written here.
    """

    def __init__(
        self,
        network: Network,
        parameters: Mapping[str, Array],
        data: Mapping[str, Array],
        learning_rate: float,
        optimizer: str = "sgd",
    ) -> None:
        if optimizer not in OPTIMIZERS:
            raise ValueError(f"expected an optimizer among {', '.join(OPTIMIZERS)}; got {optimizer!r}")
        self.model = model_of(network, parameters)
        self._parameters = tuple(self.model.parameters())
        self._x, self._y = torch.tensor(data["x"]), torch.tensor(data["y"])
        self._rate = learning_rate
        rule, about = OPTIMIZERS[optimizer]
        self._optimizer = rule(self._parameters, lr=learning_rate, **about)
        self._name = ", ".join([f"optim.{rule.__name__}", *(f"{key}={value}" for key, value in about.items())])

    def ways(self) -> Mapping[str, Callable[[], object]]:
        """Return the ways to train a batch, by name."""
        ways: dict[str, Callable[[], object]] = {f"PyTorch, {self._name}": self.with_optimizer}
        return ways | ({"PyTorch, in place": self.in_place} if self._name == "optim.SGD" else {})

    def with_optimizer(self) -> None:
        """Train a batch as the tutorials do."""
        self._optimizer.zero_grad()
        torch.autograd.backward(self._loss())
        self._optimizer.step()

    def in_place(self) -> None:
        """Train a batch with as little around it as can be."""
        gradients = torch.autograd.grad(self._loss(), self._parameters)
        with torch.no_grad():
            for parameter, gradient in zip(self._parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=self._rate)

    def loss(self) -> float:
        """Return the loss of the batch."""
        return float(self._loss().detach())

    def _loss(self) -> torch.Tensor:
        return functional.cross_entropy(self.model(self._x), self._y)


def model_of(network: Network, parameters: Mapping[str, Array]) -> nn.Sequential:
    """Return a network in PyTorch with these parameters, without its last softmax: that is part of the loss.

    Raises
    ------
    ValueError
        If a layer is none of those that are written here.
    """
    return nn.Sequential(*_modules(network, parameters))


def _modules(network: Network, parameters: Mapping[str, Array]) -> Iterator[nn.Module]:
    last = len(network.layers)
    for number, layer in enumerate(network.layers, 1):
        yield _module(layer, *(_tensor(parameters, f"{kind}_{number}") for kind in "wb"))
        activation = getattr(layer, "activation", None)
        if number == last:
            if activation != "softmax":
                raise ValueError(f"expected softmax at the end, for cross-entropy; got {activation!r}")
        elif activation is not None:
            yield ACTIVATIONS[activation]()


def _module(layer: Layer, weight: torch.Tensor | None, bias: torch.Tensor | None) -> nn.Module:
    match layer:
        case Dense() if weight is not None:
            inputs, units = weight.shape
            return _filled(nn.Linear(inputs, units, bias=bias is not None), weight.T, bias)
        case Conv2d() if weight is not None:
            return _filled(_convolution(layer, weight, bias), weight, bias)
        case MaxPool2d():
            return nn.MaxPool2d(layer.window, layer.stride)
        case Flatten():
            return nn.Flatten()
    raise ValueError(f"expected dense layers, convolutions and max pooling; got {layer.name}")


def _convolution(layer: Conv2d, weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Module:
    above, below, left, right = padding_amounts(layer.padding)
    if above != below or left != right:
        raise ValueError(f"expected the same padding on both sides; got {layer.padding}")
    filters, channels, height, width = weight.shape
    about: dict[str, Any] = {"stride": pair(layer.stride), "dilation": pair(layer.dilation), "padding": (above, left)}
    return nn.Conv2d(channels, filters, (height, width), bias=bias is not None, **about)


def _filled(module: nn.Module, weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Module:
    module.load_state_dict({"weight": weight} | ({} if bias is None else {"bias": bias.reshape(-1)}))
    return module


def _tensor(parameters: Mapping[str, Array], key: str) -> torch.Tensor | None:
    return torch.tensor(parameters[key]) if key in parameters else None
