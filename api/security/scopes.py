"""Scopes, and the roles that bundle them. What no scope allows is refused."""

from enum import StrEnum


class Scope(StrEnum):
    """What a client may be allowed to do, in its own mill."""

    READ = "read"
    PLAN = "plan"
    CONFIRM = "confirm"
    RELEASE = "release"
    METRICS = "metrics"
    ADMIN = "admin"


class Role(StrEnum):
    """Who a client is. Releasing a plan to the mill is a scope of its own, in no role but admin."""

    VIEWER = "viewer"
    PLANNER = "planner"
    MES = "mes"
    ADMIN = "admin"


SCOPES = {
    Role.VIEWER: frozenset({Scope.READ}),
    Role.PLANNER: frozenset({Scope.READ, Scope.PLAN}),
    Role.MES: frozenset({Scope.READ, Scope.PLAN, Scope.CONFIRM}),
    Role.ADMIN: frozenset(Scope),
}
