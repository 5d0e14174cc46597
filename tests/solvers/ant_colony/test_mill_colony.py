"""The mill colony where there is nothing to choose from."""

from dataclasses import replace

import pytest

from scheduler.mill import Change, Changeovers
from solvers.ant_colony.mill_ants import run_ants
from solvers.ant_colony.mill_colony import MillParams, mill_colony
from solvers.ant_colony.mill_start import genes_of
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations
from tests.small_mill import LINE, ORDER, mill


@pytest.fixture(scope="module")
def colony():
    """A colony of two lines and two products of one item, of which none may follow the other."""
    order = replace(ORDER, target=10, lower=10, upper=10)
    problem = mill(
        lines=(LINE, replace(LINE, id="M")),
        orders=(order, replace(order, id="p", section="B")),
        section_changes=Changeovers((Change("round", "round", forbidden=True),)),
    )
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    assert rule is not None
    catalogue = catalogue_of(book_of(problem), 0)
    return mill_colony(catalogue, genes_of(catalogue, rule), MillParams(), seed=1, index=0)


def test_a_colony_has_a_temperature_where_every_change_is_forbidden(colony):
    assert colony.scale == 0.0


def test_ants_are_taken_where_every_change_is_forbidden(colony):
    taken = run_ants(
        colony.model, colony.plan, colony.best_plan, colony.stream, 200, colony.scale, 2.0, True
    )
    assert taken > 0
