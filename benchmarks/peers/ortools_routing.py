"""OR-Tools' routing solver with guided local search, for tours and open paths."""

import time
from collections.abc import Callable
from typing import Any

from benchmarks.peers.tour import is_tour, tour_of


def supports(problem: Any) -> bool:
    """Whether routing can take ``problem``."""
    return is_tour(problem)


def load() -> None:
    """Load the library before the clock starts."""
    from ortools.constraint_solver import pywrapcp  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer each better tour; routing uses one thread."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    begun = time.perf_counter()
    tour = tour_of(problem)
    rows = tour.cost.tolist()
    start = 0 if tour.depot is None else tour.depot
    manager = pywrapcp.RoutingIndexManager(len(rows), 1, start)
    routing = pywrapcp.RoutingModel(manager)
    arc = routing.RegisterTransitMatrix(rows)
    routing.SetArcCostEvaluatorOfAllVehicles(arc)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.AUTOMATIC
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    left = max(0.1, seconds - (time.perf_counter() - begun))
    parameters.time_limit.FromMilliseconds(int(1000 * left))
    solution = routing.SolveWithParameters(parameters)
    if solution is None:
        return
    nodes, index = [], routing.Start(0)
    while not routing.IsEnd(index):
        nodes.append(manager.IndexToNode(index))
        index = solution.Value(routing.NextVar(index))
    offer(tour.sequence(nodes))
