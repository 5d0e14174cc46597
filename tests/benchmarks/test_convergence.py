import math
import re
from xml.etree import ElementTree

from benchmarks.convergence import HEIGHT, convergence
from benchmarks.runs import Run


def run(solver, trace, *, instance="a", reference=100.0, maximised=False):
    return Run(
        family="f", instance=instance, solver=solver, seed=0, iterations=1, ants=0, bound=None,
        threads=1, time_limit=10.0, seconds=10.0, compile_seconds=0.0,
        value=trace[-1][1] if trace else None, reference=reference, maximised=maximised,
        trace=tuple(trace),
    )  # fmt: skip


def heights(picture):
    """Return the heights of each curve, from its first point to its last."""
    lines = ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}polyline")
    return [[float(y) for y in re.findall(r",([\d.]+)", line.attrib["points"])] for line in lines]


def test_nothing_to_draw_without_traces():
    assert convergence([run("aco", [])]) is None


def test_a_curve_falls_when_a_better_plan_is_found_and_ends_at_the_reference():
    (curve,) = heights(convergence([run("aco", [(0.1, 150.0), (1.0, 110.0), (5.0, 100.0)])]))
    assert curve == sorted(curve)  # downwards is a larger y
    assert len(set(curve)) == 4  # nothing yet, 50 %, 10 %, none
    assert curve[-1] == max(curve) < HEIGHT


def test_without_a_reference_the_best_of_any_solver_counts():
    first, second = heights(
        convergence(
            [
                run("aco", [(1.0, 90.0)], reference=None),
                run("rule", [(1.0, 99.0)], reference=None),
            ]
        )
    )
    assert first[-1] > second[-1]


def test_more_is_better_where_the_figure_is_maximised():
    (curve,) = heights(convergence([run("aco", [(0.1, 50.0), (1.0, 99.0)], maximised=True)]))
    assert curve == sorted(curve)


def test_the_median_over_runs_is_drawn():
    runs = [run("aco", [(0.01, value)], instance=str(value)) for value in (100.0, 110.0, 200.0)]
    (curve,) = heights(convergence(runs))
    (alone,) = heights(convergence([run("aco", [(0.01, 110.0)])]))
    assert curve == alone


def test_a_gap_to_a_reference_of_nothing_is_infinite():
    assert run("aco", [(1.0, 5.0)], reference=0.0).gap == math.inf
