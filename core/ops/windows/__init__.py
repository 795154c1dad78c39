"""Operations whose windows slide over images: convolution, pooling and their gradients."""

from core.ops.windows import channels, convolution, patches, pooling, pooling_gradients

__all__ = ["channels", "convolution", "patches", "pooling", "pooling_gradients"]
