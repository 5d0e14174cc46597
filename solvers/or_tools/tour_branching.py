"""Branch and cut for tours: the program of `tour_bound`, with arcs fixed until nothing is left.

It proves a tour that the colony found, or finds the few arcs that a better one needs where the
bound is tight and local search stalls. Only arcs that a better tour can have take part. Every
part of the tree is closed by a bound in whole numbers, never by a floating-point verdict.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from solvers.arc_fixing import rises, spread
from solvers.or_tools.tour_bound import Arcs, TourBound, TourProgram
from solvers.tour_form import TourForm

TourArray = NDArray[np.int32]

WHOLE = 1e-6
"""A value this near 0 or 1 counts as whole."""
PATIENCE = 8
"""Arcs tried without a better one before a node is split on the best."""
WORK_CUBE = 1e-7
"""Milliseconds of shortest alternating paths, per cube of the number of nodes (measured)."""
MOST_ROUNDS = 60
"""Rounds of cuts at one node of the tree."""


@dataclass(order=True)
class Node:
    """A part of the tree: its bound, and (n, n) packed bits of the arcs that its tours lack."""

    scaled_bound: int
    age: int
    barred: NDArray[np.uint8] = field(compare=False)


@dataclass
class Branching:
    """What a search of the tree came to; costs and bounds in the form's whole units.

    ``tour`` is one better than the given upper cost, or None. ``bound`` is proven; it equals the
    cost of the best known tour when the tree is exhausted.
    """

    tour: TourArray | None
    cost: int
    bound: int
    nodes: int


class TourTree:
    """A best-first search for tours that cost less than ``upper`` whole units."""

    def __init__(self, program: TourProgram, root: TourBound, upper: int) -> None:
        self.program, self.form, self.root = program, program.form, root
        self.upper = upper
        self.tour: TourArray | None = None
        self.ages = count()
        self.rise = np.zeros((self.form.size, self.form.size))
        """(n, n) product of the rises of both parts when last tried, 0 where never."""
        kept = root.useful(upper) & ~self.form.forbidden
        self.open_nodes = [self._node(root.scaled_bound, ~kept)]
        for i, j in np.argwhere(kept & ~program.known).tolist():
            program.add_arc(i, j)

    def _node(self, scaled_bound: int, barred: Arcs) -> Node:
        return Node(scaled_bound, -next(self.ages), np.packbits(barred))

    def _barred(self, node: Node) -> Arcs:
        size = self.form.size
        return np.unpackbits(node.barred, count=size**2).astype(np.bool_).reshape(size, size)

    def search(self, upper: int, deadline: float, most_work: float = np.inf) -> Branching:
        """Search for tours below ``upper``; a later call goes on with what is left.

        Ends when the tree is exhausted, or ``deadline`` or the program's ``most_work`` is
        reached. The tour
        of a search that the deadline cut short is left out, as the clock decided on it.
        """
        if upper < self.upper:
            self.upper, self.tour = upper, None
        nodes = 0
        while self.open_nodes and not self._closed(self.open_nodes[0].scaled_bound):
            if self.program.work >= most_work or perf_counter() > deadline:
                break
            nodes += 1
            for child in self._explore(heappop(self.open_nodes), deadline):
                heappush(self.open_nodes, child)
        left = min((node.scaled_bound for node in self.open_nodes), default=None)
        bound = self.upper if left is None else min(self.upper, -(-left // self.root.scale))
        tour = self.tour if self.upper < upper else None
        return Branching(tour, self.upper, bound, nodes)

    def _closed(self, scaled_bound: int) -> bool:
        """Whether no tour with this bound is better than the best known."""
        return scaled_bound > (self.upper - 1) * self.root.scale

    def _explore(self, node: Node, deadline: float) -> list[Node]:
        """Bound a node, and return its two parts unless it is closed."""
        program = self.program
        barred = self._barred(node)
        known = self._fix(barred)
        for _ in range(MOST_ROUNDS):
            if known is None:
                return []
            program.lp.close(barred)
            if not program.optimise():
                # Shared evenly, only arcs that have an alternative are worth a branch.
                even = ~barred / (~barred).sum(axis=1)[:, None]
                return self._split(node, barred, known, even, deadline)
            known = self._fix(barred)
            flow = program.lp.values()
            added = program.separate(flow)
            if perf_counter() > deadline or (added == 0 and not (flow[barred] > WHOLE).any()):
                break
        return [] if known is None else self._split(node, barred, known, flow, deadline)

    def _fix(self, barred: Arcs) -> int | None:
        """Bar the arcs that no better tour has; return the bound, None where no tour is left."""
        if not spread(barred):
            return None
        bound = self.program.safe_bound(barred=barred)
        if self._closed(bound.scaled_bound):
            return None
        self.program.work += WORK_CUBE * self.form.size**3
        room = (self.upper - 1) * self.root.scale - bound.scaled_bound
        barred |= rises(bound.slack, bound.successor, barred) > room
        return bound.scaled_bound if spread(barred) else None

    def _split(
        self, node: Node, barred: Arcs, bound: int, flow: NDArray[np.float64], deadline: float
    ) -> list[Node]:
        """Split on the arc whose parts rise most, of those tried (strong branching).

        One is tried in any case, and others until ``deadline``.
        """
        bound = max(node.scaled_bound, bound)
        doubtful = np.argwhere((np.abs(flow - 0.5) < 0.5 - WHOLE) & ~barred)
        if len(doubtful) == 0:
            return self._whole(bound, barred, flow)
        best: list[Node] = []
        most, idle = -1.0, 0
        for i, j in self._ranked(doubtful, flow).tolist():
            parts, rise = self._tried(bound, barred, i, j, most)
            if len(parts) < 2:
                return parts
            self.rise[i, j] = rise
            idle = 0 if rise > most else idle + 1
            if rise > most:
                best, most = parts, rise
            if idle >= PATIENCE or perf_counter() > deadline:
                break
        return best

    def _tried(
        self, bound: int, barred: Arcs, i: int, j: int, most: float
    ) -> tuple[list[Node], float]:
        """Return the two parts of an arc that are not closed, and the product of their rises.

        If that cannot exceed ``most``, however the second one turns out, it is not solved: no
        part rises beyond the best tour without being closed.
        """
        without, within = self._parts(bound, barred, i, j)
        first = self._solved(without)
        rise = 0.0 if first is None else float(self._rise(first, bound))
        if first is not None and rise * (self.upper * self.root.scale - bound) <= most:
            return [first, within], rise * rise
        second = self._solved(within)
        if second is not None:
            rise *= self._rise(second, bound)
        return [part for part in (first, second) if part is not None], rise

    def _rise(self, part: Node, bound: int) -> int:
        """Return how far ``part`` is above ``bound``, and one unit."""
        return self.root.scale + part.scaled_bound - bound

    def _ranked(self, arcs: NDArray[np.int64], flow: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return ``arcs`` (k, 2) by the rise when last tried, and then the nearest to a half first.

        Arcs never tried count as the mean of all that were.
        """
        rise = self.rise[tuple(arcs.T)]
        known = self.rise[self.rise > 0.0]
        rise = np.where(rise > 0.0, rise, known.mean() if len(known) else 0.0)
        return arcs[np.lexsort((np.abs(flow[tuple(arcs.T)] - 0.5), -rise))]

    def _solved(self, part: Node) -> Node | None:
        """Return ``part`` as one solution bounds and fixes it, None where it is closed."""
        barred = self._barred(part)
        if not spread(barred):
            return None
        self.program.lp.close(barred)
        bound = part.scaled_bound
        if self.program.optimise():
            found = self.program.safe_bound(barred=barred)
            if self._closed(found.scaled_bound):
                return None
            barred |= found.slack > (self.upper - 1) * self.root.scale - found.scaled_bound
            bound = max(bound, found.scaled_bound)
        return self._node(bound, barred)

    def _parts(self, bound: int, barred: Arcs, i: int, j: int) -> list[Node]:
        without, within = barred.copy(), barred.copy()
        without[i, j] = True
        within[i, :] = True
        within[:, j] = True
        within[i, j] = False
        return [self._node(bound, without), self._node(bound, within)]

    def _whole(self, bound: int, barred: Arcs, flow: NDArray[np.float64]) -> list[Node]:
        """Keep the tour that a whole solution is; go on where that is not the whole truth."""
        after = flow.argmax(axis=1)
        tour = np.empty(self.form.size, dtype=np.int32)
        at = self.form.depot
        for place in range(self.form.size):
            tour[place] = at
            at = int(after[at])
        self.offer(tour)
        if self._closed(bound):
            return []
        # The bound was rounded down, or the tour breaks a precedence: split on an arc left open.
        free = np.flatnonzero((~barred).sum(axis=1) > 1)
        if len(free) == 0:
            return []
        i = int(free[0])
        j = int(after[i]) if not barred[i, after[i]] else int(np.flatnonzero(~barred[i])[0])
        return self._parts(bound, barred, i, j)

    def offer(self, tour: TourArray) -> None:
        """Keep ``tour`` if it is feasible and better than the best known."""
        after = np.roll(tour, -1)
        if len(np.unique(tour)) < self.form.size or self.form.forbidden[tour, after].any():
            return
        cost = int(self.form.cost[tour, after].sum())
        if cost < self.upper and self.form.keeps_precedence(tour):
            self.upper, self.tour = cost, tour


def prove(form: TourForm, upper: int, seconds: float = 60.0) -> Branching:
    """Look for a tour of less than ``upper`` whole units, or prove that there is none."""
    deadline = perf_counter() + seconds
    program = TourProgram(form)
    root = program.solve(deadline, upper)
    if root.bound >= upper:
        return Branching(None, upper, upper, 0)
    return TourTree(program, root, upper).search(upper, deadline)
