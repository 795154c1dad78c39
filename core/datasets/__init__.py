"""The data that networks are stepped on."""

from core.datasets.dataset import Dataset, one_hot

__all__ = ["Dataset", "one_hot"]
