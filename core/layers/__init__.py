"""Compose operations into layers. A layer describes; it owns no arrays."""

from core.layers.attention import LastToken, SelfAttention
from core.layers.base import LAYERS, Layer, activate, activation_title
from core.layers.block import Block
from core.layers.convolution import Conv2d
from core.layers.dense import Dense
from core.layers.dropout import Dropout
from core.layers.embedding import PositionEmbedding, TokenEmbedding
from core.layers.features import Feature, Features
from core.layers.graph import Node, Wiring
from core.layers.merging import Activate, Concatenate, Sum
from core.layers.normalization import BatchNorm, LayerNorm, RMSNorm
from core.layers.patches import MeanToken, Patches
from core.layers.pooling import AveragePool2d, Flatten, GlobalPool, MaxPool2d
from core.layers.residual import FeedForward, ResidualBlock, TransformerBlock

__all__ = [
    "LAYERS",
    "Activate",
    "AveragePool2d",
    "BatchNorm",
    "Block",
    "Concatenate",
    "Conv2d",
    "Dense",
    "Dropout",
    "Feature",
    "Features",
    "FeedForward",
    "Flatten",
    "GlobalPool",
    "LastToken",
    "Layer",
    "LayerNorm",
    "MaxPool2d",
    "MeanToken",
    "Node",
    "Patches",
    "PositionEmbedding",
    "RMSNorm",
    "ResidualBlock",
    "SelfAttention",
    "Sum",
    "TokenEmbedding",
    "TransformerBlock",
    "Wiring",
    "activate",
    "activation_title",
]
