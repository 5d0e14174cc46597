"""Cuts: of an order no more is made in a window than its group is set up for.

Where any piece of order o is rolled in coarse pieces a .. b, the line is set to o's group at the
start of a, or enters it in the window. The shares of an order add up to at most one, so

    sum of share[o, d] over a .. b  <=  state[a] + sum of entry[d] over a .. b.

Without them a relaxed line rolls everything at once, a little of each.
"""

from solvers.or_tools.mill_bound.data import Data
from solvers.or_tools.mill_bound.lots import Group, Lots
from solvers.or_tools.mill_bound.orders import Shares
from solvers.or_tools.mill_bound.program import Program

VIOLATION = 0.05


def add_windows(data: Data, program: Program, lots: Lots, shares: Shares, most: int) -> int:
    """Add the (at most ``most``) windows that the last solution breaks worst; return how many."""
    value = program.values()
    found = [
        (broken, group, o, a, b)
        for group in lots.groups
        for p in group.members
        for o in data.products[p].orders
        for broken, a, b in [worst_window(data, group, shares, o, value)]
        if broken > VIOLATION
    ]
    found.sort(key=lambda cut: -cut[0])
    for _, group, o, a, b in found[:most]:
        add_window(program, group, shares, o, a, b)
    return len(found[:most])


def add_first_windows(data: Data, program: Program, lots: Lots, shares: Shares) -> None:
    """Add the windows from the start to each order's due date: most of them are needed."""
    for group in lots.groups:
        for p in group.members:
            for o in data.products[p].orders:
                due = int(data.mill.orders[o].due_date)
                inside = [d for d in data.grid.coarse if data.grid.edge[d] < due]
                if inside and group.kind != "grade":
                    add_window(program, group, shares, o, 0, inside[-1])


def add_window(program: Program, group: Group, shares: Shares, o: int, a: int, b: int) -> None:
    """Ask that no more of an order is made in a .. b than its group is set up for."""
    window = range(a, b + 1)
    made = [shares[group.line, o, d] for d in window if (group.line, o, d) in shares]
    ready = [group.state[a], *(group.entry[d] for d in window)]
    program.at_most([*((v, 1) for v in made), *((v, -1) for v in ready)], 0)


def worst_window(
    data: Data, group: Group, shares: Shares, o: int, value: list[float]
) -> tuple[float, int, int]:
    """Return by how much the window broken worst is, and its first and last coarse piece."""
    best, total, first = (0.0, 0, 0), 0.0, -1
    for d in data.grid.coarse:
        anew = -value[group.state[d]]
        if first < 0 or total < anew:
            total, first = anew, d
        share = shares.get((group.line, o, d))
        total += (0.0 if share is None else value[share]) - value[group.entry[d]]
        best = max(best, (total, first, d))
    return best
