"""Whatever multipliers a program is given, what they prove is above no solution of it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from solvers.or_tools.mill_bound.program import Program, down, up

small = st.integers(-6, 6)


@given(
    costs=st.lists(small, min_size=3, max_size=3),
    rows=st.lists(
        st.tuples(st.lists(small, min_size=3, max_size=3), st.integers(-9, 9)), max_size=4
    ),
    point=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    multipliers=st.lists(st.floats(-50, 50), min_size=4, max_size=4),
)
def test_any_multipliers_prove_a_bound(costs, rows, point, multipliers):
    program = Program()
    variables = [program.variable(4, part=Fraction(cost, 7)) for cost in costs]
    for factors, spare in rows:
        reached = sum(Fraction(a, 3) * x for a, x in zip(factors, point, strict=True))
        terms = [(v, Fraction(a, 3)) for v, a in zip(variables, factors, strict=True)]
        if spare >= 0:
            program.at_most(terms, reached + spare)
        else:
            program.at_least(terms, reached + spare)
    cost = sum(Fraction(c, 7) * x for c, x in zip(costs, point, strict=True))
    assert program.proven(multipliers[: len(rows)]) <= cost
    assert program.solve(5)
    best = program.proven(program.multipliers())
    assert best <= cost
    assert float(best) > program.solver.Objective().Value() - 1e-6


@given(st.fractions())
def test_rounding_goes_the_way_it_says(value):
    assert Fraction(down(value)) <= value <= Fraction(up(value))
