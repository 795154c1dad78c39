"""Every epoch visits every sample once, in order or shuffled by the seed."""

import pytest

from core.data.order import Order


@pytest.mark.parametrize("seed", [None, 0, 7])
@pytest.mark.parametrize("count", [1, 5, 64])
def test_every_epoch_visits_every_sample_once(count: int, seed: int | None) -> None:
    order = Order(count, seed)
    for epoch in range(3):
        assert sorted(order.at(epoch * count + place) for place in range(count)) == list(range(count))


def test_shuffled_epochs_differ_and_come_back_with_the_seed() -> None:
    first, again, other = (
        [[order.at(epoch * 64 + place) for place in range(64)] for epoch in range(3)]
        for order in (Order(64, 1), Order(64, 1), Order(64, 2))
    )
    assert first == again
    assert first != other
    assert first[0] != first[1] != first[2]
    assert [Order(64).at(place) for place in range(128)] == [*range(64), *range(64)]
