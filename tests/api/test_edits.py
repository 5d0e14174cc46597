"""Slots for one more order, and plans changed by hand."""

import pytest

from .conftest import job, wait

LINE = "L1"


@pytest.fixture(scope="module")
def plan(client, book):
    """The planner's rule's plan of the small book."""
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    return client.get(done["links"]["schedule"]).json()


@pytest.fixture(scope="module")
def order(book):
    return {**book["orders"][0], "id": "NEW"}


def edit(client, plan, *edits, headers=None):
    path = f"/v1/schedules/{plan['id']}:edit"
    return client.post(path, json={"edits": list(edits)}, headers=headers)


def recommend(client, plan, **members):
    return client.post(f"/v1/schedules/{plan['id']}:recommend", json=members)


def lots(plan):
    return [e for e in plan["schedule"]["lines"][0]["elements"] if e["type"] == "lot"]


def orders_of(lot):
    return sorted({name for cut in lot["cuts"] for name in cut["pieces"]})


def test_the_slot_that_is_advised_is_what_inserting_gives(client, plan, order):
    advice = recommend(client, plan, order=order, slots=3)
    assert advice.status_code == 200, advice.text
    found = advice.json()
    assert found["places"] == len(lots(plan)) + 1
    best = found["slots"][0]
    assert best["violations"] == []
    made = edit(
        client,
        plan,
        {"type": "insert_order", "order": order, "line": best["line"], "lot": best["lot"]},
    )
    assert made.status_code == 201, made.text
    revision = client.get(made.headers["location"]).json()
    assert (revision["parent"], revision["revision"]) == (plan["id"], 2)
    assert revision["feasible"]
    cost = revision["evaluation"]["cost"] - plan["evaluation"]["cost"]
    assert cost == pytest.approx(best["added_cost"])
    assert orders_of(lots(revision)[best["lot"] - 1]) == ["NEW"]
    assert client.get(f"/v1/schedules/{revision['id']}/report.html").status_code == 200


def test_no_slot_is_advised_before_the_present(client, plan, order):
    since = lots(plan)[2]["start"]
    slots = recommend(client, plan, order=order, not_before=since).json()["slots"]
    assert slots
    assert all(slot["start"] >= since for slot in slots)


def test_an_order_with_faults_is_refused_with_its_own_places(client, plan, order):
    answer = recommend(client, plan, order={**order, "grade": "unobtainium"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/order/grade"
    assert recommend(client, plan, order={**order, "id": "B0001"}).status_code == 422
    assert recommend(client, plan, order=7).status_code == 422


def test_a_moved_lot_makes_a_revision_and_leaves_the_plan_alone(client, plan):
    made = edit(client, plan, {"type": "move_lot", "line": LINE, "lot": 1, "before": 3})
    assert made.status_code == 201, made.text
    revision = made.json()
    again = client.get(f"/v1/schedules/{revision['id']}").json()
    before, after = lots(plan), lots(again)
    if len(before) == len(after):
        assert [orders_of(lot) for lot in after[:2]] == [
            orders_of(before[1]),
            orders_of(before[0]),
        ]
    assert revision["order_book"] == plan["order_book"]
    assert client.get(f"/v1/schedules/{plan['id']}").json()["schedule"] == plan["schedule"]
    moves = client.get(f"/v1/schedules/{plan['id']}/diff/{revision['id']}").json()["moves"]
    assert moves


def test_locked_orders_stand_in_the_new_order_book(client, plan):
    made = edit(client, plan, {"type": "lock_lot", "line": LINE, "lot": 2, "keep": "start"})
    assert made.status_code == 201, made.text
    revision = made.json()
    assert revision["feasible"]
    content = client.get(f"/v1/order-books/{revision['order_book']}/content").json()
    locked = {order["id"]: order["lock"] for order in content["orders"] if "lock" in order}
    assert sorted(locked) == orders_of(lots(plan)[1])
    assert {lock["line"] for lock in locked.values()} == {LINE}
    assert any("start_exactly" in lock for lock in locked.values())
    free = edit(client, revision, {"type": "unlock_order", "order": next(iter(locked))})
    assert free.status_code == 201


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type": "move_lot", "line": "L9", "lot": 1, "before": 2}, "/edits/0"),
        ({"type": "move_lot", "line": LINE, "lot": 99, "before": 1}, "/edits/0"),
        ({"type": "move_lot", "line": LINE, "lot": 0, "before": 1}, "/edits/0/lot"),
        ({"type": "insert_order", "order": "nobody", "line": LINE, "lot": 1}, "/edits/0/order"),
        ({"type": "insert_order", "order": {}, "line": LINE, "lot": 1}, "/edits/0/order"),
        ({"type": "unlock_order", "order": "nobody"}, "/edits/0"),
        ({"type": "paint"}, "/edits/0"),
    ],
    ids=str,
)
def test_a_bad_edit_names_its_place(client, plan, change, place):
    answer = edit(client, plan, change)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(place)


def test_an_edit_is_done_once_and_never_on_a_stale_plan(client, plan):
    etag = client.get(f"/v1/schedules/{plan['id']}").headers["etag"]
    move = {"type": "move_lot", "line": LINE, "lot": 2, "before": 4}
    headers = {"If-Match": etag, "Idempotency-Key": "once"}
    first, again = (edit(client, plan, move, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    stale = edit(client, plan, move, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_released_lots_stay(client, book):
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    plan = client.get(done["links"]["schedule"]).json()
    release = {"lots": [{"line": LINE, "lot": 1}, {"line": LINE, "lot": 2}]}
    assert client.post(f"/v1/schedules/{plan['id']}:release", json=release).status_code == 200
    answer = edit(client, plan, {"type": "move_lot", "line": LINE, "lot": 4, "before": 2})
    assert answer.json()["errors"][0]["code"] == "released_lot"
    answer = edit(client, plan, {"type": "move_lot", "line": LINE, "lot": 4, "before": 3})
    assert answer.status_code == 201, answer.text


def test_a_late_order_is_told_what_would_help(client, book):
    late = {**book, "orders": [dict(order) for order in book["orders"]]}
    late["orders"][-1]["due_date"] = "2026-01-05T07:00:00+01:00"
    late["orders"][-1].pop("deadline", None)
    done = wait(client, client.post("/v1/jobs", json=job(late, "planner_rule")).json()["id"])
    plan = client.get(done["links"]["schedule"]).json()
    path = f"/v1/schedules/{plan['id']}"
    stories = client.get(f"{path}/explanation").json()["orders"]
    story = next(one for one in stories if one["status"] == "late")
    found = client.get(f"{path}/orders/{story['order']}").json()
    assert found["order"] == story
    assert [lot["lot"] for lot in found["lots"]] == [lot["number"] for lot in story["lots"]]
    for place in found["places"]:
        assert place["late_min"] < story["late_min"]
    changes = [lot["before"]["change_cost"] for lot in found["lots"] if lot["before"]]
    assert all(cost >= 0 for cost in changes)
    in_time = next(one for one in stories if one["status"] == "in time")
    assert client.get(f"{path}/orders/{in_time['order']}").json()["places"] == []
    assert client.get(f"{path}/orders/nobody").status_code == 404


def test_a_key_that_was_used_for_one_plan_is_refused_for_another(client, plan):
    lock = {"type": "lock_lot", "line": LINE, "lot": 2, "keep": "start"}
    headers = {"Idempotency-Key": "for-one-plan"}
    first = edit(client, plan, lock, headers=headers).json()["id"]
    for path in (f"schedules/{first}:edit", f"schedules/{plan['id']}:replan", "scenarios"):
        refused = client.post(f"/v1/{path}", json={"edits": [lock]}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
