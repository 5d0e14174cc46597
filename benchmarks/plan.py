"""What ``make benchmark`` runs: each family with the time its figures are stated for."""

from benchmarks.command import Wanted

TOURS = ("aco", "ortools_cp_sat", "ortools_routing", "lkh")
COLONIES = ("aco_pants", "scikit_opt")
MILL = ("planner_rule", "aco", "aco:no_worse", "aco:low_energy", "cp_sat")
MONTH = ("planner_rule", "aco", "cp_sat")

PLAN: tuple[Wanted, ...] = (
    Wanted("galvanizing", TOURS, 1, 10, peer_seeds=1),
    Wanted("atsp", TOURS + COLONIES, 1, 10, peer_seeds=1),
    Wanted("generated", TOURS + COLONIES, 10, 10, peer_seeds=1),
    Wanted("sop", ("aco", "ortools_cp_sat"), 10, 10, peer_seeds=1),
    Wanted("heat_treatment", ("aco",), 60, 10),
    Wanted("tardiness_setups", ("aco", "ortools_cp_sat", "pyjobshop"), 10, 10, peer_seeds=1),
    Wanted("slab_design", ("aco", "cp_sat", "ortools_cp_sat"), 5, 10, peer_seeds=1),
    Wanted("cutting_stock", ("aco", "cp_sat", "ortools_cp_sat"), 5, 10, peer_seeds=1),
    *(Wanted(f"{mill}_day", MILL, 10, 10) for mill in ("bar", "rod")),
    *(Wanted(f"{mill}_week", MILL, 10, 10) for mill in ("bar", "rod")),
    *(Wanted(f"{mill}_month", MONTH, 30, 10) for mill in ("bar", "rod")),
)
