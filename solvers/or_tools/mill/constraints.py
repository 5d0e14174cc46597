"""All constraints of the model: a table of contents. Each is one function, tested alone."""

from solvers.or_tools.mill.model import MillModel
from solvers.or_tools.mill.objective import hold_furnaces
from solvers.or_tools.mill.orders import (
    draw_stock,
    keep_on_one_line,
    lock_starts,
    make_orders,
    part_quantities,
    precede,
)
from solvers.or_tools.mill.power import cap_power, measure_power
from solvers.or_tools.mill.sequence import (
    changeovers,
    fix_first_and_last,
    forbid_transitions,
    keep_lots,
    keep_lots_apart,
    order_twins,
    route_lines,
    span_lines,
    take_one_option,
)
from solvers.or_tools.mill.state import (
    limit_family_runs,
    lock_positions,
    size_campaigns,
    wear_grooves,
)


def add_constraints(model: MillModel) -> None:
    """Add every rule that ties lots together; rules on a lot alone are in its options."""
    take_one_option(model)
    route_lines(model)
    forbid_transitions(model)
    fix_first_and_last(model)
    keep_lots(model)
    changeovers(model)
    keep_lots_apart(model)
    span_lines(model)
    order_twins(model)
    wear_grooves(model)
    size_campaigns(model)
    limit_family_runs(model)
    draw_stock(model)
    make_orders(model)
    part_quantities(model)
    precede(model)
    lock_starts(model)
    lock_positions(model)
    keep_on_one_line(model)
    hold_furnaces(model)
    measure_power(model)
    cap_power(model)
