"""Orders cancelled in a re-plan."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from api.planning.problems import pack_schedule
from api.planning.revisions import revised
from api.store.documents import Document, packed
from instances import mill_json
from instances.generator import generate
from scheduler.schedule import Schedule


def not_asked(*_: Any) -> Any:
    raise AssertionError


def test_what_followed_a_cancelled_order_waits_for_it_no_longer():
    problem = generate("bar", "day", seed=4, orders=6)
    first, second, third, *rest = problem.orders
    third = replace(third, predecessors=(first.id, second.id))
    problem = replace(problem, orders=(first, second, third, *rest))
    plan = Document(pack_schedule(Schedule(()), problem))
    book = Document(packed(mill_json.write(problem)))
    stored: Any = SimpleNamespace(problem=book, schedule=plan)
    told = [{"type": "cancelled_order", "order": first.id}]
    new = revised(stored, problem.start.isoformat(), told, not_asked).problem
    orders = {order.id: order for order in new.orders}
    assert first.id not in orders
    assert orders[third.id].predecessors == (second.id,)
