"""Compose operations into layers. A layer describes; it owns no arrays."""

from core.layers.attention import LastToken, SelfAttention
from core.layers.base import Layer, Parameter, activate, activation_title
from core.layers.convolution import Conv2d
from core.layers.dense import Dense
from core.layers.pooling import AveragePool2d, Flatten, MaxPool2d

__all__ = [
    "AveragePool2d",
    "Conv2d",
    "Dense",
    "Flatten",
    "LastToken",
    "Layer",
    "MaxPool2d",
    "Parameter",
    "SelfAttention",
    "activate",
    "activation_title",
]
