"""What all models of the wire share."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from scheduler.goals import GOALS
from scheduler.profiles import PROFILES


class Request(BaseModel):
    """A request's body: unknown members are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Response(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _is_profile(value: str) -> str:
    if value not in PROFILES:
        raise ValueError(f"the profiles here are {', '.join(PROFILES)}")
    return value


ProfileName = Annotated[
    str, Field(json_schema_extra={"enum": list(PROFILES)}), AfterValidator(_is_profile)
]


def _is_goal(value: str) -> str:
    if value not in GOALS:
        raise ValueError(f"the goals here are {', '.join(GOALS)}")
    return value


GoalName = Annotated[str, Field(json_schema_extra={"enum": list(GOALS)}), AfterValidator(_is_goal)]


def _are_different(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("each goal is named once")
    return values


GoalNames = Annotated[
    list[GoalName],
    Field(
        max_length=len(GOALS),
        description="for profiles of several goals: which and in which order, instead of its own",
    ),
    AfterValidator(_are_different),
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}-[0-9a-z]{26}$")]
Seed = Annotated[
    int, Field(ge=0, le=2**53 - 1, description="of the search; JSON holds no larger one exactly")
]
WebhookUrl = Annotated[str, StringConstraints(pattern=r"^https://[\x21-\x7e]+$", max_length=1000)]
Tag = Annotated[str, StringConstraints(pattern=r"^[\w.:/ -]{1,64}$")]


class IssueOut(Response):
    """One fault or doubt, with its place."""

    code: str = Field(description="stable, for programs")
    severity: str = Field(description="`error` or `warning`")
    pointer: str = Field(description="JSON pointer (RFC 6901) into the body")
    detail: str
    value: str | None = Field(default=None, description="what was found, at most 64 characters")
    expected: str | None = Field(default=None, description="what is allowed, with its unit")
    hint: str | None = Field(default=None, description="what to do")
    order: str | None = Field(default=None, description="id of the order at fault")
    row: int | None = Field(default=None, description="of a table, from 1")
    column: str | None = Field(default=None, description="of a table")


class ProblemOut(Response):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="stable, for programs")
    detail: str | None = None
    errors: list[IssueOut] | None = Field(default=None, description="the first 100")
    errors_total: int | None = Field(default=None, description="how many there are in all")


class TermOut(Response):
    """One row of the bill."""

    amount: float = Field(description="physical amount")
    unit: str
    money: float = Field(description="in the problem's currency")


class ViolationOut(Response):
    """One broken rule."""

    code: str
    where: str
    magnitude: float
    unit: str
    detail: str


class EvaluationOut(Response):
    """The evaluator's word on a schedule."""

    cost: float
    currency: str
    feasible: bool
    terms: dict[str, TermOut]
    violations: list[ViolationOut] = Field(description="the first 100")
    violations_total: int


Problems = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Problems:
    """Return the documentation of the errors that a route may answer with."""
    reasons = {
        400: "The request is malformed.",
        401: "The client did not show who it is.",
        403: "The client may not do this.",
        404: "There is no such object.",
        408: "The body did not arrive in time.",
        409: "In conflict with what is there.",
        412: "Somebody else was faster.",
        413: "The content is too large.",
        415: "The content type is not read here.",
        422: "The content cannot be used.",
        429: "Too many requests, or too many jobs.",
        503: "The service cannot do this now.",
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": reasons[status], "content": content} for status in statuses}
