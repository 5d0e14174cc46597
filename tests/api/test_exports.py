"""A plan's tables: what a spreadsheet sums up is what the key figures say."""

import csv
import io
from dataclasses import replace

import pytest

from api.exports import csv_text, tables
from scheduler.report import report_on
from scheduler.schedule import Cut
from tests.small_mill import ORDER, lot, mill, plan


def column(text: str, name: str) -> float:
    """Return the sum of a CSV's column, as a spreadsheet reckons it: blank cells count nothing."""
    return sum(float(row[name] or 0) for row in csv.DictReader(io.StringIO(text)))


def test_the_sums_of_the_lots_are_the_plans_figures_where_orders_share_billets():
    orders = (ORDER, replace(ORDER, id="p"))
    cuts = (
        Cut("K", 2, (("o", 60), ("p", 30))),
        Cut("K", 1, (("o", 50),)),
        Cut("K", 1, ()),
    )
    report = report_on(mill(orders=orders), plan(replace(lot(0, 1), cuts=cuts)))
    text = csv_text(next(table for table in tables(report) if table.name == "lots"))
    figures = {kpi.key: kpi.value for kpi in report.kpis}
    assert column(text, "billets") == 4
    assert column(text, "charged_kg") == pytest.approx(1000 * figures["scrap.charged"]) == 4000
    assert column(text, "left_kg") == pytest.approx(1000 * figures["scrap.cut"])
    assert column(text, "pieces") == 2 * 90 + 50
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["cut"], row["order"]) for row in rows] == [
        ("1", "o"),
        ("1", "p"),
        ("2", "o"),
        ("3", ""),
    ]
