"""Slow, oversized and half-sent requests over real sockets."""

import asyncio
import json
import socket
import time

import pytest

from api.http_protocol import MUCH, Joined

from .conftest import Server

LIMITS = {
    "slots": 0,
    "header_timeout_s": 1,
    "body_timeout_s": 1,
    "max_header_kb": 8,
    "max_connections": 8,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server process with short deadlines."""
    server = Server(tmp_path_factory.mktemp("http"), **LIMITS).start()
    yield server
    server.close()


def talk(server, *parts, pause=0.0):
    """Send the parts with pauses between them; return all that comes back until it is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
    return answer


def problem(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    found = json.loads(body)
    assert int(head.split()[1]) == found["status"]
    return found["status"], found["code"]


def test_headers_that_do_not_arrive_are_a_408(server):
    assert problem(talk(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")) == (
        408,
        "headers_timeout",
    )


def test_headers_that_drip_are_a_408(server):
    drips = [b"GET /healthz HTTP/1.1\r\n"] + [b"X-%d: y\r\n" % n for n in range(8)]
    begin = time.monotonic()
    assert problem(talk(server, *drips, pause=0.3))[0] == 408
    assert time.monotonic() - begin < 9


def test_a_half_sent_body_is_a_408(server):
    head = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = talk(server, head + b"Content-Length: 100\r\n\r\n" + b'{"a":')
    assert problem(answer) == (408, "body_timeout")


def test_a_request_that_is_refused_before_its_body_is_there_cannot_hold_its_connection(server):
    head = b"POST /v1/jobs HTTP/1.1\r\nHost: elsewhere\r\nContent-Type: application/json\r\n"
    drips = [head + b"Content-Length: 100\r\n\r\n", *[b" "] * 8]
    begin = time.monotonic()
    assert problem(talk(server, *drips, pause=0.3)) == (403, "not_local")
    assert time.monotonic() - begin < 9


def test_a_client_that_goes_away_amid_its_body_is_no_fault_of_the_service(server):
    head = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head + b"Content-Length: 100\r\n\r\n{")
    assert server.client.get("/healthz").status_code == 200
    assert "Traceback" not in server.log.read_text()


def test_oversized_headers_are_a_431(server):
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 20_000 + b"\r\n\r\n"
    assert problem(talk(server, request)) == (431, "headers_too_large")


def test_what_is_no_http_is_a_400(server):
    assert problem(talk(server, b"\x16\x03\x01\x02\x00\r\n\r\n")) == (400, "not_http")


def test_too_many_connections_are_a_503_and_end_with_them(server):
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(8)]
    try:
        time.sleep(0.2)
        status, _ = problem(talk(server, b""))
        assert status == 503
    finally:
        for connection in held:
            connection.close()
    time.sleep(0.3)
    assert server.client.get("/healthz").status_code == 200


def test_a_connection_is_reused_and_an_idle_one_is_not_cut_between_requests(server):
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert talk(server, one, last, pause=1.5).count(b"200 OK") == 2


def test_a_head_is_answered_as_a_get_without_its_body(server):
    job = {"problem": server.client.get("/v1/demo-data/bar-small").json()}
    made = server.client.post("/v1/jobs", json=job).json()["id"]
    for path in ("/healthz", "/jobs", "/v1/jobs", f"/v1/jobs/{made}/events", "/v1/jobs/none"):
        request = f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        begin = time.monotonic()
        head, _, body = talk(server, request.encode()).partition(b"\r\n\r\n")
        assert time.monotonic() - begin < 5, "a stream of events ends with its head, too"
        with server.client.stream("GET", path) as answer:
            assert int(head.split()[1]) == answer.status_code
            assert answer.headers["content-type"].encode() in head
        assert body == b""
    assert server.client.head("/v1/jobs:batch").status_code == 404


def test_what_is_written_in_one_turn_is_sent_at_once_and_nothing_is_lost_at_the_end():
    class Transport(asyncio.Transport):
        def __init__(self):
            self.sent, self.closed = [], False

        def write(self, data):
            assert not self.closed
            self.sent.append(data)

        def close(self):
            self.closed = True

    async def turns():
        transport = Transport()
        joined = Joined(transport, asyncio.get_running_loop())
        joined.write(b"head")
        joined.write(b"body")
        assert transport.sent == []
        await asyncio.sleep(0)
        assert transport.sent == [b"headbody"]
        joined.write(b"x" * (MUCH + 1))
        assert len(transport.sent) == 2
        joined.write(b"end")
        joined.close()
        await asyncio.sleep(0)
        assert (transport.sent[2:], transport.closed) == ([b"end"], True)

    asyncio.run(turns())
