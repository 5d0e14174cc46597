"""The whole OpenAPI document against the service: no server error, every answer as documented."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from .conftest import Server

# What a schema cannot say (known ids, sums, dates that exist) makes valid bodies unusable.
EXAMPLES = int(os.environ.get("ANTMILL_SCHEMATHESIS_EXAMPLES", "4"))
"""Examples a route; set it higher for a long search."""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """A server without workers, so that what is fuzzed stays where it is, and its document."""
    server = Server(
        tmp_path_factory.mktemp("fuzz"),
        slots=0,
        requests_per_minute=10**6,
        queued_per_client=10**6,
        body_timeout_s=5,
    ).start()
    made = server.client.post("/v1/keys", json={"name": "fuzz", "role": "admin"})
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    yield schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}/openapi.json"), headers
    server.close()


@pytest.mark.slow
def test_every_route_answers_as_documented(document):
    schema, headers = document
    operations = [result.ok() for result in schema.exclude(path="/v1/keys").get_all_operations()]
    failures = [failure for operation in operations if (failure := failure_of(operation, headers))]
    assert not failures, "\n\n".join(failures)
    assert len(operations) > 25


def failure_of(operation, headers):
    """Return what is wrong with a route's answers, or None."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    try:
        check()
    except (Exception, BaseExceptionGroup) as error:
        return f"{operation.label}: {error}"
    return None
