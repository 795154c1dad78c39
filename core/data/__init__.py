"""The data that networks are stepped on."""

from core.data.dataset import Dataset, one_hot

__all__ = ["Dataset", "one_hot"]
