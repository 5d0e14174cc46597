"""How many points of a published front another front equals or dominates."""

from scheduler.front import FrontPoint, front_of, matched


def front(*points):
    return front_of(FrontPoint(point, None) for point in points)


def test_equal_and_dominated_points_count_and_missed_ones_do_not():
    published = front((0.0, 9.0), (4.0, 5.0), (8.0, 1.0))
    assert matched(published, published) == 3
    assert matched(published, front((0.0, 9.0), (3.0, 5.0), (8.0, 1.1))) == 2
    assert matched(published, front((9.0, 9.0))) == 0


def test_rounding_is_forgiven_and_no_more():
    published = front((1000.0, 0.0))
    assert matched(published, front((1000.0009, 0.0))) == 1
    assert matched(published, front((1000.002, 0.0))) == 0
