"""Operations whose windows slide over images: convolution, pooling and their gradients."""

from core.ops.windows import channels, convolution, pool, pooling_gradients

__all__ = ["channels", "convolution", "pool", "pooling_gradients"]
