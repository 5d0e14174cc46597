"""Planning again after a disruption, and comparing plans."""

import pytest

from .conftest import job, wait

UNTIL = "2026-01-05T12:00:00+01:00"
BREAKDOWN = {
    "type": "breakdown",
    "line": "L1",
    "start": "2026-01-05T20:00:00+01:00",
    "end": "2026-01-06T02:00:00+01:00",
}
FOR_EVER = {"start": "2025-01-05T20:00:00+01:00", "end": "2027-01-05T20:00:00+01:00"}


@pytest.fixture(scope="module")
def plan(client, book):
    """The planner's rule's plan of the small book."""
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    done = wait(client, job_id)
    assert done["state"] == "succeeded", done
    return client.get(done["links"]["schedule"]).json()


def replan(client, plan, headers=None, **members):
    body = {"freeze_until": UNTIL, "solver": "planner_rule", **members}
    return client.post(f"/v1/schedules/{plan['id']}:replan", json=body, headers=headers)


def lots(plan, before):
    elements = plan["schedule"]["lines"][0]["elements"]
    return [e for e in elements if e["type"] == "lot" and e["start"] < before]


def test_a_breakdown_makes_a_revision_whose_start_stays(client, plan):
    answer = replan(client, plan, disruptions=[BREAKDOWN])
    assert answer.status_code == 202, answer.text
    done = wait(client, answer.json()["id"])
    assert done["state"] == "succeeded", done
    revision = client.get(done["links"]["schedule"]).json()
    assert (revision["parent"], revision["revision"]) == (plan["id"], 2)
    assert lots(revision, UNTIL) == lots(plan, UNTIL) != []
    terms = revision["evaluation"]["terms"]
    assert terms["stability"]["money"] >= 0
    content = client.get(f"/v1/order-books/{revision['order_book']}/content").json()
    assert content["lines"][0]["closures"][-1]["start"] == BREAKDOWN["start"]
    assert content["freeze"]["until"] == UNTIL

    changes = client.get(f"/v1/schedules/{plan['id']}/diff/{revision['id']}").json()
    cost = next(kpi for kpi in changes["kpis"] if kpi["key"] == "cost")
    assert cost["value"] == pytest.approx(revision["evaluation"]["cost"])
    assert cost["reference"] == pytest.approx(plan["evaluation"]["cost"])
    assert changes["moves"]
    assert {"before", "after", "later_min"} < set(changes["moves"][0])


def test_a_plan_does_not_differ_from_itself(client, plan):
    changes = client.get(f"/v1/schedules/{plan['id']}/diff/{plan['id']}").json()
    assert changes["moves"] == []
    assert changes["unmoved"] == len(changes["moves"]) + 6
    assert {kpi["verdict"] for kpi in changes["kpis"]} == {"same"}


def test_rush_orders_late_heats_and_cancelled_orders_are_in_the_new_problem(client, book, plan):
    rush = {**book["orders"][0], "id": "RUSH"}
    heat = book["stock"][-1]["id"]
    told = [
        {"type": "rush_order", "order": rush},
        {"type": "late_heat", "stock": heat, "available_from": "2026-01-06T06:00:00+01:00"},
        {"type": "cancelled_order", "order": book["orders"][-1]["id"]},
    ]
    answer = replan(client, plan, disruptions=told, freeze_until="2026-01-05T06:00:00+01:00")
    assert answer.status_code == 202, answer.text
    content = client.get(f"/v1/order-books/{answer.json()['order_book']}/content").json()
    ids = [order["id"] for order in content["orders"]]
    assert "RUSH" in ids
    assert book["orders"][-1]["id"] not in ids
    stock = next(row for row in content["stock"] if row["id"] == heat)
    assert stock["available_from"] == "2026-01-06T06:00:00+01:00"
    assert wait(client, answer.json()["id"])["state"] == "succeeded"


def test_an_order_of_the_frozen_start_is_not_cancelled(client, plan):
    order = next(iter(lots(plan, UNTIL)[0]["cuts"][0]["pieces"]))
    answer = replan(client, plan, disruptions=[{"type": "cancelled_order", "order": order}])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "frozen_order"


def test_the_slower_of_two_planners_is_told(client, plan):
    etag = client.get(f"/v1/schedules/{plan['id']}").headers["etag"]
    same = client.get(f"/v1/schedules/{plan['id']}", headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    first = replan(client, plan, {"If-Match": etag})
    assert first.status_code == 202
    second = replan(client, plan, {"If-Match": etag})
    assert (second.status_code, second.json()["code"]) == (412, "stale")
    assert second.headers["etag"] != etag
    revised = client.get(f"/v1/schedules/{plan['id']}", headers={"If-None-Match": etag})
    assert revised.status_code == 200
    assert replan(client, plan, {"If-Match": second.headers["etag"]}).status_code == 202


def test_a_replan_takes_profiles_of_goals_but_none_that_needs_a_plan(client, plan):
    refused = replan(client, plan, solver="aco", profile="no_worse")
    (issue,) = refused.json()["errors"]
    assert (issue["pointer"], issue["code"]) == ("/profile", "not_for_profile")
    taken = replan(client, plan, solver="aco", profile="lexicographic", goals=["scrap", "energy"])
    assert taken.status_code == 202
    assert client.post(f"/v1/jobs/{taken.json()['id']}:cancel").status_code == 200


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"freeze_until": "2026-01-05"}, "/freeze_until"),
        ({"freeze_until": None}, "/freeze_until"),
        ({"solver": "oracle"}, "/solver"),
        ({"disruptions": [{"type": "flood"}]}, "/disruptions/0"),
        ({"disruptions": [{**BREAKDOWN, "line": "L9"}]}, "/disruptions/0/line"),
        ({"disruptions": [{**BREAKDOWN, "until": "x"}]}, "/disruptions/0/until"),
        ({"disruptions": [{**BREAKDOWN, "end": BREAKDOWN["start"]}]}, "/disruptions/0/end"),
        ({"disruptions": [{**BREAKDOWN, **FOR_EVER}]}, "/disruptions/0"),
        ({"disruptions": [{"type": "rush_order", "order": {}}]}, "/disruptions/0/order"),
        ({"freeze_until": "2030-01-01T00:00:00Z"}, "/freeze_until"),
    ],
    ids=str,
)
def test_a_bad_request_names_the_place(client, plan, members, place):
    answer = replan(client, plan, **members)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(place)


def test_a_plan_that_was_revised_is_not_deleted(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    plan = client.get(wait(client, job_id)["links"]["schedule"]).json()
    wait(client, replan(client, plan).json()["id"])
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 409


def test_actuals_are_taken_once(client, plan):
    twice = [{"type": "actuals"}, {"type": "actuals"}]
    (fault,) = replan(client, plan, disruptions=twice).json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("duplicate", "/disruptions/1")
