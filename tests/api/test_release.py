"""Releasing lots to the mill and confirming what became of them."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from api.b2mml import STATES
from api.store.job_orders import FOLLOWS

from .conftest import job, wait

AT = "2026-01-05T07:00:00+01:00"


@pytest.fixture(scope="module")
def plan(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    return wait(client, job_id)["schedule"]


def release(client, plan, **members):
    return client.post(f"/v1/schedules/{plan}:release", json=members)


def confirm(client, job_order, state, **members):
    body = {"job_order": job_order, "state": state, "at": AT, **members}
    return client.post("/v1/confirmations", json=body)


def test_lots_are_released_once(client, plan):
    one = release(client, plan, lots=[{"line": "L1", "lot": 1}])
    assert one.status_code == 200, one.text
    (first,) = one.json()["items"]
    assert (first["state"], first["lot"]) == ("AllowedToStart", 1)
    assert first["planned"]["billets"] > 0
    everything = release(client, plan).json()["items"]
    assert len(everything) > 3
    assert first in everything
    assert release(client, plan).json()["items"] == everything
    found = client.get("/v1/job-orders", params={"schedule": plan, "limit": 2}).json()
    assert found["items"] == everything[:2]
    assert found["next"]


def test_only_lots_before_an_instant_are_released(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    plan = wait(client, job_id)["schedule"]
    until = "2026-01-05T12:00:00+01:00"
    items = release(client, plan, until=until).json()["items"]
    assert items
    assert all(item["planned"]["start"] < until for item in items)
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 409


def test_a_lot_goes_through_its_states_and_no_others(client, plan):
    lot = release(client, plan).json()["items"][-1]["id"]
    assert confirm(client, lot, "Ended").status_code == 409
    assert confirm(client, lot, "Running").json()["state"] == "Running"
    confirm(client, lot, "Interrupted", note="cobble")
    confirm(client, lot, "Running", note="goes on")
    ended = confirm(client, lot, "Ended", billets=1, mass_kg=25_000.5).json()
    told = ended["confirmations"]
    assert [one["state"] for one in told] == ["Running", "Interrupted", "Running", "Ended"]
    assert told[-1]["mass_kg"] == 25_000.5
    refused = confirm(client, lot, "Running", note="once more")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_conflict")


def test_every_lot_says_what_may_follow_and_nothing_else_does(client, plan):
    lot = release(client, plan).json()["items"][-2]
    way = ("NotAllowedToStart", "AllowedToStart", "Running", "Interrupted", "Aborted")
    for state in way:
        for other in set(FOLLOWS) - {*lot["may_become"], lot["state"]}:
            refused = confirm(client, lot["id"], other, note=f"after {lot['state']}")
            assert refused.status_code == 409, (lot["state"], other)
        assert state in lot["may_become"]
        lot = confirm(client, lot["id"], state).json()
    assert lot["may_become"] == []


def test_a_message_told_again_gets_the_same_answer_and_another_one_a_clear_one(client, book):
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    lot = release(client, done["schedule"]).json()["items"][0]["id"]
    began = confirm(client, lot, "Running", note="shift A")
    again = confirm(client, lot, "Running", note="shift A", at="2026-01-05T06:00:00Z")
    assert (again.status_code, again.json()) == (200, began.json())
    other = confirm(client, lot, "Running", at="2026-01-05T07:30:00+01:00")
    assert other.status_code == 409
    assert f"Running already, as told at {AT}" in other.json()["detail"]

    later = "2026-01-05T08:00:00+01:00"
    told = confirm(client, lot, "Running", at=later, billets=1).json()["confirmations"]
    assert [one.get("billets") for one in told] == [None, 1]
    (known,) = client.get(f"/v1/schedules/{done['schedule']}/actuals").json()["lots"]
    assert (known["start"], known["billets"]) == (AT, 1)
    stopped = confirm(client, lot, "Interrupted", at=later).json()
    late = confirm(client, lot, "Running", note="shift A")  # sent again after what came next
    assert (late.status_code, late.json()) == (200, stopped)
    either = confirm(client, lot, "Running", at=later, billets=1)  # again, or goes on at once
    assert either.status_code == 409
    assert "tell the second, or add a note" in either.json()["detail"]


def test_billets_that_the_lot_has_not_are_refused(client, book):
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    lot = min(release(client, done["schedule"]).json()["items"], key=lambda one: one["lot"])
    planned = lot["planned"]["billets"]
    refused = confirm(client, lot["id"], "Running", billets=planned + 1)
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["detail"].startswith(f"lot 1 of line L1 is planned with {planned} billets")
    place = (fault["pointer"], fault["value"], fault["expected"])
    assert place == ("/billets", str(planned + 1), f"0 .. {planned} billets")
    confirm(client, lot["id"], "Running")
    none = confirm(client, lot["id"], "Ended", billets=0).json()["errors"][0]
    assert (none["pointer"], none["expected"]) == ("/billets", f"1 .. {planned} billets")
    confirm(client, lot["id"], "Running", billets=2)
    fewer = confirm(client, lot["id"], "Ended", billets=1).json()["errors"][0]
    assert fewer["expected"] == f"2 .. {planned} billets"
    assert confirm(client, lot["id"], "Ended", billets=planned).json()["state"] == "Ended"


@pytest.mark.parametrize(
    "members",
    [
        {"state": "Flying"},
        {"state": "Running", "at": "yesterday"},
        {"state": "Running", "at": "9999-12-31T23:59:59Z"},
        {"state": "Running", "at": "0001-01-01T00:00:00Z"},
        {"state": "Running", "at": "2026-W02-1T07:00:00+01:00"},
        {"state": "Running", "at": "2027-01-05T07:00:00+01:00"},
        {"state": "Running", "billets": -1},
        {"state": "Running", "mass_kg": "12"},
        {"state": "Running", "colour": "red"},
    ],
    ids=str,
)
def test_a_bad_confirmation_is_refused(client, plan, members):
    lot = release(client, plan).json()["items"][0]["id"]
    body = {"job_order": lot, "at": AT, **members}
    assert client.post("/v1/confirmations", json=body).status_code == 422


def test_a_confirmation_before_the_last_one_is_refused(client, book):
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    lot = release(client, done["schedule"]).json()["items"][0]["id"]
    confirm(client, lot, "Running", at="2026-01-05T08:00:00+01:00")
    refused = confirm(client, lot, "Ended", at="2026-01-05T06:59:00Z")
    assert refused.status_code == 409
    assert "before Running at 2026-01-05T08:00:00+01:00" in refused.json()["detail"]
    assert confirm(client, lot, "Ended", at="2026-01-05T07:00:00Z").json()["state"] == "Ended"


def test_what_is_not_there_is_not_released_or_confirmed(client, plan):
    assert confirm(client, "jo-" + "0" * 26, "Running").status_code == 404
    assert release(client, "sch-" + "0" * 26).status_code == 404
    assert release(client, plan, lots=[{"line": "L1", "lot": 999}]).status_code == 422


def lots_of(client, plan):
    schedule = client.get(f"/v1/schedules/{plan}").json()["schedule"]
    return [e for e in schedule["lines"][0]["elements"] if e["type"] == "lot"]


def test_actuals_move_the_present_and_the_rates_and_what_is_released_stays(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    plan = wait(client, job_id)["schedule"]
    path = f"/v1/schedules/{plan}"
    nothing = client.post(f"{path}:replan", json={"disruptions": [{"type": "actuals"}]})
    assert nothing.json()["errors"][0]["code"] == "no_actuals"

    first, second, *rest = sorted(release(client, plan).json()["items"], key=lambda i: i["lot"])
    began = datetime.fromisoformat(first["planned"]["start"])
    ended = datetime.fromisoformat(first["planned"]["end"])
    slow = (ended + 0.2 * (ended - began)).replace(microsecond=0)
    confirm(client, first["id"], "Running", at=began.isoformat())
    confirm(client, first["id"], "Ended", at=slow.isoformat())
    late = slow + timedelta(minutes=90)
    confirm(client, second["id"], "Running", at=late.isoformat())

    actuals = client.get(f"{path}/actuals").json()
    assert [lot["lot"] for lot in actuals["lots"]] == [1, 2]
    assert datetime.fromisoformat(actuals["present"]) == late
    (rate,) = actuals["rates"]
    assert rate["actual_t_per_h"] == pytest.approx(rate["planned_t_per_h"] / 1.2, rel=2e-2)

    body = {"disruptions": [{"type": "actuals"}], "solver": "planner_rule"}
    answer = client.post(f"{path}:replan", json=body)
    assert answer.status_code == 202, answer.text
    done = wait(client, answer.json()["id"])
    assert done["state"] == "succeeded", done
    new = lots_of(client, done["schedule"])
    assert new[0]["start"] == first["planned"]["start"]
    assert datetime.fromisoformat(new[1]["start"]) >= late
    content = client.get(f"/v1/order-books/{done['order_book']}/content").json()
    section = next(s for s in content["sections"] if s["id"] == rate["section"])
    assert rate["actual_t_per_h"] < rate["learned_t_per_h"] < rate["planned_t_per_h"]
    assert section["rate_t_per_h_by_grade"][rate["grade"]] == pytest.approx(
        rate["learned_t_per_h"], rel=1e-3
    )

    again = release(client, done["schedule"]).json()["items"]
    assert {item["lot"] for item in again} == set(range(3, len(new) + 1))
    states = {
        item["id"]: item["state"]
        for item in client.get("/v1/job-orders", params={"schedule": plan}).json()["items"]
    }
    assert (states[first["id"]], states[second["id"]]) == ("Ended", "Running")
    assert {states[item["id"]] for item in rest} == {"Aborted"}
    later = client.get(f"/v1/schedules/{done['schedule']}/actuals").json()
    assert [lot["job_order"] for lot in later["lots"]] == [first["id"], second["id"]]


@pytest.mark.parametrize("kept", [{}, {"freeze_until": "2026-01-05T06:00:00+01:00"}])
def test_a_lot_stays_that_began_sooner_than_the_rates_of_the_one_before_allow(client, book, kept):
    plan = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    path = f"/v1/schedules/{plan['schedule']}"
    released = release(client, plan["schedule"]).json()["items"]
    first, second, *_ = sorted(released, key=lambda one: one["lot"])
    began, ended = (datetime.fromisoformat(first["planned"][name]) for name in ("start", "end"))
    quick = began + (ended - began) / 3
    confirm(client, first["id"], "Running", at=began.isoformat())
    confirm(client, first["id"], "Ended", at=quick.isoformat())
    confirm(client, second["id"], "Running", at=(quick + timedelta(minutes=1)).isoformat())

    body = {"disruptions": [{"type": "actuals"}], "solver": "planner_rule", **kept}
    done = wait(client, client.post(f"{path}:replan", json=body).json()["id"])
    content = client.get(f"/v1/order-books/{done['order_book']}/content").json()
    frozen = datetime.fromisoformat(content["freeze"]["until"])
    starts = [datetime.fromisoformat(one["start"]) for one in lots_of(client, done["schedule"])]
    assert starts[1] < frozen <= starts[2]
    assert release(client, done["schedule"]).status_code == 200


@pytest.mark.parametrize("state", ["Ended", "Aborted"])
def test_what_is_missing_of_a_lot_that_stopped_early_is_planned_and_its_billets_are_not(
    client, book, state
):
    plan = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    path = f"/v1/schedules/{plan['schedule']}"
    first = min(release(client, plan["schedule"]).json()["items"], key=lambda one: one["lot"])
    began = datetime.fromisoformat(first["planned"]["start"])
    rolled = first["planned"]["billets"] // 2
    confirm(client, first["id"], "Running", at=began.isoformat())
    stopped = (began + timedelta(hours=1)).isoformat()
    confirm(client, first["id"], state, at=stopped, billets=rolled)

    (told,) = client.get(f"{path}/actuals").json()["lots"]
    assert (told["lot"], told["billets"]) == (1, rolled)
    body = {"disruptions": [{"type": "actuals"}], "solver": "planner_rule"}
    done = wait(client, client.post(f"{path}:replan", json=body).json()["id"])
    lots = lots_of(client, done["schedule"])
    assert sum(cut["count"] for cut in lots[0]["cuts"]) == rolled
    terms = client.get(f"/v1/schedules/{done['schedule']}").json()["evaluation"]["terms"]
    assert terms["shortage"]["amount"] == 0

    again = release(client, done["schedule"])
    assert again.status_code == 200, again.text
    assert {item["lot"] for item in again.json()["items"]} == set(range(2, len(lots) + 1))
    (told,) = client.get(f"/v1/schedules/{done['schedule']}/actuals").json()["lots"]
    assert (told["job_order"], told["billets"]) == (first["id"], rolled)


def test_the_operations_schedule_has_every_lot_in_the_schemas_order(client, plan):
    answer = client.get(f"/v1/schedules/{plan}/export", params={"format": "b2mml"})
    assert answer.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    name = "{http://www.mesa.org/xml/B2MML-V0601}"
    assert root.tag == f"{name}OperationsSchedule"
    requests = root.findall(f"{name}OperationsRequest")
    lots = lots_of(client, plan)
    assert len(requests) == len(lots)
    assert requests[0].findtext(f"{name}StartTime") == lots[0]["start"]
    segment = requests[0].find(f"{name}SegmentRequirement")
    assert segment is not None
    parts = [part.tag.removeprefix(name) for part in segment]
    order = ["ID", "ProcessSegmentID", "EarliestStartTime", "LatestEndTime", "Duration"]
    order += ["SegmentParameter", "EquipmentRequirement", "MaterialRequirement"]
    assert list(dict.fromkeys(parts)) == order
    billets = sum(
        int(use.findtext(f"{name}Quantity/{name}QuantityString", "0"))
        for use in segment.iter(f"{name}MaterialRequirement")
        if use.findtext(f"{name}MaterialUse") == "Consumed"
    )
    assert billets == sum(cut["count"] for cut in lots[0]["cuts"])
    states = {request.findtext(f"{name}RequestState") for request in requests}
    assert "Released" in states


# Read by hand off classes that others generated from MESA's V0600 schemas (V0601 differs in none of
# these types); the schemas are in no package registry.
SEQUENCES = {
    "OperationsSchedule": "ID Description HierarchyScope OperationsType StartTime EndTime"
    " ScheduleState PublishedDate OperationsRequest",
    "OperationsRequest": "ID Description HierarchyScope OperationsType StartTime EndTime Priority"
    " OperationsDefinitionID RequestState SegmentRequirement SegmentResponse",
    "SegmentRequirement": "ID Description HierarchyScope OperationsType ProcessSegmentID"
    " EarliestStartTime LatestEndTime Duration OperationsDefinitionID SegmentState"
    " SegmentParameter PersonnelRequirement EquipmentRequirement PhysicalAssetRequirement"
    " MaterialRequirement SegmentRequirement RequiredByRequestedSegmentResponse",
    "SegmentParameter": "ID Value Description Parameter",
    "EquipmentRequirement": "EquipmentClassID EquipmentID Description EquipmentUse Quantity",
    "MaterialRequirement": "MaterialClassID MaterialDefinitionID MaterialLotID MaterialSubLotID"
    " Description MaterialUse StorageLocation Quantity AssemblyRequirement AssemblyType"
    " AssemblyRelationship HierarchyScope MaterialRequirementProperty"
    " RequiredByRequestedSegmentResponse",
    "MaterialRequirementProperty": "ID Description Value Quantity MaterialRequirementProperty",
    "Value": "ValueString DataType UnitOfMeasure Key",
    "Quantity": "QuantityString DataType UnitOfMeasure Key",
}
REQUEST_STATES = {
    *("Forecast", "Released", "Cancelled", "Ready", "Running", "Completed"),
    *("Aborted", "Held", "Paused", "Closed", "Other"),
}


def test_every_element_stands_where_the_schema_wants_it(client, plan):
    content = client.get(f"/v1/schedules/{plan}/export", params={"format": "b2mml"}).content
    root = ElementTree.fromstring(content)
    seen = set()
    for element in root.iter():
        name = element.tag.partition("}")[2]
        if len(element) == 0:
            assert element.text
            assert element.text.strip(), name
            continue
        seen.add(name)
        places = [SEQUENCES[name].split().index(part.tag.partition("}")[2]) for part in element]
        assert places == sorted(places), name
    assert seen == set(SEQUENCES)
    assert set(STATES.values()) <= REQUEST_STATES


def edited(client, plan, lot, before):
    edit = {"type": "move_lot", "line": "L1", "lot": lot, "before": before}
    answer = client.post(f"/v1/schedules/{plan}:edit", json={"edits": [edit]})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def states_of(client, *plans):
    """Return the states of all job orders of some plans."""
    lists = [client.get("/v1/job-orders", params={"schedule": plan}).json() for plan in plans]
    return [item["state"] for found in lists for item in found["items"]]


def test_of_plans_that_exclude_each_other_the_mill_gets_one(client, book):
    first = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    plan, known = first["schedule"], first["order_book"]
    body = {"order_book": known, "solver": "planner_rule"}
    rival = wait(client, client.post("/v1/jobs", json=body).json()["id"])["schedule"]
    one, other = edited(client, plan, 4, 2), edited(client, plan, 5, 2)
    size = len(release(client, one).json()["items"])
    for later in (other, rival):  # a sister, and another plan of the same order book
        assert release(client, later).status_code == 200
        assert states_of(client, plan, one, other, rival).count("AllowedToStart") == size

    refused = release(client, one)
    assert refused.status_code == 409
    assert f"gave way to the release of {other}" in refused.json()["detail"]
    assert states_of(client, rival).count("AllowedToStart") == size

    lot = client.get("/v1/job-orders", params={"schedule": rival}).json()["items"][0]["id"]
    confirm(client, lot, "Running")
    refused = release(client, edited(client, plan, 3, 2))
    assert refused.status_code == 409
    assert lot in refused.json()["detail"]


def test_a_lot_that_the_mill_told_nothing_of_does_not_hide_what_it_rolled(client, book):
    """The confirmations of lot 1 were lost; lot 2 has ended."""
    plan = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    path = f"/v1/schedules/{plan['schedule']}"
    before = lots_of(client, plan["schedule"])
    items = sorted(release(client, plan["schedule"]).json()["items"], key=lambda one: one["lot"])
    second = items[1]
    confirm(client, second["id"], "Running", at=second["planned"]["start"])
    confirm(client, second["id"], "Ended", at=second["planned"]["end"])

    body = {"disruptions": [{"type": "actuals"}], "solver": "planner_rule"}
    done = wait(client, client.post(f"{path}:replan", json=body).json()["id"])
    lots = lots_of(client, done["schedule"])
    assert (lots[0]["start"], lots[0]["cuts"]) == (before[1]["start"], before[1]["cuts"])
    again = release(client, done["schedule"])
    assert again.status_code == 200, again.text
    assert {item["lot"] for item in again.json()["items"]} == set(range(2, len(lots) + 1))
    (told,) = client.get(f"/v1/schedules/{done['schedule']}/actuals").json()["lots"]
    assert (told["lot"], told["job_order"]) == (1, second["id"])
    # What gave way to the new plan was told by the service, by its own clock, not by the mill.
    assert client.get(f"{path}/actuals").json()["present"] == told["end"]
