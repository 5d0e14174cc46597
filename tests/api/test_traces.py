"""Traces over OTLP, where the environment names a collector."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from .conftest import Server

pytest.importorskip("opentelemetry.sdk", reason="no OpenTelemetry SDK: install antmill[otel]")


class Collector(BaseHTTPRequestHandler):
    """Takes what is exported and keeps it."""

    server: Any

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def collector():
    server: Any = HTTPServer(("127.0.0.1", 0), Collector)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_requests_are_traced_without_what_they_hold(tmp_path, collector):
    server = Server(tmp_path, slots=0)
    server.environment |= {
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "OTEL_SERVICE_NAME": "antmill",
    }
    server.start()
    try:
        headers = {"Authorization": "Bearer very-secret"}
        server.client.post("/v1/jobs", json={"solver": "hidden"}, headers=headers)
        assert server.client.get("/v1/jobs", headers=headers).status_code == 200
        end = time.monotonic() + 30
        while b"GET /v1/jobs" not in (sent := b"".join(body for _, body in collector.taken)):
            assert time.monotonic() < end, "the request was not traced"
            time.sleep(0.05)
    finally:
        server.close()
    assert {path for path, _ in collector.taken} == {"/v1/traces"}
    assert b"very-secret" not in sent
    assert b"hidden" not in sent
