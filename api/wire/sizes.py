"""Limits on what is counted in a body, checked before anything looks at the contents."""

from typing import Any

from api.errors import Problem
from api.settings import Settings
from scheduler.issues import Issue


def check_size(settings: Settings, tree: Any, at: str = "") -> None:
    """Refuse a book of more orders than this service takes."""
    orders = tree.get("orders") if isinstance(tree, dict) else None
    if isinstance(orders, list):
        check_count(settings, len(orders), at)


def check_count(settings: Settings, orders: int, at: str = "") -> None:
    """Refuse so many orders where this service takes fewer."""
    most = settings.max_orders
    if orders > most:
        detail = f"{orders} orders"
        issue = Issue("too_many_orders", f"{at}/orders", detail, expected=f"at most {most} orders")
        raise Problem(413, "too_many_orders", detail, issues=[issue])
