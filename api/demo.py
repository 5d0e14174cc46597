"""Documents that a newcomer can post: generated, seeded order books and requests about them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.store.jobs import NotFoundError
from instances import mill_json
from instances.generator import generate

SEED = 1


@dataclass(frozen=True, slots=True)
class Demo:
    """A postable document: what it is, where to post it, and how it is made."""

    description: str
    post_to: str
    make: Callable[[], Any]


def _book(mill: Any, size: Any, orders: int | None = None) -> Any:
    return mill_json.to_tree(generate(mill, size, seed=SEED, orders=orders))


def _job(mill: Any, size: Any, orders: int | None, seconds: float) -> Any:
    return {
        "problem": _book(mill, size, orders),
        "solver": "aco",
        "termination": {"time_s": seconds},
        "seed": SEED,
        "tags": ["demo"],
    }


def _book_demo(mill: str, size: str, text: str) -> Demo:
    return Demo(f"order book: {text}", "/v1/order-books", lambda: _book(mill, size))


ITEMS: dict[str, Demo] = {
    "job-small": Demo(
        "job: six orders of a bar mill, planned for 3 s",
        "/v1/jobs",
        lambda: _job("bar", "day", 6, 3),
    ),
    "job-week": Demo(
        "job: a week of a bar mill, planned for 30 s",
        "/v1/jobs",
        lambda: _job("bar", "week", None, 30),
    ),
    "bar-small": Demo(
        "order book: six orders of a bar mill",
        "/v1/order-books",
        lambda: _book("bar", "day", 6),
    ),
    **{
        f"{mill}-{size}": _book_demo(mill, size, f"a {size} of a {mill} mill")
        for mill in ("bar", "rod")
        for size in ("day", "week", "month")
    },
}


@cache
def document(name: str) -> Any:
    """Return the document of that name; raise NotFoundError if there is none."""
    if name not in ITEMS:
        raise NotFoundError(name)
    return ITEMS[name].make()


def text_of(name: str) -> str:
    """Return the document as JSON text."""
    return json.dumps(document(name), ensure_ascii=False)
