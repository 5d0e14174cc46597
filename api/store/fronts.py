"""Fronts: the plans of one job of which none is better in every goal."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from api.store.tables import front_plans, jobs, schedules


def plans_of(connection: Connection, mill: str, job: str) -> list[Row[Any]]:
    """Return the plans of a job's front, the job's own first; empty where it has none."""
    query = (
        select(
            front_plans.c.schedule,
            front_plans.c.goals,
            schedules.c.feasible,
            schedules.c.evaluation,
        )
        .join(schedules, schedules.c.id == front_plans.c.schedule)
        .join(jobs, jobs.c.id == front_plans.c.job)
        .where(front_plans.c.job == job, jobs.c.mill == mill)
        .order_by(front_plans.c.number)
    )
    return list(connection.execute(query))


def schedules_of(connection: Connection, job: str) -> list[str]:
    """Return the ids of all schedules that a job made."""
    own = select(schedules.c.id).where(schedules.c.job == job)
    others = select(front_plans.c.schedule).where(front_plans.c.job == job)
    return list(connection.execute(own.union(others)).scalars())


def delete_schedules(connection: Connection, made: list[str]) -> None:
    """Delete schedules that nothing stands on."""
    connection.execute(delete(front_plans).where(front_plans.c.schedule.in_(made)))
    connection.execute(delete(schedules).where(schedules.c.id.in_(made)))
