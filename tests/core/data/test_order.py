"""Every epoch visits every sample once, in order or shuffled by the seed."""

import pytest

from core.data.order import Order


@pytest.mark.parametrize("seed", [None, 0, 7])
@pytest.mark.parametrize("count", [1, 5, 64])
def test_every_epoch_visits_every_sample_once(count: int, seed: int | None) -> None:
    order = Order(count, seed)
    for epoch in range(3):
        assert sorted(order.take(epoch * count, count)) == list(range(count))


@pytest.mark.parametrize("seed", [None, 3])
@pytest.mark.parametrize("size", [1, 4, 7, 23])
def test_batches_go_on_where_the_last_one_ended(size: int, seed: int | None) -> None:
    order = Order(10, seed)
    batches = [sample for start in range(0, 10 * size, size) for sample in order.take(start, size)]
    assert batches == list(order.take(0, 10 * size))


def test_shuffled_epochs_differ_and_come_back_with_the_seed() -> None:
    first, again, other = (
        [order.take(epoch * 64, 64) for epoch in range(3)] for order in (Order(64, 1), Order(64, 1), Order(64, 2))
    )
    assert first == again
    assert first != other
    assert first[0] != first[1] != first[2]
    assert Order(64).take(0, 128) == (*range(64), *range(64))
