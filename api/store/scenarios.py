"""Scenarios: jobs that belong together, to be compared."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from api.store.ids import new_id, now
from api.store.jobs import NotFoundError
from api.store.tables import jobs, order_books, scenarios, schedules


def add_scenario(connection: Connection, *, mill: str, client: str, name: str) -> Row[Any]:
    """Store a scenario and return its row; its jobs are added with its id."""
    statement = insert(scenarios).values(
        id=new_id("sc"), mill=mill, name=name, created_at=now(), created_by=client
    )
    return connection.execute(statement.returning(*scenarios.c)).one()


def scenario_row(connection: Connection, mill: str, scenario: str) -> Row[Any]:
    """Return the scenario, or raise NotFoundError."""
    query = select(scenarios).where(scenarios.c.id == scenario, scenarios.c.mill == mill)
    if (row := connection.execute(query).one_or_none()) is None:
        raise NotFoundError(scenario)
    return row


def list_scenarios(
    connection: Connection, mill: str, *, limit: int, before: str | None = None
) -> list[Row[Any]]:
    """Return at most ``limit`` scenarios with their number of jobs, newest first."""
    number = (
        select(func.count())
        .where(jobs.c.scenario == scenarios.c.id)
        .scalar_subquery()
        .label("jobs")
    )
    query = select(*scenarios.c, number).where(scenarios.c.mill == mill)
    if before is not None:
        query = query.where(scenarios.c.id < before)
    return list(connection.execute(query.order_by(scenarios.c.id.desc()).limit(limit)))


def scenario_runs(connection: Connection, scenario: str) -> list[Row[Any]]:
    """Return the scenario's jobs in the order they were asked for, with their plans' scores."""
    columns = (
        jobs.c.id,
        jobs.c.state,
        jobs.c.order_book,
        jobs.c.request,
        jobs.c.progress,
        jobs.c.schedule,
        order_books.c.name.label("book"),
        schedules.c.evaluation,
    )
    query = (
        select(*columns)
        .join(order_books, order_books.c.id == jobs.c.order_book)
        .outerjoin(schedules, schedules.c.id == jobs.c.schedule)
        .where(jobs.c.scenario == scenario)
        .order_by(jobs.c.id)
    )
    return list(connection.execute(query))
