"""Every optimizer agrees with PyTorch's, with and without penalties and clipping."""

from typing import Any

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS, Clipping, Penalties
from core.run.trace import Trace
from tests.core.optimizers.small import NETWORK, RATES, SEED, TREATMENTS, batch, program

torch = pytest.importorskip("torch")
from torch.nn import functional  # noqa: E402
from torch.nn.utils import clip_grad_norm_, clip_grad_value_  # noqa: E402

ITERATIONS = 20
OF_TORCH = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.99}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {"weight_decay": 0.01}),
}


def torch_loss(weights: dict[str, Any], iteration: int) -> Any:
    x, y = (torch.tensor(array) for array in batch(iteration).values())
    hidden = torch.tanh(x @ weights["w_1"] + weights["b_1"])
    return functional.cross_entropy(hidden @ weights["w_2"] + weights["b_2"], y)


def treat(weights: dict[str, Any], penalties: Penalties | None, clipping: Clipping | None) -> None:
    """Add the penalties to the gradients of the weights, then clip each number, then the norm of all."""
    for key in ("w_1", "w_2") if penalties else ():
        weight = weights[key].detach()
        weights[key].grad += penalties.l2 * weight + penalties.l1 * torch.sign(weight)  # type: ignore[union-attr]
    if clipping and clipping.value is not None:
        clip_grad_value_(weights.values(), clipping.value)
    if clipping and clipping.norm is not None:
        clip_grad_norm_(weights.values(), clipping.norm)


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_trains_as_pytorch_does(name: str, treatment: str) -> None:
    start = NETWORK.initial(SEED, "float64")
    trace = Trace(program(name, treatment), start, batch, "float64")
    weights = {key: torch.tensor(array, requires_grad=True) for key, array in start.items()}
    make, numbers = OF_TORCH[name]
    optimizer = make(weights.values(), lr=RATES[name], **numbers)
    for iteration in range(ITERATIONS):
        optimizer.zero_grad()
        loss = torch_loss(weights, iteration)
        loss.backward()
        treat(weights, *TREATMENTS[treatment])
        optimizer.step()
        assert float(trace.array("loss", iteration)) == pytest.approx(loss.item(), rel=1e-10)
        for key, weight in weights.items():
            np.testing.assert_allclose(
                trace.array(key, iteration + 1), weight.detach().numpy(), rtol=1e-10, atol=1e-10, err_msg=key
            )


def test_clipping_acts_in_the_tests_above() -> None:
    """Every limit is reached, but for the one that is there so that it is not."""
    plain = Trace(program("sgd"), NETWORK.initial(SEED, "float64"), batch, "float64")
    for treatment in TREATMENTS:
        treated = Trace(program("sgd", treatment), NETWORK.initial(SEED, "float64"), batch, "float64")
        same = np.array_equal(treated.array("new_w_1"), plain.array("new_w_1"))
        assert same == (treatment in ("plain", "a norm that is never reached")), treatment
