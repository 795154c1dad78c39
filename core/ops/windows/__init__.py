"""Operations whose windows slide over images: convolution, pooling and their gradients."""

from core.ops.windows import channels, convolution, pooling, pooling_gradients

__all__ = ["channels", "convolution", "pooling", "pooling_gradients"]
