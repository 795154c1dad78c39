"""Compose operations into layers. A layer describes; it owns no arrays."""

from core.layers.attention import LastToken, SelfAttention
from core.layers.base import LAYERS, Layer, activate, activation_title
from core.layers.block import Block
from core.layers.convolution import Conv2d
from core.layers.dense import Dense
from core.layers.features import Feature, Features
from core.layers.graph import Node, Wiring
from core.layers.merging import Activate, Concatenate, Sum
from core.layers.pooling import AveragePool2d, Flatten, MaxPool2d

__all__ = [
    "LAYERS",
    "Activate",
    "AveragePool2d",
    "Block",
    "Concatenate",
    "Conv2d",
    "Dense",
    "Feature",
    "Features",
    "Flatten",
    "LastToken",
    "Layer",
    "MaxPool2d",
    "Node",
    "SelfAttention",
    "Sum",
    "Wiring",
    "activate",
    "activation_title",
]
