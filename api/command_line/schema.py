"""``antmill schema``: JSON Schemas of the files."""

from enum import StrEnum
from typing import Annotated

import typer


class Schema(StrEnum):
    """The files that have a schema."""

    PROBLEM = "problem"
    SCHEDULE = "schedule"


def schema(
    of: Annotated[Schema, typer.Argument(help="mill problem files or schedule files")],
) -> int:
    """Print the JSON Schema of a file format; docs/problem.md says what the fields mean."""
    import json

    from api.command_line.errors import FEASIBLE
    from api.command_line.summary import show
    from instances.json_schema import problem_schema, schedule_schema

    tree = problem_schema() if of is Schema.PROBLEM else schedule_schema()
    show([json.dumps(tree, indent=2, ensure_ascii=False)])
    return FEASIBLE
