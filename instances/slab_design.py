"""Steel-mill slab design (CSPLib problem 038): the JSON of the benchmark and the plain-text form.

JSON: ``sizes`` lists the slab capacities (0 is unused), ``ordSize`` and ``ordCol`` give each
order's size and colour; ``nbOrders`` and ``nbColours`` are checked where present. Text: a line
with the number of capacities and the capacities, a line with the number of colours, a line with
the number of orders, then ``size colour`` a line. Any number of slabs, at most two colours a slab,
least total loss.
"""

import json
from typing import Any

import numpy as np

from instances.text import LARGEST_NUMBER, BadInstance, integer_rows
from scheduler.cutting import CuttingProblem

COLOURS_PER_SLAB = 2


def matches_json(text: str) -> bool:
    """Whether ``text`` is a JSON object that looks like a slab design problem."""
    return text.lstrip()[:1] == "{" and '"ordSize"' in text and '"ordCol"' in text


def read_json(text: str, name: str) -> CuttingProblem:
    """Read the JSON form; raise BadInstance with the place of an error."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInstance(f"{name}: line {error.lineno}: not valid JSON: {error.msg}") from error
    fields = {field: _whole_numbers(data, field, name) for field in ("sizes", "ordSize", "ordCol")}
    orders = len(fields["ordSize"])
    for field, found in (
        ("nbOrders", orders),
        ("nbColours", len(set(fields["ordCol"]))),
    ):
        if field in data and data[field] != found:
            raise BadInstance(f"{name}: {field} is {data[field]}, but the lists hold {found}")
    return _problem(name, fields["sizes"], fields["ordSize"], fields["ordCol"])


def matches_text(text: str) -> bool:
    """Whether ``text`` starts like the plain form: capacities, colours, orders, pairs."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) < 4 or not all(word.isdecimal() for line in lines[:4] for word in line):
        return False
    head = [len(line) for line in lines[:4]]
    return head[0] >= 2 and head[1:] == [1, 1, 2] and int(lines[0][0]) == head[0] - 1


def read_text(text: str, name: str) -> CuttingProblem:
    """Read the plain form; raise BadInstance with the line of an error."""
    rows = list(integer_rows(text, name))
    if len(rows) < 3:
        raise BadInstance(f"{name}: ends before the number of orders (third line)")
    (line, capacities), (colour_line, colours), (order_line, orders), *body = rows
    if capacities[0] != len(capacities) - 1:
        raise BadInstance(
            f"{name}: line {line}: announces {capacities[0]} capacities "
            f"and lists {len(capacities) - 1}"
        )
    for where, row, what in (
        (colour_line, colours, "colours"),
        (order_line, orders, "orders"),
    ):
        if len(row) != 1:
            raise BadInstance(f"{name}: line {where}: must hold the number of {what} alone")
    if len(body) != orders[0]:
        raise BadInstance(
            f"{name}: line {order_line}: announces {orders[0]} orders, {len(body)} follow"
        )
    for where, row in body:
        if len(row) != 2:
            raise BadInstance(f"{name}: line {where}: an order is 'size colour', not {row}")
        if not 1 <= row[1] <= colours[0]:
            raise BadInstance(
                f"{name}: line {where}: colour {row[1]} is not in 1..{colours[0]} (line 2)"
            )
    return _problem(name, capacities[1:], [row[0] for _, row in body], [row[1] for _, row in body])


def _whole_numbers(data: Any, field: str, name: str) -> list[int]:
    values = data.get(field) if isinstance(data, dict) else None
    if not isinstance(values, list):
        raise BadInstance(f"{name}: {field} must be a list of whole numbers")
    for index, value in enumerate(values):
        if type(value) is not int or abs(value) > LARGEST_NUMBER:
            raise BadInstance(f"{name}: {field}[{index}] is {value!r}, not a whole number in range")
    return values


def _problem(
    name: str, sizes: list[int], order_size: list[int], order_colour: list[int]
) -> CuttingProblem:
    if len(order_size) != len(order_colour):
        raise BadInstance(
            f"{name}: ordSize has {len(order_size)} entries, ordCol has {len(order_colour)}"
        )
    # A capacity set may list a slab size twice or as 0 (a size not on offer).
    capacity = sorted({size for size in sizes if size != 0})
    if not capacity:
        raise BadInstance(f"{name}: sizes holds no slab capacity other than 0")
    return CuttingProblem(
        name=name,
        item_size=np.array(order_size, dtype=np.int64),
        item_demand=np.ones(len(order_size), dtype=np.int64),
        item_family=np.array(order_colour, dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64),
        stock_count=np.full(len(capacity), -1, dtype=np.int64),
        family_limit=COLOURS_PER_SLAB,
        objective="loss",
    )
