"""The classes and functions of a script that PyTorch does not have itself, as they stand in it."""

from collections.abc import Mapping
from types import MappingProxyType

PIECES: Mapping[str, str] = MappingProxyType(
    {
        "average_pool": '''
def average_pool(x, window, stride, padding, ceil_mode):
    """Average what each window sees of the image; F.avg_pool2d takes the same padding on both sides."""
    sums = F.avg_pool2d(F.pad(x, padding), window, stride, ceil_mode=ceil_mode, divisor_override=1)
    counts = F.avg_pool2d(F.pad(torch.ones_like(x), padding), window, stride, ceil_mode=ceil_mode, divisor_override=1)
    return sums / counts.clamp_min(1)
''',
        "Dropout": '''
class Dropout(nn.Module):
    """Drop numbers with the masks that NetStep draws; nn.Dropout draws masks of its own."""

    seed, turn = np.float64(0), np.float64(0)  # of all such layers: the seed, and the number of the iteration

    def __init__(self, rate, stream):
        super().__init__()
        self.rate, self.stream = rate, stream

    def forward(self, x):
        if not self.training:
            return x
        mask = dropout_mask(Dropout.seed, Dropout.turn, tuple(x.shape), self.rate, self.stream)
        return x * torch.as_tensor(mask, dtype=x.dtype)
''',
        "Positions": '''
class Positions(nn.Module):
    """Add a learnt row for each position."""

    def __init__(self, longest, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(longest, width))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]
''',
        "Attention": '''
class Attention(nn.Module):
    """Mix tokens of a memory by how well queries and its keys match; nn.MultiheadAttention has one width for all."""

    def __init__(self, width, inner, heads, memory_width=None, causal=False):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.q = nn.Linear(width, inner, bias=False)
        self.k, self.v = (nn.Linear(memory_width or width, inner, bias=False) for _ in range(2))
        self.o = nn.Linear(inner, width, bias=False)

    def forward(self, x, memory=None):
        memory = x if memory is None else memory
        projected = self.q(x), self.k(memory), self.v(memory)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in projected)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.o(mixed.transpose(1, 2).flatten(2))
''',
        "TransformerBlock": '''
class TransformerBlock(nn.Module):
    """Self-attention and a feed-forward network, each with a way around it."""

    def __init__(self, attention, attention_norm, feed_forward, forward_norm, norm_first, dropouts=None):
        super().__init__()
        self.attention, self.attention_norm = attention, attention_norm
        self.feed_forward, self.forward_norm = feed_forward, forward_norm
        self.norm_first = norm_first
        self.dropouts = nn.ModuleList(dropouts or (nn.Identity() for _ in range(3)))

    def forward(self, x):
        x = self.around(self.dropouts[0], self.attention_norm, self.attention, x)
        return self.around(self.dropouts[-1], self.forward_norm, self.feed_forward, x)

    def around(self, dropout, norm, layer, x, *others):
        if self.norm_first:
            return x + dropout(layer(norm(x), *others))
        return norm(x + dropout(layer(x, *others)))
''',
        "DecoderBlock": '''
class DecoderBlock(TransformerBlock):
    """The same, with attention to a memory between the two."""

    def __init__(self, *parts, cross, cross_norm, **about):
        super().__init__(*parts, **about)
        self.cross, self.cross_norm = cross, cross_norm

    def forward(self, x, memory):
        x = self.around(self.dropouts[0], self.attention_norm, self.attention, x)
        x = self.around(self.dropouts[1], self.cross_norm, self.cross, x, memory)
        return self.around(self.dropouts[-1], self.forward_norm, self.feed_forward, x)
''',
        "ResidualBlock": '''
class ResidualBlock(nn.Module):
    """Two convolutions, and a way around them."""

    def __init__(self, first, second, around):
        super().__init__()
        self.first, self.second, self.around = first, second, around

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.around(x))
''',
        "GRU": '''
class GRU(nn.GRU):
    """Carry a state from token to token, with one bias for each gate: the second ones that PyTorch has stay 0."""

    def __init__(self, features, units):
        super().__init__(features, units, batch_first=True)
        self.bias_hh_l0.register_hook(self.of_candidate)

    def of_candidate(self, gradient):
        return torch.cat((torch.zeros_like(gradient[: 2 * self.hidden_size]), gradient[2 * self.hidden_size :]))
''',
    }
)
