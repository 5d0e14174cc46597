"""Jobs on the wire."""

from datetime import UTC
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, WithJsonSchema, field_validator, model_validator
from sqlalchemy import Row

from api.planning.solvers import solver_names
from api.store.ids import instant
from api.store.webhooks import PENDING
from api.wire.instants import read_instant
from api.wire.models import (
    GoalNames,
    Id,
    ProfileName,
    Request,
    Response,
    Seed,
    Tag,
    TermOut,
    WebhookUrl,
)
from instances.search_weights import schema as weights_schema
from scheduler.profiles import DEFAULT


class Termination(Request):
    """When the search ends: at whichever comes first. A time limit always holds."""

    time_s: float = Field(default=10, gt=0, le=86_400, description="seconds of search")
    iterations: int | None = Field(default=None, ge=1, le=10**9)
    no_improvement: int | None = Field(
        default=None, ge=1, le=10**9, description="iterations without a better plan"
    )
    target_cost: float | None = Field(
        default=None, ge=-1e12, le=1e12, description="a cost that is good enough, in the currency"
    )


class JobTermination(Termination):
    """Of a job, also by what is proven."""

    target_gap: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="(cost - lower bound) / cost that is good enough; the bound is then proven "
        "before the search, in `bound_s`",
    )


class JobRequest(Request):
    """What to plan and how. Exactly one of `problem` and `order_book` is given."""

    problem: Any = Field(default=None, description="a problem file, `antmill-problem-1`")
    order_book: Id | None = Field(default=None, description="id of a posted order book")
    solver: str = Field(default="aco", max_length=64, description="one of `GET /v1/solvers`")
    profile: ProfileName = Field(
        default=DEFAULT, description="what the search prefers: `GET /v1/profiles`"
    )
    goals: GoalNames = Field(default=[])
    weights: Annotated[dict[str, Any], WithJsonSchema(weights_schema())] | None = Field(
        default=None,
        description="prices that the search shall see instead of the order book's, as its `weights`"
        " and `tariff` name them; the plan is scored with the order book's all the same",
    )
    termination: JobTermination = Field(default_factory=lambda: JobTermination.model_validate({}))
    seed: Seed = 0
    threads: int = Field(default=1, ge=1, le=1024)
    priority: int = Field(default=0, ge=-100, le=100, description="higher runs earlier")
    tags: list[Tag] = Field(default=[], max_length=20)
    warm_start: Id | None = Field(default=None, description="id of a schedule of the same problem")
    bound_s: float | None = Field(
        default=None,
        gt=0,
        le=600,
        description="seconds for a proven lower bound, after the search unless it ends by it",
    )
    freeze_until: AwareDatetime | None = Field(
        default=None, description="lots of `warm_start` that start before this instant stay"
    )
    webhook: WebhookUrl | None = Field(
        default=None, description="https address that is told of the job's end; see docs/api.md"
    )

    @field_validator("freeze_until", mode="before")
    @classmethod
    def instant_is_text(cls, value: Any) -> Any:
        """Read ISO 8601 text with an offset; anything else is refused."""
        return None if value is None else read_instant(value)

    @field_validator("solver")
    @classmethod
    def solver_is_known(cls, value: str) -> str:
        """Refuse a solver that this service has not."""
        if value not in (names := solver_names()):
            raise ValueError(f"the solvers here are {', '.join(names)}")
        return value

    @model_validator(mode="after")
    def one_problem(self) -> Self:
        """Refuse none or two problems, and a freeze of nothing."""
        if (self.problem is None) == (self.order_book is None):
            raise ValueError("give either 'problem' or 'order_book'")
        if self.freeze_until is not None and self.warm_start is None:
            raise ValueError("'freeze_until' needs 'warm_start': the schedule whose lots stay")
        return self

    @model_validator(mode="after")
    def a_gap_is_proven(self) -> Self:
        """Refuse a gap without time to prove a bound, and one of other prices than the bound's."""
        if self.termination.target_gap is None:
            return self
        if self.bound_s is None:
            raise ValueError("'termination/target_gap' needs 'bound_s': seconds to prove a bound")
        if self.profile != DEFAULT or self.weights is not None:
            raise ValueError(
                "'termination/target_gap' is of the order book's own prices: it goes with the "
                f"profile '{DEFAULT}' and without 'weights'"
            )
        return self

    def stored(self) -> dict[str, Any]:
        """Return what the store keeps of the request: all of it but the problem."""
        until = self.freeze_until and self.freeze_until.astimezone(UTC).isoformat()
        return {
            "solver": self.solver,
            "profile": self.profile,
            "goals": self.goals,
            "weights": self.weights,
            "termination": self.termination.model_dump(),
            "seed": self.seed,
            "threads": self.threads,
            "priority": self.priority,
            "tags": self.tags,
            "warm_start": self.warm_start,
            "bound_s": self.bound_s,
            "freeze_until": until,
            "webhook": self.webhook,
        }


class ProgressOut(Response):
    """A running search, at most half a second old."""

    elapsed_s: float
    iterations: int
    cost: float | None = Field(description="of the best plan so far, as its profile weighs it")
    currency: str
    lower_bound: float | None = Field(description="proven: no plan can cost less")
    gap: float | None = Field(description="(cost - lower bound) / cost")
    best_at_s: float
    terms: dict[str, TermOut] | None


class PartOut(Response):
    """A part of the bound, and what the plan costs in it."""

    bound: float
    cost: float


class BoundOut(Response):
    """A proven lower bound; the parts add up to it, but only their sum is proven."""

    value: float
    unavoidable: float = Field(description="what all orders cost if each had the mill to itself")
    avoidable_gap: float | None = Field(description="(cost - bound) / (cost - unavoidable)")
    elapsed_s: float
    complete: bool = Field(description="whether more time would not have raised it")
    parts: dict[str, PartOut]


class OutcomeOut(Response):
    """How a search ended, with all that is needed to repeat it."""

    solver: str
    seed: int
    iterations: int
    elapsed_s: float
    warm_up_s: float
    stop_reason: str
    cost: float | None
    currency: str
    terms: dict[str, TermOut] | None
    lower_bound: float | None
    gap: float | None
    bound: BoundOut | None = Field(default=None, description="where `bound_s` asked for it")
    parameters: dict[str, Any]
    trace: list[list[float]] = Field(description="(seconds, iteration, cost) of improvements")
    versions: dict[str, str]


class TryOut(Response):
    """One try to deliver a webhook."""

    at: str
    status: int | None = Field(description="that the receiver answered with")
    error: str | None = Field(description="what kept it from answering")


class WebhookOut(Response):
    """A webhook of a job that has ended."""

    id: str = Field(description="`webhook-id`, the same in every try")
    state: str = Field(description="`pending`, `delivered` or `failed`")
    tries: list[TryOut]
    next_try_at: str | None


class JobOut(Response):
    """A job."""

    id: str
    state: str
    failure: str | None = Field(description="of a failed job: why")
    detail: str | None
    order_book: str
    schedule: str | None = Field(description="id of the schedule that was found")
    scenario: str | None
    solver: str
    profile: str
    goals: list[str] = Field(default=[], description="where the job named them")
    weights: dict[str, Any] | None = None
    termination: JobTermination
    seed: int
    threads: int
    priority: int
    tags: list[str]
    warm_start: str | None
    bound_s: float | None = None
    freeze_until: str | None
    webhook: str | None = None
    deliveries: list[WebhookOut] = Field(
        default=[], description="of the webhook; in `GET /v1/jobs/{job}` only"
    )
    created_at: str
    created_by: str
    started_at: str | None
    finished_at: str | None
    attempt: int
    progress: ProgressOut | None
    result: OutcomeOut | None
    links: dict[str, str]


class JobList(Response):
    """A page of jobs, newest first."""

    items: list[JobOut]
    next: str | None = Field(description="cursor of the next page")


def webhook_document(row: Row[Any]) -> dict[str, Any]:
    """Return a webhook's row as ``WebhookOut`` has it."""
    return {
        "id": row.id,
        "state": row.state,
        "tries": [{**one, "at": instant(one["at"])} for one in row.attempts],
        "next_try_at": instant(row.next_at) if row.state == PENDING else None,
    }


def job_document(row: Any) -> dict[str, Any]:
    """Return a job's row as ``JobOut`` has it."""
    own = f"/v1/jobs/{row.id}"
    links = {"self": own, "events": f"{own}/events", "front": f"{own}/front"}
    if row.schedule is not None:
        links["schedule"] = f"/v1/schedules/{row.schedule}"
        links["gantt"] = f"/v1/schedules/{row.schedule}/gantt.svg"
        links["report"] = f"/v1/schedules/{row.schedule}/report.html"
    return {
        "id": row.id,
        "state": row.state,
        "failure": row.failure,
        "detail": row.detail,
        "order_book": row.order_book,
        "schedule": row.schedule,
        "scenario": row.scenario,
        "profile": DEFAULT,
        **row.request,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "started_at": instant(row.started_at),
        "finished_at": instant(row.finished_at),
        "attempt": row.attempt,
        "progress": row.progress,
        "result": row.outcome,
        "links": links,
    }
