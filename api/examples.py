"""Examples of bodies in the OpenAPI document: each can be sent as it stands.

Those about a schedule fit a plan of the example job ``job-small``; ids inside a body, which nobody
can know before, stand as zeros: Swagger UI's page puts the newest in their place
(``static/antmill/swagger.js``).
"""

from collections.abc import Callable
from typing import Any

from api import demo
from instances import mill_json
from instances.order_book import orders_csv

NO_ID = "0" * 26
Examples = dict[str, dict[str, Any]]


def _of_demo(name: str) -> Examples:
    return {name: {"summary": demo.ITEMS[name].description, "value": demo.document(name)}}


def _one(summary: str, value: Any) -> Examples:
    return {"example": {"summary": summary, "value": value}}


def _rush() -> dict[str, Any]:
    order = {**demo.document("bar-small")["orders"][0], "id": "RUSH"}
    return {name: value for name, value in order.items() if name not in ("release", "deadline")}


def _replan() -> Examples:
    breakdown = {
        "type": "breakdown",
        "line": "L1",
        "start": "2026-01-05T20:00:00+01:00",
        "end": "2026-01-06T02:00:00+01:00",
    }
    body = {"freeze_until": "2026-01-05T12:00:00+01:00", "termination": {"time_s": 3}}
    return {
        "breakdown": {
            "summary": "the line stands still for six hours",
            "value": {**body, "disruptions": [breakdown]},
        },
        "rush_order": {
            "summary": "an order more",
            "value": {**body, "disruptions": [{"type": "rush_order", "order": _rush()}]},
        },
        "actuals": {
            "summary": "go on from what the mill confirmed",
            "value": {"disruptions": [{"type": "actuals"}], "termination": {"time_s": 3}},
        },
    }


def _edit() -> Examples:
    move = {"type": "move_lot", "line": "L1", "lot": 2, "before": 4}
    lock = {"type": "lock_lot", "line": "L1", "lot": 1, "keep": "start"}
    return {
        "move": {"summary": "lot 2 goes before lot 4", "value": {"edits": [move]}},
        "lock": {"summary": "the first lot's orders keep their start", "value": {"edits": [lock]}},
    }


def _evaluate() -> Examples:
    empty = {"format": "antmill-schedule-1", "lines": []}
    value = {"problem": demo.document("bar-small"), "schedule": empty}
    return _one("a plan that makes nothing: what all shortages cost", value)


def _scenario() -> Examples:
    value = {
        "name": "energy or time?",
        "order_books": [f"ob-{NO_ID}"],
        "profiles": ["money", "in_time", "low_energy"],
        "seeds": [1, 2],
        "termination": {"time_s": 10},
    }
    return _one("three profiles, two seeds; put the id of your order book in", value)


def _confirmation() -> Examples:
    value = {"job_order": f"jo-{NO_ID}", "state": "Running", "at": "2026-01-05T06:10:00+01:00"}
    return _one("a lot has begun; put the id of its job order in", value)


def csv_orders() -> str:
    """Return a table of orders for the plant of the demo book ``bar-small``."""
    problem = mill_json.from_tree(demo.document("bar-small"))
    return "".join(orders_csv(problem).splitlines(keepends=True)[:4])


EXAMPLES: dict[str, Callable[[], Examples]] = {
    "JobRequest": lambda: _of_demo("job-small"),
    "MillProblem": lambda: _of_demo("bar-small"),
    "EvaluateRequest": _evaluate,
    "ReplanRequest": _replan,
    "RecommendRequest": lambda: _one("a rush order", {"order": _rush(), "slots": 3}),
    "EditRequest": _edit,
    "ReleaseRequest": lambda: _one("all lots", {}),
    "ScenarioRequest": _scenario,
    "ConfirmationRequest": _confirmation,
}
"""Examples by the name of the body's schema."""
