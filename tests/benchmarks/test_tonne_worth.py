"""What is compared when a tonne is worth more."""

import pytest

from benchmarks.tonne_worth import HEAD, compared, dearer, shown
from instances.generator import generate
from scheduler.mill import MONEY


def test_every_order_is_worth_more_and_missing_still_costs_more_than_making():
    book = generate("bar", "day", seed=1, orders=3)
    for before, after in zip(book.orders, dearer(book, 9).orders, strict=True):
        assert after.margin - before.margin == 9 * MONEY
        assert after.shortage > after.margin


def test_a_row_has_a_median_for_each_column():
    changes = compared(generate("bar", "day", seed=1, orders=3), 1, 0.2, 1)
    assert len(shown([changes])) == len(HEAD) - 2
    delivered, trim, per_tonne = changes[0], changes[3], changes[-1]
    assert (1 + trim / 100) == pytest.approx((1 + per_tonne / 100) * (1 + delivered / 100))
