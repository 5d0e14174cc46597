"""What is compared when a tonne is worth more."""

import pytest

from benchmarks.tonne_worth import HEAD, compared, shown, with_hours_worth
from instances.generator import generate
from scheduler.mill import MONEY


def test_an_hours_worth_is_in_every_orders_margin_and_nowhere_else():
    book = generate("bar", "day", seed=1, orders=3)
    less, more = with_hours_worth(book, 0), with_hours_worth(book, 1000)
    assert more == book
    for before, after in zip(less.orders, more.orders, strict=True):
        assert 5 * MONEY < after.margin - before.margin < 20 * MONEY
        assert after.shortage > after.margin
        assert before.target == after.target


def test_a_row_has_a_median_for_each_column():
    changes = compared(generate("bar", "day", seed=1, orders=3), 1, 0.2, 1)
    assert len(shown([changes])) == len(HEAD) - 2
    delivered, trim, per_tonne = changes[0], changes[3], changes[-1]
    assert (1 + trim / 100) == pytest.approx((1 + per_tonne / 100) * (1 + delivered / 100))
