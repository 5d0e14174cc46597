"""The demonstration of ``make run``: plan a generated week as any client of the service would."""

import logging
import sys
import time
from typing import Any

import httpx

DOCUMENT = "/v1/demo-data/job-week"
OVER = ("succeeded", "infeasible", "failed", "cancelled")
PATIENCE = 60.0
"""Seconds to wait for the service to answer."""


def demonstrate(address: str) -> None:
    """Post the demonstration's job to the service at ``address``, wait, and say what came out."""
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            _say("Starting; the first start compiles kernels, which takes a minute or two ...")
            _wait_until_ready(client)
            # A line of log for each poll would hide what is said here.
            logging.getLogger("antmill.access").setLevel(logging.WARNING)
            job = _checked(client.post("/v1/jobs", json=_checked(client.get(DOCUMENT))))
            job = _follow(client, job)
            _say(*_outcome(client, address, job))
    except (httpx.HTTPError, TimeoutError) as error:
        _say(f"The demonstration ended early: {error}", f"The service is at {address}/docs")
    finally:
        logging.getLogger("antmill.access").setLevel(logging.INFO)


def _wait_until_ready(client: httpx.Client) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"the service did not start within {PATIENCE:.0f} s")


def _follow(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    limit = job["termination"]["time_s"]
    _say(f"Planning a generated week of a bar mill for {limit:g} s: job {job['id']}")
    shown = ""
    while job["state"] not in OVER:
        time.sleep(1)
        job = _checked(client.get(job["links"]["self"]))
        state = _state(job)
        if state != shown:
            _say(state)
            shown = state
    return job


def _state(job: dict[str, Any]) -> str:
    progress = job["progress"]
    if progress is None or progress["cost"] is None:
        return f"  {job['state']}"
    cost = f"{progress['cost']:,.0f}".replace(",", " ")
    return f"  {job['state']}: best plan {cost} {progress['currency']}"


def _outcome(client: httpx.Client, address: str, job: dict[str, Any]) -> list[str]:
    links = job["links"]
    if "schedule" not in links:
        detail = f" ({job['detail']})" if job["detail"] else ""
        return [f"The job ended as {job['state']}{detail}.", f"Swagger UI  {address}/docs"]
    kpis = _checked(client.get(f"{links['schedule']}/kpis"))
    return [
        "",
        *kpis["summary"],
        "",
        f"Gantt chart  {address}{links['gantt']}",
        f"Report       {address}{links['report']}",
        f"Swagger UI   {address}/docs",
        "Ctrl-C ends the service.",
    ]


def _checked(response: httpx.Response) -> Any:
    response.raise_for_status()
    return response.json()


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
