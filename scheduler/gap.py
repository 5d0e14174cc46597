"""How far a cost may be from the least one: the share of it above a proven bound."""

MET = 1e-9
"""Share of a cost by which it may miss its bound and count as optimal: floats are no finer."""


def gap(cost: float | None, bound: float | None) -> float | None:
    """Return (cost - bound) / |cost|, at least 0 where ``bound`` is a lower bound on ``cost``.

    0 where the cost is the bound. None where either is unknown, and where the cost is 0 and the
    bound another: there is no share of nothing.
    """
    if cost is None or bound is None:
        return None
    above = cost - bound
    if abs(above) <= MET * max(1.0, abs(cost)):
        return 0.0
    return above / abs(cost) if cost else None
