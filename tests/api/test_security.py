"""Who may do what: every route against every role, own mill and another one's."""

import json
import threading
import time
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from api.app import MODULES
from api.security.keys import create_key
from api.security.loopback import is_loopback
from api.security.scopes import SCOPES, Role, Scope
from api.security.tokens import AGE, KEPT, PAUSE, Issuer, TokenError
from api.server import UnsafeSettingsError, serve
from api.settings import Settings

from .conftest import job, service, wait

OPEN_PATHS = {"/healthz", "/readyz", "/", "/jobs", "/compare", "/scenarios"}
PAGES = {"/schedules/{schedule}", "/scenarios/{scenario}", "/fronts/{job}"}


def scopes_of(dependant):
    """Return the scopes that a route's dependencies ask for."""
    found = {dependant.call.scope} if hasattr(dependant.call, "scope") else set()
    return found.union(*(scopes_of(inner) for inner in dependant.dependencies))


ROUTES = sorted(
    (next(iter(route.methods)), route.path, scopes_of(route.dependant))
    for module in MODULES
    for route in module.router.routes
)
GUARDED = [route for route in ROUTES if route[1] not in OPEN_PATHS | PAGES]


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def mills(tmp_path_factory):
    """A service with two mills, a key of every role in each, and a finished job in the first."""
    with service(tmp_path_factory.mktemp("mills")) as client:
        store = client.app.state.services.store
        keys = {
            (mill, role): create_key(store, mill=mill, name=role, role=role)[0]
            for mill in ("north", "south")
            for role in Role
        }
        client.app.state.services.gate.forget()
        yield client, keys


@pytest.fixture(scope="module")
def made(mills, book):
    """Ids of what the planner of the north made."""
    client, keys = mills
    client.headers = bearer(keys["north", Role.PLANNER])
    answer = client.post("/v1/jobs", json=job(book), headers={"Idempotency-Key": "north-1"})
    done = wait(client, answer.json()["id"])
    stored = client.post("/v1/order-books", json=book).json()["id"]
    body = {"order_books": [stored], "solvers": ["stub"], "termination": {"time_s": 1}}
    scenario = client.post("/v1/scenarios", json=body).json()["id"]
    client.headers = {}
    plan = done["schedule"]
    ids = {"job": done["id"], "schedule": plan, "order_book": done["order_book"]}
    order = book["orders"][0]["id"]
    return {**ids, "first": plan, "second": plan, "scenario": scenario, "order": order}


def test_every_route_names_one_scope():
    assert {path for _, path, scopes in ROUTES if not scopes} == OPEN_PATHS | PAGES
    assert all(len(scopes) == 1 for _, _, scopes in GUARDED)
    assert len(GUARDED) > 25


@pytest.mark.parametrize(("method", "path", "scopes"), GUARDED, ids=lambda value: str(value))
def test_a_route_lets_in_exactly_the_roles_with_its_scope(mills, method, path, scopes):
    client, keys = mills
    address = path.replace("{", "").replace("}", "")
    assert client.request(method, address).status_code == 401
    for role in Role:
        answer = client.request(method, address, headers=bearer(keys["south", role]))
        allowed = scopes <= SCOPES[role]
        assert (answer.status_code != 403) is allowed, (role, answer.text)
        assert answer.status_code not in (401, 500), (role, answer.text)


@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path) for method, path, _ in GUARDED if "{" in path and "{item}" not in path],
)
def test_another_mill_s_object_is_not_there(mills, made, method, path):
    client, keys = mills
    address = path.replace(":path", "").format(**{"key": "key-none", **made})
    foreign = client.request(method, address, headers=bearer(keys["south", Role.ADMIN]), json={})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
    if method == "GET":
        own = client.request(method, address, headers=bearer(keys["north", Role.VIEWER]))
        assert own.status_code == 200


def test_another_mill_s_objects_are_in_no_list(mills, made):
    client, keys = mills
    for path in ("/v1/jobs", "/v1/order-books", "/v1/schedules", "/v1/scenarios"):
        foreign = client.get(path, headers=bearer(keys["south", Role.ADMIN])).json()
        assert foreign["items"] == []
    own = client.get("/v1/jobs", headers=bearer(keys["north", Role.VIEWER])).json()
    assert made["job"] in [item["id"] for item in own["items"]]


def test_another_mill_s_objects_cannot_be_referred_to(mills, made, book):
    client, keys = mills
    headers = bearer(keys["south", Role.PLANNER])
    body = {"order_book": made["order_book"], "solver": "stub"}
    assert client.post("/v1/jobs", json=body, headers=headers).status_code == 404
    body = job(book, warm_start=made["schedule"])
    assert client.post("/v1/jobs", json=body, headers=headers).status_code == 404
    body = {"order_book": made["order_book"], "schedule": {}}
    assert client.post("/v1/schedules:evaluate", json=body, headers=headers).status_code == 404


def test_another_mill_s_idempotency_key_means_nothing_here(mills, made, book):
    client, keys = mills
    headers = {**bearer(keys["south", Role.PLANNER]), "Idempotency-Key": "north-1"}
    answer = client.post("/v1/jobs", json=job(book, seed=9), headers=headers)
    assert answer.status_code == 202
    assert answer.json()["id"] != made["job"]


def test_a_key_is_shown_once_and_stored_as_a_hash(mills, tmp_path_factory):
    client, keys = mills
    headers = bearer(keys["north", Role.ADMIN])
    made = client.post("/v1/keys", json={"name": "mes 1", "role": "mes"}, headers=headers).json()
    secret = made["key"].rsplit(".", 1)[1]
    assert len(secret) >= 43  # 256 bits in base 64
    assert secret not in client.get("/v1/keys", headers=headers).text
    url = client.app.state.services.store.url
    database = url.removeprefix("sqlite:///")
    for suffix in ("", "-wal"):
        with open(database + suffix, "rb") as file:
            assert secret.encode() not in file.read()


def test_a_revoked_key_stops_to_work_and_two_may_overlap(mills):
    client, keys = mills
    admin = bearer(keys["north", Role.ADMIN])
    old, new = (
        client.post("/v1/keys", json={"name": "mes", "role": "mes"}, headers=admin).json()
        for _ in range(2)
    )
    for key in (old, new):
        assert client.get("/v1/jobs", headers=bearer(key["key"])).status_code == 200
    assert client.delete(f"/v1/keys/{old['id']}", headers=admin).status_code == 204
    assert client.get("/v1/jobs", headers=bearer(old["key"])).status_code == 401
    assert client.get("/v1/jobs", headers=bearer(new["key"])).status_code == 200


def test_a_key_revoked_elsewhere_is_believed_for_seconds_only(mills):
    from api.store import keys as rows

    client, _ = mills
    store = client.app.state.services.store
    key, row = create_key(store, mill="north", name="x", role=Role.VIEWER)
    assert client.get("/v1/jobs", headers=bearer(key)).status_code == 200
    store.write(rows.revoke_key, "north", row.id)
    end = time.monotonic() + 5
    while client.get("/v1/jobs", headers=bearer(key)).status_code == 200:
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer antmill.key-none.secret",
        "Basic YTpi",
        "Bearer " + "x" * 9000,
        "Bearer a.b.c",
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_key_is_a_401_that_tells_nothing(mills, authorization):
    client, _ = mills
    answer = client.get("/v1/jobs", headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert authorization[7:] == "" or authorization[7:] not in answer.text.replace("x", "", 1)


def test_a_wrong_secret_and_an_expired_key_are_refused(mills):
    client, keys = mills
    key = keys["north", Role.VIEWER]
    assert client.get("/v1/jobs", headers=bearer(key[:-1] + "~")).status_code == 401
    store = client.app.state.services.store
    old, _ = create_key(store, mill="north", name="old", role=Role.ADMIN, days=-1)
    assert client.get("/v1/jobs", headers=bearer(old)).status_code == 401


def test_releasing_is_a_scope_of_its_own():
    assert [role for role in Role if Scope.RELEASE in SCOPES[role]] == [Role.ADMIN]


def test_what_is_done_and_refused_is_in_the_audit_log_and_its_chain_is_sound(mills, made):
    client, keys = mills
    admin = bearer(keys["north", Role.ADMIN])
    client.post("/v1/jobs", json={}, headers=bearer(keys["north", Role.VIEWER]))
    records = client.get("/v1/audit?limit=1000", headers=admin).json()["items"]
    acts = {(record["action"], record["object"], record["result"]) for record in records}
    assert ("job.submit", made["job"], "done") in acts
    assert ("POST /v1/jobs", "", "forbidden") in acts
    assert client.get("/v1/audit:verify", headers=admin).json()["sound"] is True
    south = client.get("/v1/audit", headers=bearer(keys["south", Role.ADMIN])).json()["items"]
    assert made["job"] not in json.dumps(south)


def test_a_changed_record_breaks_the_chain(mills):
    from sqlalchemy import update

    from api.store.tables import audit

    client, keys = mills
    admin = bearer(keys["north", Role.ADMIN])
    before = client.get("/v1/audit", headers=admin).json()["items"][-1]
    change = update(audit).where(audit.c.mill == "north", audit.c.number == 2)

    def forge(name):
        store = client.app.state.services.store
        store.write(lambda connection: connection.execute(change.values(client=name)))
        return client.get("/v1/audit:verify", headers=admin).json()

    rows = client.get("/v1/audit?limit=1000", headers=admin).json()["items"]
    name = next(row["client"] for row in rows if row["number"] == 2)
    assert forge("somebody else") == {"sound": False, "records": 1, "first_broken": 2}
    assert forge(name)["sound"] is True
    assert before["number"] >= 1


def test_too_many_requests_and_jobs_are_a_429(tmp_path, book):
    limits = {"requests_per_minute": 30, "queued_per_client": 2, "slots": 0}
    with service(tmp_path, **limits) as client:
        answers = [client.post("/v1/jobs", json=job(book)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert answers[2].json()["code"] == "too_many_jobs"
        answers = [client.get("/v1/jobs") for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert refused[0].json()["code"] == "too_many_requests"
        assert int(refused[0].headers["retry-after"]) >= 1


def test_without_keys_only_loopback_is_served(tmp_path):
    settings = Settings(database=str(tmp_path / "a.db"), host="0.0.0.0", slots=0)
    with pytest.raises(UnsafeSettingsError, match="loopback only"):
        serve(settings)
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "10.0.0.1", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_without_keys_this_machine_is_served_by_its_own_names(idle, host):
    assert idle.get("/v1/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example:8000", "localhost.evil.example", "10.0.0.1"])
def test_without_keys_no_other_name_is_served(idle, host):
    """A page whose name was turned to 127.0.0.1 (DNS rebinding) reads and starts nothing."""
    for answer in (
        idle.get("/v1/jobs", headers={"Host": host}),
        idle.post("/v1/jobs", json={}, headers={"Host": host}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_local")
        assert host.split(":")[0] in answer.json()["detail"]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    """A service that accepts an issuer's tokens, and the issuer's private key."""
    folder = tmp_path_factory.mktemp("oidc")
    private = ec.generate_private_key(ec.SECP256R1())
    public = {**json.loads(ECAlgorithm.to_jwk(private.public_key())), "kid": "one", "alg": "ES256"}
    (folder / "keys.json").write_text(json.dumps({"keys": [public]}))
    changes = {"oidc_issuer": "https://id.plant", "oidc_keys": str(folder / "keys.json")}
    with service(folder, slots=0, **changes) as client:
        yield client, private


CLAIMS = {
    "iss": "https://id.plant",
    "aud": "antmill",
    "sub": "anna",
    "exp": 4_000_000_000,
    "mill": "north",
    "role": "planner",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"iss": "https://else"}, "another issuer made it"),
        ({"aud": "other"}, "it is meant for another audience"),
        ({"exp": 1}, "it has expired"),
        ({"nbf": 3_900_000_000}, "it is not valid yet; compare the clocks"),
        ({"exp": None}, "it lacks one of the claims exp, iss, aud and sub"),
        ({"sub": None}, "it lacks one of the claims exp, iss, aud and sub"),
        ({"sub": 7}, "it is no sound token"),
        ({"role": "king"}, "the token names no mill and role"),
        ({"mill": None}, "the token names no mill and role"),
        ({"mill": ""}, "the token names no mill and role"),
    ],
    ids=str,
)
def test_a_token_is_checked_in_every_part_and_refused_in_plain_words(issuer, changes, words):
    client, private = issuer
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    token = jwt.encode(claims, private, "ES256", headers={"kid": "one"})
    answer = client.get("/v1/jobs", headers=bearer(token))
    assert answer.status_code == (200 if words is None else 401)
    assert token not in answer.text
    if words is not None:
        assert answer.json()["detail"] == f"the token is not accepted: {words}"


def test_keys_that_cannot_be_read_are_said_so_without_their_place(tmp_path):
    (tmp_path / "keys.json").write_text("{")
    changes = {"oidc_issuer": "https://id.plant", "oidc_keys": str(tmp_path / "keys.json")}
    private = ec.generate_private_key(ec.SECP256R1())
    token = jwt.encode(CLAIMS, private, "ES256", headers={"kid": "one"})
    with service(tmp_path, slots=0, **changes) as client:
        refused = client.get("/v1/jobs", headers=bearer(token))
    words = "the token is not accepted: the issuer's keys cannot be read now"
    assert (refused.status_code, refused.json()["detail"]) == (401, words)


def test_an_issuers_new_key_counts_at_its_first_use_and_a_withdrawn_one_for_a_while(
    tmp_path, monkeypatch
):
    clock = SimpleNamespace(now=100.0)
    watch = SimpleNamespace(monotonic=lambda: clock.now)
    monkeypatch.setattr("api.security.tokens.time", watch)
    document = tmp_path / "keys.json"

    def publish(*names):
        public = ec.generate_private_key(ec.SECP256R1()).public_key()
        jwks = [{**json.loads(ECAlgorithm.to_jwk(public)), "kid": name} for name in names]
        document.write_text(json.dumps({"keys": jwks}))

    publish("old")
    issuer = Issuer(str(document))
    assert issuer.key("old").key_id == "old"
    publish("new")
    with pytest.raises(TokenError, match="no such key"):
        issuer.key("new")  # asked a moment ago
    clock.now += PAUSE
    assert issuer.key("new").key_id == "new"
    with pytest.raises(TokenError, match="no such key"):
        issuer.key("old")
    publish("newest")
    clock.now += AGE - 1
    assert issuer.key("new").key_id == "new"
    clock.now += 1
    with pytest.raises(TokenError, match="no such key"):
        issuer.key("new")
    document.unlink()
    clock.now += KEPT - 1
    assert issuer.key("newest").key_id == "newest"
    clock.now += PAUSE
    with pytest.raises(OSError, match="No such file"):
        issuer.key("newest")
    assert not issuer.keys


def test_a_token_cannot_choose_its_algorithm_or_key(issuer):
    client, private = issuer
    other = ec.generate_private_key(ec.SECP256R1())
    tokens = [
        jwt.encode(CLAIMS, "", "none", headers={"kid": "one"}),
        jwt.encode(CLAIMS, "x" * 32, "HS256", headers={"kid": "one"}),
        jwt.encode(CLAIMS, other, "ES256", headers={"kid": "one"}),
        jwt.encode(CLAIMS, private, "ES256", headers={"kid": "two"}),
        jwt.encode(CLAIMS, private, "ES256"),
    ]
    for token in tokens:
        refused = client.get("/v1/jobs", headers=bearer(token))
        assert refused.status_code == 401
        assert "Error" not in refused.json()["detail"]


def test_an_event_stream_ends_with_its_key(tmp_path, book):
    with service(tmp_path, slots=0) as client:
        store = client.app.state.services.store
        admin, _ = create_key(store, mill="north", name="admin", role=Role.ADMIN)
        shown, row = create_key(store, mill="north", name="viewer", role=Role.VIEWER)
        client.app.state.services.gate.forget()
        job_id = client.post("/v1/jobs", json=job(book), headers=bearer(admin)).json()["id"]
        path = f"/v1/jobs/{job_id}"
        answers = []
        stream = threading.Thread(
            target=lambda: answers.append(client.get(f"{path}/events", headers=bearer(shown)))
        )
        stream.start()
        stream.join(1)
        waits = stream.is_alive()  # the job is queued for ever: there is no worker
        client.delete(f"/v1/keys/{row.id}", headers=bearer(admin))
        stream.join(10)
        ended = not stream.is_alive()
        client.post(f"{path}:cancel", headers=bearer(admin))
        stream.join()
    assert (waits, ended, answers[0].status_code) == (True, True, 200)
