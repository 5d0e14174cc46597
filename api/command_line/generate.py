"""``antmill generate``: a seeded order book of a bar or rod mill."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Mill(StrEnum):
    """What the mill makes."""

    BAR = "bar"
    ROD = "rod"


class Size(StrEnum):
    """How long a book lasts: about 20, 120 or 500 orders."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def generate(
    mill: Annotated[Mill, typer.Argument(help="bars (cut lengths) or rod (coils)")],
    size: Annotated[Size, typer.Option(help="how long the book lasts")] = Size.WEEK,
    orders: Annotated[
        int | None, typer.Option(min=1, max=10_000, metavar="N", help="number of orders")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, metavar="K", help="random seed")] = 0,
    prices: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="price CSV (times, prices), or two_peak or flat"),
    ] = None,
    carbon: Annotated[
        Path | None, typer.Option(metavar="FILE", help="carbon intensity CSV (times, g/kWh)")
    ] = None,
    lines: Annotated[int, typer.Option(min=1, max=2, help="rolling lines")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write here; by default to the terminal")
    ] = None,
) -> int:
    """Write an order book: the same options and seed give the same file, byte for byte."""
    from api.command_line.errors import FEASIBLE, reading
    from api.command_line.files import check_writable, write_file
    from api.command_line.summary import show
    from instances import mill_json
    from instances.generator import generate as make

    check_writable(out)
    with reading(prices or "antmill generate"):
        problem = make(
            mill.value,
            size.value,
            seed=seed,
            orders=orders,
            prices=prices,
            carbon=carbon,
            lines=2 if lines == 2 else 1,
        )
    text = mill_json.write(problem)
    if out is None:
        show([text.rstrip("\n")])
    else:
        write_file(out, text)
        tonnes = "" if not problem.orders else f", {len(problem.orders)} orders"
        show([f"{out}: {problem.name}{tonnes}, from {problem.origin.isoformat()}"])
    return FEASIBLE
