"""What is remembered of a plant is never told of another one."""

from scheduler.mill_checks.plants import MOST, of_plant


def test_equal_parts_that_are_not_the_same_object_are_reckoned_anew():
    asked = []

    @of_plant
    def total(values, factor):
        asked.append(values)
        return factor * sum(values)

    one, other = (tuple(range(1, 3)) for _ in range(2))
    assert [total(one, 1), total(one, 1), total(other, 1), total(one, 2)] == [3, 3, 3, 6]
    assert len(asked) == 3


def test_parts_are_kept_so_that_none_takes_the_place_of_another():
    @of_plant
    def first(values):
        return values[0]

    # Nobody else keeps them, so the address of each would be free for the next one.
    assert [first((n,)) for n in range(3 * MOST)] == list(range(3 * MOST))
