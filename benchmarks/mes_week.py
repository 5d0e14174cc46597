"""A week with Antmill as an MES sees it, over HTTP alone: ``python -m benchmarks.mes_week``.

From a workbook of orders to a released plan, through confirmations, a breakdown, a re-plan and a
rush order, with the retries that a careful client makes. Starts a service of its own in a temporary
folder, or talks to ``--url``. Every step is printed with its status and time; a step that does not
do what it should ends the run with an error.
"""

import argparse
import json
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.service_process import ServiceProcess, running

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FINAL = {"succeeded", "infeasible", "failed", "cancelled"}
ATTEMPTS = 8


@dataclass(frozen=True)
class Answer:
    """A status, headers in lower case, and a body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON values."""
        return json.loads(self.body)


@dataclass
class Mes:
    """A client that tries again: with the same Idempotency-Key a repeated request does no harm."""

    url: str
    key: str | None = None
    steps: list[tuple[str, int, float]] = field(default_factory=list)

    def call(
        self,
        what: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        expect: tuple[int, ...] = (200, 201, 202),
        **headers: str,
    ) -> Answer:
        """Send a request until it is answered; print it; raise SystemExit where it is refused."""
        begin = time.monotonic()
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} if data is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        answer = self._until_answered(urllib.request.Request(
            self.url + path, data, sent, method=method))  # fmt: skip
        spent = time.monotonic() - begin
        self.steps.append((what, answer.status, spent))
        sys.stdout.write(f"{answer.status}  {spent:7.2f} s  {what}\n")
        sys.stdout.flush()
        if answer.status not in expect:
            raise SystemExit(f"{method} {path}: {answer.body.decode(errors='replace')[:2000]}")
        return answer

    def _until_answered(self, request: urllib.request.Request) -> Answer:
        for attempt in range(ATTEMPTS):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return _answer(answer)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == ATTEMPTS - 1:
                    return _answer(error)
                wait = float(error.headers.get("Retry-After") or 1)
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if attempt == ATTEMPTS - 1:
                    raise
                wait = 0.5 * 2**attempt
            time.sleep(wait)
        raise AssertionError

    def finished(self, what: str, job: str) -> Any:
        """Wait for a job and return its schedule's id."""
        begin = time.monotonic()
        while True:
            request = urllib.request.Request(f"{self.url}/v1/jobs/{job}")
            if self.key:
                request.add_header("Authorization", f"Bearer {self.key}")
            found = self._until_answered(request).json
            if found["state"] in FINAL:
                break
            time.sleep(0.5)
        sys.stdout.write(f"     {time.monotonic() - begin:7.2f} s  {what}: {found['state']}\n")
        if found["state"] != "succeeded":
            raise SystemExit(json.dumps(found, indent=1)[:2000])
        return found["schedule"]


def _answer(answer: Any) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, headers, answer.read())


def week(mes: Mes, seconds: float, solver: str) -> None:
    """Live through the week; every line printed is one request."""
    plan = _planned(mes, seconds, solver)
    _under_way(mes, plan)
    plan = _planned_again(mes, plan, seconds, solver)
    plan = _rush_order(mes, plan)
    path = f"/v1/schedules/{plan}"
    mes.call("release the last revision", "POST", f"{path}:release", {})
    for form in ("b2mml", "xlsx"):
        size = len(mes.call(f"export as {form}", "GET", f"{path}/export?format={form}").body)
        sys.stdout.write(f"               {size / 1000:,.0f} kB\n")


def _planned(mes: Mes, seconds: float, solver: str) -> str:
    plant = mes.call("an example of a plant", "GET", "/v1/demo-data/bar-week").json
    known = mes.call("store the plant", "POST", "/v1/order-books", plant).json["id"]
    table = mes.call("the week's orders, XLSX", "GET", f"/v1/order-books/{known}/orders").body
    query = f"?plant={known}&name=week"
    checked = mes.call(
        "check the workbook", "POST", f"/v1/order-books:validate{query}", table, Content_Type=XLSX
    ).json
    if not checked["valid"]:
        raise SystemExit(json.dumps(checked["issues"], indent=1)[:2000])
    book = mes.call(
        "store the workbook", "POST", f"/v1/order-books{query}", table, Content_Type=XLSX
    ).json["id"]
    body = {"order_book": book, "solver": solver, "seed": 1, "termination": {"time_s": seconds}}
    key = f"week-{book}"
    jobs = [
        mes.call(what, "POST", "/v1/jobs", body, Idempotency_Key=key).json["id"]
        for what in ("plan it", "plan it: sent again, as if the answer was lost")
    ]
    if jobs[0] != jobs[1]:
        raise SystemExit("a repeated request made a second job")
    return str(mes.finished("the plan", jobs[0]))


def _under_way(mes: Mes, plan: str) -> None:
    """Release the first day, roll two lots, the first 20 minutes slower than planned."""
    path = f"/v1/schedules/{plan}"
    lots = mes.call("the plan's lots", "GET", f"{path}/gantt").json
    until = (datetime.fromisoformat(lots["origin"]) + timedelta(hours=24)).isoformat()
    released = mes.call("release a day", "POST", f"{path}:release", {"until": until}).json["items"]
    first, second = sorted(released, key=lambda item: item["planned"]["start"])[:2]
    end = _later(first["planned"]["end"], minutes=20)
    messages = [
        (first, "Running", first["planned"]["start"]),
        (first, "Running", first["planned"]["start"]),
        (first, "Ended", end),
        (second, "Running", max(_later(end, minutes=5), second["planned"]["start"])),
    ]
    for lot, state, at in messages:
        body = {"job_order": lot["id"], "state": state, "at": at}
        mes.call(f"confirm lot {lot['lot']}: {state}", "POST", "/v1/confirmations", body)
    for rate in mes.call("what the mill told", "GET", f"{path}/actuals").json["rates"]:
        sys.stdout.write(
            f"               {rate['section']} {rate['grade']}: {rate['planned_t_per_h']:.1f} t/h"
            f" planned, {rate['actual_t_per_h']:.1f} t/h real\n"
        )


def _planned_again(mes: Mes, plan: str, seconds: float, solver: str) -> str:
    path = f"/v1/schedules/{plan}"
    told = mes.call("the present", "GET", f"{path}/actuals").json
    line = told["lots"][0]["line"]
    stop = _later(told["present"], hours=6)
    closure = {"line": line, "start": stop, "end": _later(stop, hours=5)}
    body = {
        "disruptions": [{"type": "actuals"}, {"type": "breakdown", **closure}],
        "solver": solver,
        "termination": {"time_s": seconds},
    }
    etag = mes.call("the plan's ETag", "GET", path).headers["etag"]
    job = mes.call(
        "a breakdown: plan again", "POST", f"{path}:replan", body,
        If_Match=etag, Idempotency_Key=f"breakdown-{plan}",
    ).json["id"]  # fmt: skip
    mes.call(
        "a second planner, too late", "POST", f"{path}:replan", body, If_Match=etag, expect=(412,)
    )
    again = str(mes.finished("the new plan", job))
    changes = mes.call("what changed", "GET", f"{path}/diff/{again}").json
    cost = next(kpi for kpi in changes["kpis"] if kpi["key"] == "cost")
    sys.stdout.write(
        f"               {len(changes['moves'])} orders moved, {changes['unmoved']} did not;"
        f" cost {cost['reference']:,.0f} -> {cost['value']:,.0f} {cost['unit']}\n"
    )
    return again


def _rush_order(mes: Mes, plan: str) -> str:
    path = f"/v1/schedules/{plan}"
    book = mes.call("the revision", "GET", path).json["order_book"]
    known = mes.call("its orders", "GET", f"/v1/order-books/{book}/content").json
    order = {**known["orders"][0], "id": "RUSH", "due_date": known["horizon"]["end"]}
    for name in ("release", "deadline", "lock", "predecessors"):
        order.pop(name, None)
    present = known["freeze"]["until"]
    advice = mes.call(
        "where would one more order stand?", "POST", f"{path}:recommend",
        {"order": order, "not_before": present},
    ).json  # fmt: skip
    best = advice["slots"][0]
    sys.stdout.write(
        f"               {advice['places']} places tried; best {best['line']}/{best['lot']}"
        f" at {best['start']}, {best['added_cost']:+,.0f} {advice['currency']},"
        f" {best['delays_total']} orders later\n"
    )
    edit = {"type": "insert_order", "order": order, "line": best["line"], "lot": best["lot"]}
    made = mes.call("put it there", "POST", f"{path}:edit", {"edits": [edit]}).json
    return str(made["id"])


def _later(instant: str, **by: float) -> str:
    return (datetime.fromisoformat(instant) + timedelta(**by)).isoformat()


@contextmanager
def service() -> Iterator[str]:
    """Start a service in a temporary folder and yield its address once it is ready."""
    sys.stdout.write("starting a service (kernels compile once; a few minutes at worst) ...\n")
    with tempfile.TemporaryDirectory() as folder, running(ServiceProcess(Path(folder))) as started:
        yield started.url


def main() -> None:
    """Run the week and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mes_week", description=__doc__)
    parser.add_argument("--url", help="a running service; by default one is started")
    parser.add_argument("--key", help="API key with the roles mes and planner, and release")
    parser.add_argument("--time", type=float, default=20, help="seconds of each search")
    parser.add_argument("--solver", default="aco")
    asked = parser.parse_args()
    begin = time.monotonic()
    if asked.url:
        mes = Mes(asked.url.rstrip("/"), asked.key)
        week(mes, asked.time, asked.solver)
    else:
        with service() as url:
            mes = Mes(url)
            week(mes, asked.time, asked.solver)
    slowest = max(mes.steps, key=lambda step: step[2])
    sys.stdout.write(
        f"done: {len(mes.steps)} requests in {time.monotonic() - begin:.0f} s with the searches;"
        f" slowest answer {slowest[2]:.2f} s ({slowest[0]})\n"
    )


if __name__ == "__main__":
    main()
