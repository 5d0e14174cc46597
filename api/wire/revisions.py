"""Revisions on the wire: what happened, what stays, and what changed between two plans."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.wire.instants import Instant
from api.wire.jobs import Termination
from api.wire.models import GoalNames, ProfileName, Request, Response, Seed, WebhookUrl
from api.wire.schedules import KpiOut, OrderStoryOut
from scheduler.profiles import DEFAULT

Name = Annotated[str, Field(min_length=1, max_length=64)]


class Breakdown(Request):
    """A line stands still."""

    type: Literal["breakdown"]
    line: Name
    start: Instant
    end: Instant
    kind: Literal["closed", "maintenance"] = Field(
        default="closed", description="in `maintenance` changes may run"
    )


class RushOrder(Request):
    """An order more."""

    type: Literal["rush_order"]
    order: dict[str, Any] = Field(description="an order as in a problem file")


class LateHeat(Request):
    """A stock row comes at another time."""

    type: Literal["late_heat"]
    stock: Name
    available_from: Instant


class CancelledOrder(Request):
    """An order less; it must not be in the frozen start."""

    type: Literal["cancelled_order"]
    order: Name


class Actuals(Request):
    """What the mill confirmed: real starts and ends, and the rates of its last lots."""

    type: Literal["actuals"]
    learn_rates: bool = Field(
        default=True, description="plan on with the rates that the last lots had"
    )


Disruption = Annotated[
    Breakdown | RushOrder | LateHeat | CancelledOrder | Actuals, Field(discriminator="type")
]


class ReplanRequest(Request):
    """A new revision of a plan: its start stays, the rest is planned again."""

    freeze_until: Instant | None = Field(
        default=None,
        description="lots that start earlier stay as they are; with actuals by default the instant"
        " of the last confirmation",
    )
    disruptions: list[Disruption] = Field(default=[], max_length=100)
    solver: str = Field(default="aco", max_length=64)
    profile: ProfileName = Field(default=DEFAULT)
    goals: GoalNames = Field(default=[])
    termination: Termination = Field(default_factory=lambda: Termination.model_validate({}))
    seed: Seed = 0
    threads: int = Field(default=1, ge=1, le=1024)
    priority: int = Field(default=10, ge=-100, le=100)
    webhook: WebhookUrl | None = Field(default=None, description="as of a job")

    def stored(self, schedule: str) -> dict[str, Any]:
        """Return what the store keeps of the job."""
        return {
            "solver": self.solver,
            "profile": self.profile,
            "goals": self.goals,
            "termination": self.termination.model_dump(),
            "seed": self.seed,
            "threads": self.threads,
            "priority": self.priority,
            "tags": ["replan"],
            "warm_start": schedule,
            "freeze_until": None,
            "webhook": self.webhook,
        }


class MoveOut(Response):
    """An order that changed between two plans."""

    order: str
    later_min: float | None = Field(description="null where it is not made in one of them")
    before: OrderStoryOut | None
    after: OrderStoryOut | None


class DifferenceOut(Response):
    """What changed from one plan to another; a figure's reference is the first plan's."""

    first: str
    second: str
    kpis: list[KpiOut]
    moves: list[MoveOut]
    unmoved: int


class ActualLotOut(Response):
    """What the mill told of a lot."""

    line: str
    lot: int
    job_order: str
    planned_start: str
    start: str | None
    end: str | None
    billets: int | None = Field(description="rolled so far")
    interrupted_min: float


class RateOut(Response):
    """A rate as it was planned with, and as the last lots had it."""

    section: str
    grade: str
    planned_t_per_h: float
    actual_t_per_h: float
    lots: int = Field(description="that it is averaged over, the last ones")
    mass_t: float
    slowest_t_per_h: float = Field(description="of one of them; far apart, and the rate is unsure")
    quickest_t_per_h: float
    learned_t_per_h: float = Field(
        description="that a re-plan with actuals uses: between planned and actual, the nearer to"
        " actual the more lots"
    )
    plausible: bool = Field(description="whether it is within half and one and a half of planned")


class ActualsOut(Response):
    """What the mill confirmed of a plan."""

    schedule: str
    present: str | None = Field(description="instant of the last confirmation")
    lots: list[ActualLotOut]
    rates: list[RateOut]
