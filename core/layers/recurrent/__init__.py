"""Remember from token to token: layers that are unrolled over time."""

from core.layers.recurrent.gru import GRU
from core.layers.recurrent.lstm import LSTM
from core.layers.recurrent.simple import RNN

__all__ = ["GRU", "LSTM", "RNN"]
