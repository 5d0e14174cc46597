"""``antmill schema``: JSON Schemas of the files, and the OpenAPI document."""

from enum import StrEnum
from typing import Annotated

import typer


class Schema(StrEnum):
    """What has a schema."""

    PROBLEM = "problem"
    SCHEDULE = "schedule"
    API = "api"


def schema(
    of: Annotated[Schema, typer.Argument(help="mill problem or schedule files, or the HTTP API")],
) -> int:
    """Print the JSON Schema of a file format, or the OpenAPI document (docs/openapi.json).

    docs/problem.md says what the fields mean, docs/api.md how to use the API.
    """
    import json

    from api.command_line.errors import FEASIBLE
    from api.command_line.summary import show
    from instances.json_schema import problem_schema, schedule_schema

    if of is Schema.API:
        from api.openapi import contract

        show([contract().rstrip()])
        return FEASIBLE
    tree = problem_schema() if of is Schema.PROBLEM else schedule_schema()
    show([json.dumps(tree, indent=2, ensure_ascii=False)])
    return FEASIBLE
