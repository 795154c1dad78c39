"""Operations whose windows slide over images: convolution, pooling and their gradients."""

from core.ops.windows import channels, conv, pool, pool_gradients

__all__ = ["channels", "conv", "pool", "pool_gradients"]
