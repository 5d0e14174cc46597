"""Health, metrics, logs and settings."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from api import logs
from api.settings import Settings
from api.settings_table import table

from .conftest import Server, job, wait


def test_metrics_count_requests_by_route_and_jobs_by_state(client, book):
    done = wait(client, client.post("/v1/jobs", json=job(book)).json()["id"])
    assert done["state"] == "succeeded"
    client.get("/v1/jobs/job-none")
    text = client.get("/metrics").text
    assert 'antmill_requests_total{method="POST",route="/v1/jobs",status="202"} 1.0' in text
    assert 'route="/v1/jobs/{job}",status="404"} 1.0' in text
    assert 'antmill_jobs{state="succeeded"} 1.0' in text
    assert 'antmill_workers{is="idle"} 1.0' in text
    assert done["id"] not in text


def test_alive_and_ready(client, idle):
    assert client.get("/healthz").json()["status"] == "alive"
    client.app.state.services.supervisor.slots[0].ready.wait(30)
    assert client.get("/readyz").json() == {
        "status": "ready",
        "database": "reachable",
        "workers_ready": 1,
        "workers": 1,
    }
    assert idle.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key antmill.key-01abc.S3cr-et_x is", "key antmill.key-01abc.*** is"),
        ("Authorization: Bearer eyJ.x.y", "Authorization: Bearer ***"),
        ("postgresql://user:pass@host/db", "postgresql://user:***@host/db"),
        ("nothing to hide: 12:30 @ noon", "nothing to hide: 12:30 @ noon"),
    ],
)
def test_logs_hide_secrets(text, shown):
    assert logs.redacted(text) == shown


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_tells_no_secrets(form):
    code = f"""
import logging
from api import logs
from api.settings import Settings
logs.configure(Settings(log_format={form!r}))
try:
    local = "antmill.key-1." + "hidden"
    raise ValueError("Bearer " + "hidden")
except ValueError:
    logging.getLogger("x").exception("failed")
"""
    log = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ValueError" in log.stderr
    assert "Bearer ***" in log.stderr
    assert "hidden" not in log.stderr


def test_logs_are_json_lines_with_the_request_s_id(tmp_path):
    server = Server(tmp_path, slots=0, log_format="json").start()
    try:
        path = "/v1/jobs/%0Aforged"
        answer = server.client.get(path, headers={"Authorization": "Bearer antmill.key-1.secret"})
        server.kill(signal.SIGTERM)
    finally:
        server.close()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    (line,) = [line for line in lines if line.get("event") == f"GET {path} 404"]
    assert line["request"] == answer.headers["x-request-id"]
    assert line["client"] == "local"
    assert "secret" not in server.log.read_text()
    assert any("no API keys" in line["event"] for line in lines)


def test_settings_come_from_the_environment_and_are_checked(monkeypatch):
    monkeypatch.setenv("ANTMILL_PORT", "9001")
    assert Settings().port == 9001
    for name, value in (("PORT", "99999"), ("LEASE_S", "0.1"), ("OIDC_ISSUER", "https://x")):
        monkeypatch.setenv(f"ANTMILL_{name}", value)
        with pytest.raises(ValidationError):
            Settings()
        monkeypatch.delenv(f"ANTMILL_{name}")


def test_a_postgresql_url_gets_our_driver():
    url = Settings(database="postgresql://a:b@h/n").database_url
    assert url == "postgresql+psycopg://a:b@h/n"


def test_the_documented_settings_are_the_settings():
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    assert table() in text, "put the output of `python -m api.settings_table` into it"
