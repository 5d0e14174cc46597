"""Webhooks: who may be told, over which way, signed by what, and until when."""

import asyncio
import ipaddress
import json
import logging
import socket
import time

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from api.logs import redacted
from api.settings import Settings
from api.webhooks.policy import Policy, RefusedAddressError, Target
from api.webhooks.signing import mill_secrets, new_secret

from .conftest import job, service, wait
from .receiver import NAME, Receiver

SECRET = new_secret()
OTHER = "other.test"


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """A receiver that its names lead to; ``resolved`` counts how often a name was asked for."""
    made, ask = Receiver(tmp_path), socket.getaddrinfo

    def answer(host, *rest, **options):
        if host in (NAME, OTHER):
            made.resolved.append(host)
            host = "127.0.0.1"
        return ask(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    yield made
    made.close()


def serving(folder, receiver, **changes):
    """A service that may send webhooks to the receiver."""
    options = {
        "webhook_hosts": f"{NAME}:{receiver.port}, {OTHER}:{receiver.port}",
        "webhook_networks": "127.0.0.0/8",
        "webhook_secret": SECRET,
        "webhook_ca": str(receiver.certificate),
        "webhook_backoff_s": 0.05,
        "webhook_attempts": 3,
        "webhook_timeout_s": 2,
    }
    return service(folder, **options | changes)


def url(receiver, host=NAME):
    return f"https://{host}:{receiver.port}/jobs?from=antmill"


def told(client, job_id, states=("delivered", "failed")):
    """Return the one delivery of a job that has ended, once it is in one of ``states``."""
    end = time.monotonic() + 30
    while True:
        (found,) = client.get(f"/v1/jobs/{job_id}").json()["deliveries"]
        if found["state"] in states:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def ended(client, book, receiver, **members):
    answer = client.post("/v1/jobs", json=job(book, webhook=url(receiver), **members))
    assert answer.status_code == 202, answer.text
    return wait(client, answer.json()["id"])


def cancelled(client, book, receiver, host=NAME):
    """A job that ends without a worker, for what is told of any end alike."""
    answer = client.post("/v1/jobs", json=job(book, webhook=url(receiver, host))).json()
    assert client.post(f"/v1/jobs/{answer['id']}:cancel").status_code == 200
    return answer["id"]


def test_the_end_of_a_job_is_told_and_signed_with_the_mill_s_own_secret(tmp_path, receiver, book):
    with serving(tmp_path, receiver) as client:
        done = ended(client, book, receiver)
        delivery = told(client, done["id"])
    assert delivery["state"] == "delivered"
    assert [one["status"] for one in delivery["tries"]] == [204]
    ((path, headers, body),) = receiver.got
    assert path == "/jobs?from=antmill"
    assert headers["Host"] == f"{NAME}:{receiver.port}"
    assert headers["webhook-id"] == delivery["id"]
    (secret,) = mill_secrets(SECRET, "default")
    content = Webhook(secret).verify(body, headers)
    assert content["type"] == "job.succeeded"
    assert content["data"]["id"] == done["id"]
    assert content["data"]["schedule"] == done["schedule"]
    for wrong in (SECRET, *mill_secrets(SECRET, "another mill")):
        with pytest.raises(WebhookVerificationError):
            Webhook(wrong).verify(body, headers)
    assert receiver.resolved == [NAME]


def test_it_is_tried_again_until_the_receiver_accepts_it(tmp_path, receiver, book):
    receiver.statuses = [500, 429]
    with serving(tmp_path, receiver, slots=0) as client:
        delivery = told(client, cancelled(client, book, receiver))
    assert [one["status"] for one in delivery["tries"]] == [500, 429, 204]
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({body for _, _, body in receiver.got}) == 1


@pytest.mark.parametrize(
    ("statuses", "tries", "error"),
    [([500] * 9, 3, None), ([410], 1, None), ([302] * 9, 3, "redirects are not followed")],
    ids=str,
)
def test_it_fails_after_its_tries_or_when_nobody_wants_it(
    tmp_path, receiver, book, statuses, tries, error
):
    receiver.statuses = list(statuses)
    with serving(tmp_path, receiver, slots=0) as client:
        delivery = told(client, cancelled(client, book, receiver))
        assert 'antmill_webhooks{state="failed"} 1.0' in client.get("/metrics").text
    assert (delivery["state"], len(delivery["tries"])) == ("failed", tries)
    assert {one["error"] for one in delivery["tries"]} == {error}
    assert {path for path, _, _ in receiver.got} == {"/jobs?from=antmill"}


@pytest.mark.parametrize(
    ("changes", "host", "error"),
    [
        ({"webhook_networks": ""}, NAME, "resolves to an address inside"),
        ({"webhook_networks": "10.0.0.0/8"}, NAME, "resolves to an address inside"),
        ({"webhook_ca": ""}, NAME, "certificate"),
        ({}, OTHER, "certificate"),
    ],
    ids=str,
)
def test_nothing_is_sent_to_an_address_inside_or_without_the_host_s_certificate(
    tmp_path, receiver, book, changes, host, error
):
    with serving(tmp_path, receiver, slots=0, webhook_attempts=1, **changes) as client:
        delivery = told(client, cancelled(client, book, receiver, host))
    assert error in delivery["tries"][0]["error"]
    assert receiver.got == []


def test_a_slow_receiver_is_given_up_on(tmp_path, receiver, book):
    receiver.delay = 5
    changes = {"slots": 0, "webhook_attempts": 1, "webhook_timeout_s": 0.5}
    with serving(tmp_path, receiver, **changes) as client:
        delivery = told(client, cancelled(client, book, receiver))
    assert delivery["tries"][0]["error"] == "no answer within 0.5 s"


def test_what_could_not_be_told_is_told_after_a_restart(tmp_path, receiver, book):
    receiver.statuses = [500] * 99
    with serving(tmp_path, receiver, webhook_attempts=50) as client:
        done = ended(client, book, receiver, solver="wrong")
        told(client, done["id"], ["pending"])
    receiver.statuses = []
    with serving(tmp_path, receiver, webhook_attempts=50, slots=0) as client:
        assert told(client, done["id"])["state"] == "delivered"
    content = json.loads(receiver.got[-1][2])
    assert (content["type"], content["data"]["failure"]) == ("job.failed", "crash")


def test_a_cancelled_job_is_told_too_and_a_deleted_one_takes_its_webhook_along(
    tmp_path, receiver, book
):
    with serving(tmp_path, receiver, slots=0) as client:
        answer = client.post("/v1/jobs", json=job(book, webhook=url(receiver))).json()
        client.post(f"/v1/jobs/{answer['id']}:cancel")
        assert told(client, answer["id"])["state"] == "delivered"
        assert client.delete(f"/v1/jobs/{answer['id']}").status_code == 204
        assert 'antmill_webhooks{state="delivered"} 0.0' in client.get("/metrics").text
    assert json.loads(receiver.got[0][2])["type"] == "job.cancelled"


def test_the_secret_is_in_no_answer_no_log_and_no_database(tmp_path, receiver, book, caplog):
    caplog.set_level(logging.DEBUG)
    receiver.statuses = [500]
    with serving(tmp_path, receiver) as client:
        done = ended(client, book, receiver)
        told(client, done["id"])
        texts = [client.get(f"/v1/jobs/{done['id']}").text, client.get("/metrics").text]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("antmill.db*"))
    for secret in (SECRET, *mill_secrets(SECRET, "default")):
        assert not any(secret[6:] in text for text in (*texts, caplog.text))
        assert secret[6:].encode() not in stored
    assert redacted(f"with {SECRET}!") == "with whsec_***!"


def test_there_are_no_webhooks_unless_configured(idle, book):
    answer = idle.post("/v1/jobs", json=job(book, webhook="https://mes.plant/jobs"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "webhook_not_allowed"
    assert answer.json()["detail"] == "this service sends no webhooks"


@pytest.mark.parametrize(
    "address",
    [
        "http://mes.plant/jobs",
        "https://else.plant/",
        "https://mes.plant@else.plant/",
        "https://mes.plant:8443/",
        "https://mes.plant.else/",
        "https://else.plant/mes.plant",
        "https://else.plant\\@mes.plant/",
        "https://x.mes.plant/",
        "https://example.org/",
        "https://mes.plant/#x",
        "https:///jobs",
        "https://mes.plant:99999/",
        "https://mes.plant/a b",
        "file:///etc/passwd",
    ],
)
def test_only_listed_receivers_are_accepted(tmp_path, book, address):
    hosts = {"webhook_hosts": "mes.plant, *.example.org", "webhook_secret": SECRET}
    with service(tmp_path, slots=0, **hosts) as client:
        answer = client.post("/v1/jobs", json=job(book, webhook=address))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/webhook"
        for good in ("https://mes.plant/jobs", "https://a.example.org"):
            assert client.post("/v1/jobs", json=job(book, webhook=good)).status_code == 202


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("10.2.0.1", True),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.2.0.1", True),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_inside_are_refused_but_those_that_are_configured(address, allowed):
    policy = Policy.of("mes.plant", "10.2.0.0/16")
    assert policy.allows(ipaddress.ip_address(address)) is allowed


def test_a_name_with_one_address_inside_is_refused_as_a_whole(monkeypatch):
    rows = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(RefusedAddressError):
        asyncio.run(Policy.of("mes.plant", "").resolve(Target("mes.plant", 443, "/")))


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook_hosts": "mes.plant"},
        {"webhook_hosts": "mes.plant", "webhook_secret": "secret"},
        {"webhook_secret": "whsec_c2hvcnQ="},
        {"webhook_networks": "10.0.0.0/99"},
    ],
    ids=str,
)
def test_settings_that_would_send_unsigned_are_refused(changes):
    with pytest.raises(ValidationError) as refused:
        Settings(**changes)
    assert "c2hvcnQ" not in str(refused.value)


def test_two_secrets_sign_while_one_replaces_the_other():
    first, second = mill_secrets(f"{SECRET} {new_secret()}", "bar")
    assert first == mill_secrets(SECRET, "bar")[0]
    assert first != second
