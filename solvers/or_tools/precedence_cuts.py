"""Cuts that precedence adds to the subtour constraints (Balas, Fischetti and Pulleyblank 1995).

Let S be nodes without the depot. The last node of S on the tour precedes no other node of S, and
what follows it is neither in S nor a predecessor of a node of S: the predecessor inequality. The
first node of S gives the successor inequality in the same way. And where i comes before j, a path
leads from i to j that avoids the depot, all predecessors of i and all successors of j.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from solvers.tour_form import TourForm

Nodes = NDArray[np.bool_]
Cut = tuple[float, Nodes, Nodes]

CAPACITY = 10**6
"""Whole units of flow on an arc with value 1."""
MOST_PAIRS = 400


class PrecedenceCuts:
    """Strengthens and finds cuts, each a pair (tails, heads) with an arc between them."""

    def __init__(self, form: TourForm) -> None:
        self.form = form
        size = form.size
        self.before = np.zeros((size, size), dtype=np.bool_)
        """[j, i] true where i comes before j; the depot is neither."""
        for j in range(size):
            for i in form.predecessor[form.predecessor_start[j] : form.predecessor_start[j + 1]]:
                self.before[j, i] = True
        self.pairs = np.argwhere(self.before)
        self.tried = self.pairs[:: max(1, -(-len(self.pairs) // MOST_PAIRS))]
        """Pairs (j, i) that path cuts are looked for; evenly chosen where there are too many."""
        for _ in range(size):
            wider = self.before | ((self.before.astype(np.float32) @ self.before) > 0)
            if (wider == self.before).all():
                break
            self.before = wider

    def strengthened(self, inside: Nodes) -> Iterator[tuple[Nodes, Nodes]]:
        """Yield the cuts of the set ``inside``, which must not hold the depot."""
        if not len(self.pairs):
            yield inside, ~inside
            return
        ahead = self.before[inside].any(axis=0)
        yield inside & ~ahead, ~inside & ~ahead
        behind = self.before[:, inside].any(axis=1)
        yield ~inside & ~behind, inside & ~behind

    def separate(self, flow: NDArray[np.float64], violation: float) -> list[Cut]:
        """Return violated path cuts for pairs i before j, found by maximum flows."""
        cuts = []
        used = np.nonzero(flow > 1e-9)
        for j, i in self.tried:
            barred = self.before[i] | self.before[:, j]
            barred[self.form.depot] = True
            if (cut := self._path_cut(flow, used, int(i), int(j), barred, violation)) is not None:
                cuts.append(cut)
        return cuts

    def _path_cut(
        self,
        flow: NDArray[np.float64],
        used: tuple[NDArray[np.int64], ...],
        source: int,
        sink: int,
        barred: Nodes,
        violation: float,
    ) -> Cut | None:
        # Its import takes longer than many a problem without precedence, which never comes here.
        from ortools.graph.python.max_flow import SimpleMaxFlow

        tails, heads = used
        kept = ~(barred[tails] | barred[heads])
        tails, heads = tails[kept], heads[kept]
        network = SimpleMaxFlow()
        capacity = np.rint(flow[tails, heads] * CAPACITY).astype(np.int64)
        network.add_arcs_with_capacity(tails, heads, capacity)
        inside = np.zeros(self.form.size, dtype=np.bool_)
        if len(tails) and source < network.num_nodes() and sink < network.num_nodes():
            network.solve(source, sink)
            if network.optimal_flow() >= CAPACITY * (1 - violation):
                return None
            inside[network.get_source_side_min_cut()] = True
        inside[source] = True
        from_nodes, to_nodes = inside & ~barred, ~inside & ~barred
        value = float(flow[np.ix_(from_nodes, to_nodes)].sum())
        return value, from_nodes, to_nodes
