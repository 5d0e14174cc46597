"""Solutions of every kind go to JSON and back, and what is no solution is refused by its place."""

import json

import pytest

from instances import solution_json
from instances.examples import EXAMPLES
from instances.generator import generate
from instances.strict_json import parse
from scheduler.cutting import CutPlan, StockUnit
from scheduler.front import Front, FrontPoint
from scheduler.issues import InvalidInput
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

CUTS = (Cut("billet", 3, (("A1", 2), ("A2", 1))),)
LOTS = (Lot(3600, "R12", "B500", CUTS), Lot(9000, "R12", "B500", CUTS, True, None, 8000))

SOLUTIONS = {
    "tsplib_atsp": (3, 1, 2, 0, 7, 6, 5, 4),
    "heat_treatment": Front(
        (FrontPoint((0.5, 90.25), (0, 1, 2)), FrontPoint((1e-9, 1e7), (2, 1, 0)))
    ),
    "slab_design_json": CutPlan((StockUnit(25, (1,)), StockUnit(17, (2, 4)))),
    "mill": Schedule((LinePlan("L1", LOTS),)),
}


def problem_of(name):
    return generate("bar", "day", seed=1, orders=1) if name == "mill" else EXAMPLES[name]()


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_solution_is_read_back_as_it_was(name):
    problem, solution = problem_of(name), SOLUTIONS[name]
    text = json.dumps(solution_json.to_tree(problem, solution))
    again = solution_json.from_tree(problem, parse(text))
    if isinstance(solution, Front):  # points are kept in ascending order
        solution = Front(tuple(sorted(solution.points, key=lambda point: point.objectives)))
    assert again == solution


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("tsplib_atsp", '{"sequence": [0, 1.5]}', "/sequence/1"),
        ("tsplib_atsp", '{"sequence": [true]}', "/sequence/0"),
        ("tsplib_atsp", '{"sequence": "0 1"}', "/sequence"),
        ("tsplib_atsp", "[0, 1]", "/: an object is expected"),
        ("tsplib_atsp", '{"order": [0]}', "/order"),
        ("heat_treatment", '{"front": [{"TT": "1", "TEC": 2, "sequence": []}]}', "/front/0/TT"),
        ("heat_treatment", '{"front": [{"TT": NaN, "TEC": 2, "sequence": []}]}', "/front/0/TT"),
        ("heat_treatment", '{"front": [{"TT": 1e999, "TEC": 2, "sequence": []}]}', "/front/0/TT"),
        ("slab_design_json", '{"stock_units": [{"items": [1]}]}', "/stock_units/0/capacity"),
        ("slab_design_json", '{"stock_units": [{"capacity": 0, "items": []}]}', "capacity"),
        ("mill", '{"sequence": [0]}', "/format"),
    ],
)
def test_what_is_no_solution_is_refused_by_its_place(name, text, place):
    with pytest.raises(InvalidInput) as refused:
        solution_json.from_tree(problem_of(name), parse(text))
    assert place in str(refused.value)
