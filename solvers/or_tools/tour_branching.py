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

from solvers.assignment import solve_assignment
from solvers.or_tools.tour_bound import Arcs, TourBound, TourProgram, walled
from solvers.tour_form import TourForm

TourArray = NDArray[np.int32]

WHOLE = 1e-6
"""A value this near 0 or 1 counts as whole."""
TRIED_ARCS = 10
"""Arcs compared before a node is split on one of them."""
MOST_ROUNDS = 60
"""Rounds of cuts at one node of the tree."""


@dataclass(order=True)
class Node:
    """A part of the tree: its bound, and the arcs that its tours must have or lack."""

    scaled_bound: int
    age: int
    must: tuple[tuple[int, int], ...] = field(compare=False)
    lack: tuple[tuple[int, int], ...] = field(compare=False)


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
        self.open_nodes = [Node(root.scaled_bound, -next(self.ages), (), ())]
        self.kept = root.useful(upper) & ~self.form.forbidden
        for i, j in np.argwhere(self.kept & ~program.known).tolist():
            program.add_arc(i, j)

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
                age = -next(self.ages)
                heappush(self.open_nodes, Node(child.scaled_bound, age, child.must, child.lack))
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
        inherited = program.safe_bound(barred=barred).scaled_bound
        if self._closed(inherited):
            return []
        bound = max(node.scaled_bound, inherited)
        self._set_arcs(barred, node)
        # Where GLOP gives up before any solution, every open arc is worth a branch.
        flow = (~barred).astype(np.float64)
        for _ in range(MOST_ROUNDS):
            if not program.optimise():
                break
            bound = max(bound, program.safe_bound(barred=barred).scaled_bound)
            if self._closed(bound):
                return []
            flow = program.flow()
            if program.separate(flow) == 0 or perf_counter() > deadline:
                break
        else:
            flow = program.flow() if program.optimise() else flow
        return self._split(node, bound, barred, flow)

    def _split(self, node: Node, bound: int, barred: Arcs, flow: NDArray[np.float64]) -> list[Node]:
        doubtful = np.argwhere(np.abs(flow - 0.5) < 0.5 - WHOLE)
        if len(doubtful) == 0:
            return self._whole(node, bound, barred, flow)
        order = np.argsort(np.abs(flow[tuple(doubtful.T)] - 0.5), kind="stable")
        return self._best_parts(node, bound, barred, doubtful[order[:TRIED_ARCS]].tolist())

    def _best_parts(
        self, node: Node, bound: int, barred: Arcs, arcs: list[list[int]]
    ) -> list[Node]:
        """Split on the arc whose parts have the best bounds, judged by their assignments."""
        shifted, total = self.program.lagrangian()
        best: list[Node] = []
        most = (-1, -1)
        for i, j in arcs:
            parts = self._parts(node, bound, (i, j))
            for part in parts:
                walls = walled(shifted, self._barred(part) | barred)
                found = solve_assignment(walls)
                dual = int(found.row_dual.sum() + found.col_dual.sum())
                part.scaled_bound = max(bound, dual + total)
            low, high = sorted(part.scaled_bound for part in parts)
            if (low, high) > most:
                best, most = parts, (low, high)
        return [part for part in best if not self._closed(part.scaled_bound)]

    def _parts(self, node: Node, bound: int, arc: tuple[int, int]) -> list[Node]:
        return [
            Node(bound, 0, node.must, (*node.lack, arc)),
            Node(bound, 0, (*node.must, arc), node.lack),
        ]

    def _whole(self, node: Node, bound: int, barred: Arcs, flow: NDArray[np.float64]) -> list[Node]:
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
        return self._parts(node, bound, (i, int(after[i])))

    def offer(self, tour: TourArray) -> None:
        """Keep ``tour`` if it is feasible and better than the best known."""
        after = np.roll(tour, -1)
        if len(np.unique(tour)) < self.form.size or self.form.forbidden[tour, after].any():
            return
        cost = int(self.form.cost[tour, after].sum())
        if cost < self.upper and self.form.keeps_precedence(tour):
            self.upper, self.tour = cost, tour

    def _barred(self, node: Node) -> Arcs:
        """Return (n, n) the arcs that no better tour of this part has."""
        barred = ~self.kept
        for i, j in node.lack:
            barred[i, j] = True
        for i, j in node.must:
            allowed = not barred[i, j]
            barred[i, :] = True
            barred[:, j] = True
            barred[i, j] = not allowed
            barred[j, i] = True
        return barred

    def _set_arcs(self, barred: Arcs, node: Node) -> None:
        """Fix the program's arcs as this part has them."""
        program = self.program
        closed = barred[program.tail, program.head]
        must = set(node.must)
        for k, variable in enumerate(program.variables):
            fixed = (program.tail[k], program.head[k]) in must
            variable.SetBounds(1.0 if fixed else 0.0, 0.0 if closed[k] else 1.0)


def prove(form: TourForm, upper: int, seconds: float = 60.0) -> Branching:
    """Look for a tour of less than ``upper`` whole units, or prove that there is none."""
    deadline = perf_counter() + seconds
    program = TourProgram(form)
    root = program.solve(deadline, upper)
    if root.bound >= upper:
        return Branching(None, upper, upper, 0)
    return TourTree(program, root, upper).search(upper, deadline)
