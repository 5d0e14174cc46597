"""What a delay costs behind a gene of the base plan: the tail that a trial need not decode.

Behind the genes it changed, a trial rolls the base's blocks at other times. Every order there that
is late in the base gets later by the trial's delay, less the waits on its way; so the tail's
lateness is known before it is decoded. Prices and heats at other times are not, and a trial that
would only win by those is lost.
"""

from typing import Any, NamedTuple

import numpy as np

from scheduler.arrays import IntArray, MillArrays, Records
from scheduler.kernel import inner_kernel, kernel
from scheduler.walk import END, READY
from solvers.mill.workspace import LINE, Rules, Workspace

SOONER = 2
"""An hour sooner is taken to save at most this many times what an hour later costs."""


class Tails(NamedTuple):
    """late (P + 1,): money that an hour's delay before a gene costs in late orders of its line.

    wait (P + 1,): s that its block waits for more than its changes; slack (P + 1,): the sum of
    waits from it on; hour (L,): money of an hour of a line's span.
    """

    late: IntArray
    wait: IntArray
    slack: IntArray
    hour: IntArray


@inner_kernel
def late_hour(order: Any, tardiness: int, last: int) -> int:
    """Return the money that an hour's delay costs in an order that ends at ``last`` (s).

    Nothing while it is on time, or not made (-FAR). ``tardiness``: money of an hour at weight 1000.
    """
    return order.weight * tardiness // 1000 if last > order.due_date else 0


@kernel
def late_hours(orders: Records, tardiness: int, last: IntArray) -> IntArray:
    """Return `late_hour` of every order (O,), given when each ends."""
    hours = np.zeros(len(orders), np.int64)
    for order in range(len(orders)):
        hours[order] = late_hour(orders[order], tardiness, last[order])
    return hours


@inner_kernel
def waited(work: Workspace, placed: int) -> int:
    """Return how long the block just decoded waited for anything but its changes (s)."""
    return max(0, work.lot_start[0] - work.outcome[0, READY]) if placed else 0


@inner_kernel
def gene_at(saved: IntArray, length: int, line: int, t: int) -> int:
    """Return the last gene of a line that begins before ``t``; -1 if there is none."""
    low, high = 0, length
    while low < high:
        middle = (low + high) // 2
        later = saved[middle, LINE] > line
        if later or (saved[middle, LINE] == line and saved[middle, END] >= t):
            high = middle
        else:
            low = middle + 1
    found = low - 1
    return found if found >= 0 and saved[found, LINE] == line else -1


@inner_kernel
def weigh_tails(mill: MillArrays, rules: Rules, work: Workspace, tails: Tails, length: int) -> None:
    """Sum waits and late weights from each line's end backwards; ``work`` is at the plan's end."""
    for g in range(length + 1):
        tails.late[g] = tails.slack[g] = 0
    for order in range(len(mill.orders)):
        hour = late_hour(mill.orders[order], rules.tardiness, work.last[order])
        if hour > 0:
            g = gene_at(work.saved, length, work.line_of[order], work.last[order])
            if g >= 0:
                tails.late[g] += hour
    for g in range(length - 1, -1, -1):
        tails.slack[g] = tails.wait[g]
        if work.saved[g + 1, LINE] == work.saved[g, LINE]:
            tails.late[g] += tails.late[g + 1]
            tails.slack[g] += tails.slack[g + 1]


@inner_kernel
def hopeless(work: Workspace, tails: Tails, g: int, spent: int, delay: int, allowed: int) -> bool:
    """Whether a trial that has ``spent`` more than the base before base gene ``g`` cannot win.

    ``delay`` (s) is how much later than in the base its line is free there; ``allowed`` how much
    more than the base it may cost.
    """
    if delay >= 0:
        return spent + max(0, delay - tails.slack[g]) * tails.late[g] // 3600 >= allowed
    hour = tails.late[g] + tails.hour[work.state[LINE]]
    return spent >= allowed - delay * SOONER * hour // 3600
