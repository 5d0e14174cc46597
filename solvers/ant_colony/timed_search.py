"""Local search on a timed line: exchange of two neighbouring blocks, and swap of two jobs.

The exchange of the blocks [a, b) and [b, c) holds all insertions of a block, forward and backward.
What makes it fast is a lower bound of a move's cost in constant time (`timed_line`). Moves that
the bounds of their three blocks do not rule out, about one in a hundred, are replayed in full,
with a cut-off at the present cost.
"""

from typing import NamedTuple

from scheduler.kernel import inlined_kernel, kernel_in_place
from solvers.ant_colony.timed_line import (
    Line,
    at_least,
    is_optimum,
    job_cost,
    late_limit,
    remember_optimum,
    settle,
)
from solvers.timed_form import TimedForm


class Reach(NamedTuple):
    """How far the moves of the local search go (see `TimedParams`).

    swap: most jobs in each of two swapped blocks; block: most jobs in the shorter of two exchanged
    ones; span: most places that an exchange covers, and between those where swapped blocks start.
    """

    swap: int
    block: int
    span: int


@inlined_kernel
def replay(form: TimedForm, line: Line, a: int, b: int, c: int, d: int, budget: float) -> float:
    """Return the late cost from place ``a`` on if the blocks [a, b) and [c, d) changed places.

    What is between them, [b, c), stays in between. Stops early with what it has as soon as that
    reaches ``budget``.
    """
    last = form.depot + 2
    before, start, cost = line.node[a - 1], line.start[a - 1], 0.0
    for piece in range(4):
        if piece == 0:
            place, end = c, d
        elif piece == 1:
            place, end = b, c
        elif piece == 2:
            place, end = a, b
        else:
            place, end = d, last
        while place < end:
            job = line.node[place]
            start = max(form.release[job], start + form.lag[before, job])
            cost += job_cost(form, job, start + form.duration[job])
            if cost >= budget:
                return cost
            if piece == 3 and start == line.start[place]:
                return cost + line.cost[last] - line.cost[place + 1]
            before = job
            place += 1
    return cost


@inlined_kernel
def link_change(form: TimedForm, line: Line, a: int, b: int, c: int, d: int) -> float:
    """Return how much more the links cost after swapping the blocks [a, b) and [c, d)."""
    node, link = line.node, form.link
    change = link[node[a - 1], node[c]] + link[node[b - 1], node[d]]
    change -= link[node[a - 1], node[a]] + link[node[d - 1], node[d]]
    if b == c:
        return change + link[node[d - 1], node[a]] - link[node[b - 1], node[b]]
    change += link[node[d - 1], node[b]] + link[node[c - 1], node[a]]
    return change - link[node[b - 1], node[b]] - link[node[c - 1], node[c]]


@inlined_kernel
def improves(form: TimedForm, line: Line, a: int, b: int, c: int, d: int) -> bool:
    """Whether swapping the blocks [a, b) and [c, d) lowers the cost; if so note it as the move."""
    links = link_change(form, line, a, b, c, d) if form.linked else 0.0
    budget = late_limit(form, line, links) - line.cost[a]
    if replay(form, line, a, b, c, d, budget) >= budget:
        return False
    line.move[0] = a
    line.move[1] = b
    line.move[2] = c
    line.move[3] = d
    return True


@kernel_in_place
def find_exchange(form: TimedForm, line: Line, p: int, reach: Reach) -> bool:
    """Find the first improving exchange of neighbouring blocks with a cut at the front of place p.

    The exchange of [a, b) and [b, c) has its cuts at a, b and c. The move is left in ``line.move``.
    """
    n = form.depot
    for b in range(p + 1, min(n + 1, p + reach.span)):
        if find_end(form, line, p, b, reach):
            return True
    for a in range(max(1, p - reach.span), p):
        if p <= n and find_end(form, line, a, p, reach):
            return True
        if find_middle(form, line, a, p, reach.block):
            return True
    return False


@inlined_kernel
def find_end(form: TimedForm, line: Line, a: int, b: int, reach: Reach) -> bool:
    """Find the first place c so that the exchange of [a, b) and [b, c) improves the line."""
    n = form.depot
    node, start, lag, link = line.node, line.start, form.lag, form.link
    before, first, last, second = node[a - 1], node[a], node[b - 1], node[b]
    links = link[before, second] - link[before, first] - link[last, second]
    limit = late_limit(form, line, links) - line.cost[a]
    rate, late = line.rate, line.cost[n + 2] - line.cost[a]
    earlier = start[a - 1] + lag[before, second] - start[b]
    farthest = min(n + 1, a + reach.span)
    if b - a > reach.block:
        farthest = min(farthest, b + reach.block)
    for c in range(b + 1, farthest + 1):
        final, after = node[c - 1], node[c]
        if form.linked:
            change = links + link[final, first] + link[last, after] - link[final, after]
            limit = late_limit(form, line, change) - line.cost[a]
            if limit <= 0.0:
                continue
        if form.shifts:
            later = start[c - 1] + lag[final, first] + earlier - start[a]
            rest = start[b - 1] + lag[last, after] + later - start[c]
            change = (rate[b] - rate[a]) * later + (rate[c] - rate[b]) * earlier
            if change + (rate[n + 2] - rate[c]) * rest >= limit - late:
                continue
            bound = at_least(line, a, b, later)
            if bound >= limit:
                soonest = start[c] + form.least_lag[first] + earlier - start[a]
                if not form.linked and at_least(line, a, b, soonest) >= limit:
                    break
                continue
            bound += at_least(line, c, n + 2, rest)
            if bound >= limit or bound + at_least(line, b, c, earlier) >= limit:
                continue
        if improves(form, line, a, b, b, c):
            return True
    return False


@inlined_kernel
def find_middle(form: TimedForm, line: Line, a: int, c: int, longest: int) -> bool:
    """Find the first place b so that the exchange of [a, b) and [b, c) improves the line."""
    n = form.depot
    node, start, lag, link = line.node, line.start, form.lag, form.link
    before, first, final, after = node[a - 1], node[a], node[c - 1], node[c]
    links = link[final, first] - link[before, first] - link[final, after]
    limit = late_limit(form, line, links) - line.cost[a]
    rate, late = line.rate, line.cost[n + 2] - line.cost[a]
    to_first = start[c - 1] + lag[final, first] - start[a]
    for b in range(a + 1, c):
        if b - a > longest and c - b > longest:
            continue
        last, second = node[b - 1], node[b]
        if form.linked:
            change = links + link[before, second] + link[last, after] - link[last, second]
            limit = late_limit(form, line, change) - line.cost[a]
            if limit <= 0.0:
                continue
        if form.shifts:
            earlier = start[a - 1] + lag[before, second] - start[b]
            later = to_first + earlier
            rest = start[b - 1] + lag[last, after] + later - start[c]
            change = (rate[b] - rate[a]) * later + (rate[c] - rate[b]) * earlier
            if change + (rate[n + 2] - rate[c]) * rest >= limit - late:
                continue
            bound = at_least(line, a, b, later)
            if bound >= limit:
                continue
            bound += at_least(line, c, n + 2, rest)
            if bound >= limit or bound + at_least(line, b, c, earlier) >= limit:
                continue
        if improves(form, line, a, b, b, c):
            return True
    return False


@kernel_in_place
def find_swap(form: TimedForm, line: Line, p: int, reach: Reach) -> bool:
    """Find the first improving swap of a block at place p with one further on or further back.

    Both hold 1 to ``reach.swap`` jobs, with at least one job in between; the move is left in
    ``line.move``.
    """
    for q in range(max(1, p - reach.span), min(form.depot, p + reach.span) + 1):
        if abs(q - p) > 1 and find_lengths(form, line, min(p, q), max(p, q), reach.swap):
            return True
    return False


@inlined_kernel
def find_lengths(form: TimedForm, line: Line, a: int, c: int, longest: int) -> bool:
    """Find the first ends b and d so that swapping [a, b) and [c, d) improves the line."""
    n = form.depot
    node, start, lag, rate = line.node, line.start, form.lag, line.rate
    limit, late = late_limit(form, line, 0.0) - line.cost[a], line.cost[n + 2] - line.cost[a]
    earlier = start[a - 1] + lag[node[a - 1], node[c]] - start[c]
    to_first = start[c - 1] + lag[node[c - 1], node[a]] - start[a]
    for b in range(a + 1, min(a + longest, c - 1) + 1):
        for d in range(c + 1, min(c + longest, n + 1) + 1):
            if form.linked:
                change = link_change(form, line, a, b, c, d)
                limit = late_limit(form, line, change) - line.cost[a]
                if limit <= 0.0:
                    continue
            if form.shifts:
                between = start[d - 1] + earlier + lag[node[d - 1], node[b]] - start[b]
                later = to_first + between
                rest = start[b - 1] + later + lag[node[b - 1], node[d]] - start[d]
                change = (rate[b] - rate[a]) * later + (rate[c] - rate[b]) * between
                change += (rate[d] - rate[c]) * earlier + (rate[n + 2] - rate[d]) * rest
                if change >= limit - late:
                    continue
                bound = at_least(line, a, b, later)
                if bound >= limit:
                    continue
                bound += at_least(line, d, n + 2, rest)
                if bound >= limit:
                    continue
                bound += at_least(line, b, c, between) + at_least(line, c, d, earlier)
                if bound >= limit:
                    continue
            if improves(form, line, a, b, c, d):
                return True
    return False


@kernel_in_place
def swap_blocks(line: Line, a: int, b: int, c: int, d: int) -> None:
    """Let blocks [a, b) and [c, d) change places; nodes behind changed links become dirty."""
    for place in range(a, d):
        line.spare[place] = line.node[place]
    target = a
    for piece in range(3):
        if piece == 0:
            place, end = c, d
        elif piece == 1:
            place, end = b, c
        else:
            place, end = a, b
        if place < end:
            line.dirty[line.spare[place]] = True
        while place < end:
            line.node[target] = line.spare[place]
            target += 1
            place += 1
    line.dirty[line.node[d]] = True


@kernel_in_place
def improve(form: TimedForm, line: Line, reach: Reach) -> None:
    """Improve a settled line until no dirty node has an improving move within ``reach`` left."""
    place = 1
    while place > 0:
        place = step(form, line, reach, place)


@kernel_in_place
def step(form: TimedForm, line: Line, reach: Reach, place: int) -> int:
    """Make the first improving move from ``place`` on; return where to go on, 0 at the end.

    Most descents end where another has ended before: that is remembered, not searched again.
    """
    n = form.depot
    for _ in range(n + 1):
        if line.dirty[line.node[place]]:
            if find_exchange(form, line, place, reach) or (
                place <= n and find_swap(form, line, place, reach)
            ):
                move = line.move
                swap_blocks(line, move[0], move[1], move[2], move[3])
                settle(form, line, move[0])
                if is_optimum(line):
                    mark_clean(line)
                    return 0
                return place
            line.dirty[line.node[place]] = False
        place = place + 1 if place <= n else 1
    remember_optimum(line)
    return 0


@inlined_kernel
def mark_clean(line: Line) -> None:
    """Let no node wait to be tried."""
    for node in range(line.dirty.shape[0]):
        line.dirty[node] = False
