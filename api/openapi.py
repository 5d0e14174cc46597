"""The OpenAPI document: schemas of bodies that other readers than pydantic read, and examples."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.examples import EXAMPLES, csv_orders
from api.planning.problems import schemas
from api.planning.solvers import solver_names
from api.routes.admin import KeyRequest
from api.settings import Settings
from api.wire.body import CSV, XLSX
from api.wire.edits import EditRequest, RecommendRequest
from api.wire.job_orders import ConfirmationRequest, ReleaseRequest
from api.wire.jobs import JobRequest
from api.wire.models import ProblemOut, Problems, problems
from api.wire.revisions import ReplanRequest
from api.wire.scenarios import ScenarioRequest
from api.wire.schedules import EvaluateRequest
from instances.json_layout import dump
from solvers.versions import versions

DESCRIPTION = """
Plans a rolling mill: cut plan, lots, sequence, groove changes and start times together.

Try it: open **POST /v1/jobs**, press *Execute* (the example is a complete request), copy the
`id` into **GET /v1/jobs/{job}** and watch it; then put its `schedule` into
**GET /v1/schedules/{schedule}/gantt.svg**. Load this page again (or *Authorize*, where a key is
needed), and the ids of the newest job, plan and order book stand in the examples.

Errors are problem details (RFC 9457) with a stable `code`, and a JSON pointer for every fault.
Instants are ISO 8601 with offset, money is in the problem's currency.
"""
REF = "#/components/schemas/"


def install(app: FastAPI) -> None:
    """Let ``app`` publish the document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Antmill",
        version=versions()["antmill"],
        description=DESCRIPTION,
        routes=app.routes,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas())
    for path in document["paths"].values():
        for operation in path.values():
            _add_body(operation)
            _replace_validation_error(operation)
            if "security" in operation:
                operation["responses"] |= _texts(problems(401, 403, 429))
            operation["responses"].setdefault("400", problems(400)[400])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return document


def _schemas() -> dict[str, Any]:
    """Return the schemas that no response model brings along."""
    found: dict[str, Any] = schemas(REF)
    models: dict[str, type[BaseModel]] = {
        "JobRequest": JobRequest,
        "EvaluateRequest": EvaluateRequest,
        "KeyRequest": KeyRequest,
        "ReplanRequest": ReplanRequest,
        "RecommendRequest": RecommendRequest,
        "EditRequest": EditRequest,
        "ScenarioRequest": ScenarioRequest,
        "ReleaseRequest": ReleaseRequest,
        "ConfirmationRequest": ConfirmationRequest,
        "Problem": ProblemOut,
    }
    for name, model in models.items():
        schema = model.model_json_schema(ref_template=REF + "{model}")
        found |= schema.pop("$defs", {})
        found[name] = schema
    for name in ("JobRequest", "EvaluateRequest"):
        found[name]["properties"]["problem"] = {"$ref": f"{REF}MillProblem"}
    found["EvaluateRequest"]["properties"]["schedule"] = {"$ref": f"{REF}MillSchedule"}
    found["RecommendRequest"]["properties"]["order"] = {"$ref": f"{REF}MillProblem.order"}
    for name in ("JobRequest", "EvaluateRequest"):
        found[name]["oneOf"] = [{"required": ["problem"]}, {"required": ["order_book"]}]
    found["JobRequest"]["properties"]["solver"]["enum"] = solver_names()
    return found


def _replace_validation_error(operation: dict[str, Any]) -> None:
    """Document bad parameters as they are answered: with problem details."""
    if "HTTPValidationError" in str(operation["responses"].get("422")):
        operation["responses"] |= _texts(problems(422))


def _texts(responses: Problems) -> dict[str, Any]:
    return {str(status): answer for status, answer in responses.items()}


TABLES: dict[str, Any] = {
    CSV: {
        "type": "string",
        "description": "UTF-8; the first row names the columns. The example is for the plant of "
        "the demo book bar-small",
    },
    XLSX: {
        "type": "string",
        "format": "binary",
        "description": "a workbook such as `GET /v1/order-books/template` gives, or, of the orders "
        "of a stored book, `GET /v1/order-books/{order_book}/orders`",
    },
}
"""Schemas of bodies that are no JSON."""


def _add_body(operation: dict[str, Any]) -> None:
    """Describe the body of a route that reads its bytes itself."""
    if (name := operation.pop("x-body", None)) is None:
        return
    content: dict[str, Any] = {"schema": {"$ref": f"{REF}{name}"}}
    if (examples := EXAMPLES.get(name)) is not None:
        content["examples"] = examples()
    also = {kind: {"schema": TABLES[kind]} for kind in operation.pop("x-also", ())}
    if CSV in also:
        also[CSV]["example"] = csv_orders()
    contents = {"application/json": content, **also}
    operation["requestBody"] = {"required": True, "content": contents}


def contract() -> str:
    """Return what clients rely on as JSON text: the document without its examples.

    ``docs/openapi.json`` is this text, so that every change of it is seen and meant.
    """
    from api.app import create_app

    document = create_app(Settings(warm_up=False)).openapi()
    for path in document["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content.pop("examples", None)
                content.pop("example", None)
    return dump(document)
