"""What stands behind the ``?`` of an address: only what the route knows.

A misspelt filter would list everything, and a misspelt decimal sign be another number.
"""

from difflib import get_close_matches
from typing import Annotated

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.errors import Problem
from api.wire.models import Id
from scheduler.issues import Issue, pointer, shown

Cursor = Annotated[Id | None, Query(description="`next` of the page before")]


async def check_parameters(request: Request) -> None:
    """Raise Problem where the address of a call has parameters that its route does not know."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    if not route.path.startswith("/v1/"):
        return
    known = sorted(_known(route.dependant))
    issues = [_unknown(name, known) for name in request.query_params if name not in known]
    if issues:
        raise Problem(422, "invalid", issues[0].detail, issues=issues)


def _known(dependant: Dependant) -> set[str]:
    """Return the names of all parameters that a route, or what it depends on, takes."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_known(one) for one in dependant.dependencies))


def _unknown(name: str, known: list[str]) -> Issue:
    near = get_close_matches(name, known, 1)
    return Issue(
        "unknown_parameter",
        pointer("query", name[:64]),
        "there is no such parameter here",
        value=shown(name),
        expected=f"one of {', '.join(known)}" if known else "none",
        hint=f"did you mean {near[0]!r}?" if near else "leave it out",
    )
