"""The transformer, the vision transformer and the residual network agree with PyTorch, whole, over 20 iterations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.data.words import ALPHABET, CONTEXT, words
from core.layers import Patches
from core.network import Network
from core.ops.base import ShapeError
from core.presets import open_preset
from core.run.trace import Trace

Parameters = dict[str, Any]


def _norm(torch: Any, x: Any, p: Parameters, name: str) -> Any:
    scale, shift = (p[key] for key in name.split(","))
    return torch.nn.functional.layer_norm(x, x.shape[-1:], scale, shift)


def _block(torch: Any, x: Any, p: Parameters, number: int, causal: bool) -> Any:
    """Return a pre-norm transformer block of PyTorch's own attention and GELU."""

    def of(name: str) -> Any:
        return p[f"{name}_{number}"]

    normal = _norm(torch, x, p, f"attention_norm_scale_{number},attention_norm_shift_{number}")
    heads = [(normal @ of(f"attention_w_{letter}")).unflatten(-1, (2, -1)).transpose(1, 2) for letter in "qkv"]
    mixed = torch.nn.functional.scaled_dot_product_attention(*heads, is_causal=causal)
    x = x + mixed.transpose(1, 2).flatten(2) @ of("attention_w_o")
    normal = _norm(torch, x, p, f"forward_norm_scale_{number},forward_norm_shift_{number}")
    wide = torch.nn.functional.gelu(normal @ of("forward_wide_w") + of("forward_wide_b"), approximate="tanh")
    return x + wide @ of("forward_back_w") + of("forward_back_b")


def _transformer(torch: Any, x: Any, p: Parameters, running: Parameters) -> Any:
    hidden = p["table_1"][x.long()] + p["positions_2"]
    hidden = _block(torch, hidden, p, 3, causal=True)
    return _norm(torch, hidden, p, "scale_4,shift_4") @ p["w_5"] + p["b_5"]


def _vision(torch: Any, x: Any, p: Parameters, running: Parameters) -> Any:
    patches = torch.nn.functional.unfold(x, 7, stride=7).transpose(1, 2)
    hidden = patches @ p["w_2"] + p["b_2"] + p["positions_3"]
    hidden = _block(torch, hidden, p, 4, causal=False)
    return _norm(torch, hidden, p, "scale_5,shift_5").mean(dim=1) @ p["w_7"] + p["b_7"]


def _residual(torch: Any, x: Any, p: Parameters, running: Parameters) -> Any:
    functional = torch.nn.functional

    def norm(value: Any, name: str) -> Any:
        mean, variance = (running[name.format(kind)] for kind in ("running_mean", "running_variance"))
        scale, shift = (p[name.format(kind)].flatten() for kind in ("scale", "shift"))
        return functional.batch_norm(value, mean, variance, scale, shift, training=True)

    def block(value: Any, number: int, stride: int) -> Any:
        def conv(part: str, given: Any, step: int, padding: int) -> Any:
            made = functional.conv2d(given, p[f"{part}_w_{number}"], stride=step, padding=padding)
            return norm(made, f"{part}_{{}}_{number}")

        inner = conv("second", torch.relu(conv("first", value, stride, 1)), 1, 1)
        return torch.relu(inner + (conv("around", value, stride, 0) if stride > 1 else value))

    hidden = torch.relu(norm(functional.conv2d(x, p["w_1"], stride=2, padding=1), "{}_2"))
    hidden = block(block(hidden, 4, 1), 5, 2)
    return hidden.mean(dim=(2, 3)) @ p["w_7"] + p["b_7"]


@pytest.mark.parametrize(
    ("name", "forward", "samples"),
    [("transformer", _transformer, 2), ("vision-transformer", _vision, 2), ("residual-digits", _residual, 3)],
)
def test_a_whole_preset_agrees_with_pytorch(name: str, forward: Callable[..., Any], samples: int) -> None:
    torch = pytest.importorskip("torch")
    experiment = open_preset(name, dtype="float64", batch_size=samples, learning_rate=0.05)
    program, trace = experiment.program, experiment.trace()
    start = trace.run.state(0)
    p = {v.key: torch.tensor(np.array(start[v.key]), requires_grad=True) for v in program.parameters}
    others = [value for value in program.learnt if value.key not in p]
    running = {value.key: torch.tensor(np.array(start[value.key])).flatten() for value in others}
    for iteration in range(20):
        _step(torch, trace, iteration, p, running, forward)
    for key, value in running.items():
        expected = trace.run.state(20)[key].ravel()
        np.testing.assert_allclose(value.numpy(), expected, rtol=1e-9, atol=1e-10, err_msg=key)


def _step(
    torch: Any, trace: Trace, iteration: int, p: Parameters, running: Parameters, forward: Callable[..., Any]
) -> None:
    """Compare an iteration, and take one in PyTorch."""
    data = {value.key: torch.tensor(np.array(trace.array(value.key, iteration))) for value in trace.program.data}
    scores = forward(torch, data["x"], p, running)
    losses = -(data["y"] * torch.log_softmax(scores, dim=-1)).sum(dim=-1)
    loss = losses.mean()
    loss.backward()
    assert float(trace.array("loss", iteration)) == pytest.approx(float(loss.detach()), rel=1e-9)
    with torch.no_grad():
        for key, value in p.items():
            ours = trace.array(trace.program.gradients[key], iteration)
            np.testing.assert_allclose(ours, value.grad.numpy(), rtol=1e-6, atol=1e-10, err_msg=key)
            value -= 0.05 * value.grad
            value.grad = None


def test_every_token_is_asked_for_the_one_after_it() -> None:
    dataset = words()
    assert dataset.token_labels is not None
    for sample in (0, 700, len(dataset) - 1):
        seen = ALPHABET.text(dataset.inputs[sample].astype(int).tolist())
        wanted = ALPHABET.text(dataset.token_labels[sample].tolist())
        assert seen[1:] == wanted[:-1]
        assert "".join(ALPHABET.shown(seen)) == dataset.sample_text(sample)
        assert "".join(ALPHABET.shown(wanted)) == dataset.target_text(sample)
    assert dataset.sample_shape == (CONTEXT,)
    assert {*ALPHABET.characters} == {*"".join(map(dataset.sample_text, range(len(dataset)))).replace("␣", " ")}


def test_a_patch_is_a_piece_of_the_image() -> None:
    image = np.arange(2 * 2 * 4 * 6, dtype=np.float32).reshape(2, 2, 4, 6)
    program = Network((2, 4, 6), (Patches(2),)).forward
    (first, *_) = (image[:1],)
    made = Trace(program, {}, lambda _: {"x": first}).array(program.output or "")
    assert made.shape == (1, 6, 8)
    np.testing.assert_array_equal(made[0, 4], first[0, :, 2:4, 2:4].ravel())


def test_patches_that_do_not_fill_the_image_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"Layer 1 \(patches 3 × 3\): expected patches that fill .*: 1, 2 wide; got 3"):
        Network((1, 4, 6), (Patches(3),))
