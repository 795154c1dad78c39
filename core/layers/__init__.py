"""Compose operations into layers. A layer describes; it owns no arrays."""

from core.layers.attention import CrossAttention, LastToken, SelfAttention
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
from core.layers.recurrent import GRU, LSTM, RNN
from core.layers.residual import DecoderBlock, FeedForward, ResidualBlock, TransformerBlock

__all__ = [
    "GRU",
    "LAYERS",
    "LSTM",
    "RNN",
    "Activate",
    "AveragePool2d",
    "BatchNorm",
    "Block",
    "Concatenate",
    "Conv2d",
    "CrossAttention",
    "DecoderBlock",
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
