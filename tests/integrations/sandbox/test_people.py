"""Users, organizations and groups come, change, belong, merge and leave as in Zendesk."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

numbers = count(1)


@pytest.fixture(scope="module")
def place() -> Iterator[Desk]:
    with desk_on() as desk:
        yield desk


def make_user(desk: Desk, **fields: Any) -> dict[str, Any]:
    number = next(numbers)
    asked = {"name": f"Person {number}", "email": f"person{number}@customer.example"} | fields
    user: dict[str, Any] = desk.post("users.json", {"user": asked})["user"]
    return user


def make_organization(desk: Desk, **fields: Any) -> dict[str, Any]:
    asked = {"name": f"Company {next(numbers)}"} | fields
    made: dict[str, Any] = desk.post("organizations.json", {"organization": asked})
    one: dict[str, Any] = made["organization"]
    return one


def refusal(desk: Desk, method: str, path: str, json: Any = None) -> tuple[int, Any]:
    answer = desk.call(method, path, json=json)
    return answer.status_code, answer.json().get("details") or answer.json()["error"]


# users


def test_users_are_listed_by_their_last_update_and_walked_by_cursor() -> None:
    with desk_on() as desk:
        desk.set_clock("2031-03-03T00:00:00Z")
        first, second = make_user(desk)["id"], make_user(desk)["id"]
        desk.set_clock("2031-03-03T01:00:00Z")
        desk.put(f"users/{first}", {"user": {"phone": "+6512345678"}})

        page = desk.get("users?sort=-updated_at&page[size]=1")
        following = desk.get(page["links"]["next"].partition("/api/v2/")[2])

        assert [page["users"][0]["id"], following["users"][0]["id"]] == [first, second]
        assert desk.get("users?sort=updated_at&page[size]=100")["users"][-1]["id"] == first


def test_organizations_are_listed_by_their_last_update_with_cursors() -> None:
    with desk_on() as desk:
        desk.set_clock("2031-03-03T00:00:00Z")
        first = make_organization(desk)["id"]
        make_organization(desk)
        desk.set_clock("2031-03-03T01:00:00Z")
        desk.put(f"organizations/{first}", {"organization": {"notes": "important"}})

        page = desk.get("organizations?sort=-updated_at&page[size]=1")

        assert page["organizations"][0]["id"] == first


@pytest.mark.parametrize(
    ("fields", "place_of_error", "code"),
    [
        ({"name": " "}, "name", "BlankValue"),
        ({"email": "no address"}, "email", "InvalidFormat"),
        ({"email": "ADMIN@example.com"}, "email", "DuplicateValue"),
        ({"role": "king"}, "role", "InvalidValue"),
        ({"organization_id": 7}, "organization", "InvalidValue"),
    ],
)
def test_a_user_that_cannot_be_is_refused(
    place: Desk, fields: dict[str, Any], place_of_error: str, code: str
) -> None:
    asked = {"name": "X", "email": "x@customer.example"} | fields

    status, details = refusal(place, "POST", "users.json", {"user": asked})

    assert (status, details[place_of_error][0]["error"]) == (422, code)


def test_an_address_is_kept_in_lower_case_and_found_in_any(place: Desk) -> None:
    user = make_user(place, email="Mixed.Case@Customer.example")

    found = place.get("users/search.json?query=MIXED.case@customer.example")

    assert user["email"] == "mixed.case@customer.example"
    assert [one["id"] for one in found["users"]] == [user["id"]]


def test_a_second_address_is_kept_beside_the_first(place: Desk) -> None:
    user = make_user(place, email="first@customer.example")

    changed = place.put(f"users/{user['id']}.json", {"user": {"email": "second@customer.example"}})

    assert changed["user"]["email"] == "first@customer.example"
    identities = place.get(f"users/{user['id']}/identities.json")["identities"]
    assert [(one["value"], one["primary"]) for one in identities] == [
        ("first@customer.example", True),
        ("second@customer.example", False),
    ]


def test_the_primary_address_can_be_chosen(place: Desk) -> None:
    user = make_user(place)
    asked = {"type": "email", "value": f"other{user['id']}@customer.example"}
    identity = place.post(f"users/{user['id']}/identities.json", {"identity": asked})["identity"]

    place.put(f"users/{user['id']}/identities/{identity['id']}/make_primary.json")

    shown = place.get(f"users/{user['id']}.json")["user"]
    assert (identity["primary"], shown["email"]) == (False, asked["value"])


def test_a_primary_identity_stays_while_there_are_others(place: Desk) -> None:
    user = make_user(place)
    path = f"users/{user['id']}/identities"
    first = place.get(path)["identities"][0]
    extra = {"type": "email", "value": f"extra{user['id']}@customer.example"}
    second = place.post(path, {"identity": extra})["identity"]

    assert place.call("DELETE", f"{path}/{first['id']}").status_code == 422
    assert place.call("DELETE", f"{path}/{second['id']}").status_code == 204


def test_users_are_found_by_the_beginning_of_a_name(place: Desk) -> None:
    user = make_user(place, name="Aurelia Quux")

    found = place.get("users/autocomplete.json?name=aur")["users"]

    assert [one["id"] for one in found] == [user["id"]]


def test_an_external_id_stands_for_one_user(place: Desk) -> None:
    user = make_user(place, external_id="uid-77")
    asked = {"user": {"name": "New name", "external_id": "uid-77"}}

    status, _ = refusal(place, "POST", "users.json", asked)
    changed = place.post("users/create_or_update.json", asked)["user"]

    assert (status, changed["id"], changed["name"]) == (422, user["id"], "New name")
    assert place.get("users/show_many.json?external_ids=uid-77")["count"] == 1


def test_new_agents_work_in_the_default_group(place: Desk) -> None:
    agent = make_user(place, role="agent")

    memberships = place.get(f"users/{agent['id']}/group_memberships.json")["group_memberships"]

    assert [one["group_id"] for one in memberships] == [agent["default_group_id"]]


def test_an_agent_who_becomes_a_customer_leaves_the_groups(place: Desk) -> None:
    agent = make_user(place, role="agent")

    place.put(f"users/{agent['id']}.json", {"user": {"role": "end-user"}})

    assert place.get(f"users/{agent['id']}/groups.json")["groups"] == []


def test_a_deleted_user_loses_the_address_and_stays_known(place: Desk) -> None:
    user = make_user(place)

    gone = place.delete(f"users/{user['id']}.json")["user"]

    assert (gone["active"], gone["email"]) == (False, None)
    assert place.get(f"deleted_users/{user['id']}.json")["deleted_user"]["name"] == user["name"]
    assert make_user(place, email=user["email"])["id"] != user["id"]


def test_a_user_with_open_tickets_is_not_deleted_for_good(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.delete(f"users/{ticket['requester_id']}.json")

    status, _ = refusal(desk, "DELETE", f"deleted_users/{ticket['requester_id']}.json")
    desk.update(ticket["id"], status="closed")
    allowed = desk.call("DELETE", f"deleted_users/{ticket['requester_id']}.json").status_code

    assert (status, allowed) == (422, 200)


def test_who_is_deleted_for_good_is_only_a_number(desk: Desk) -> None:
    desk.set_clock("2026-03-01T08:00:00Z")
    user = make_user(desk, phone="+6512345678", notes="n", external_id="e", tags=["vip"])
    desk.delete(f"users/{user['id']}.json")

    desk.delete(f"deleted_users/{user['id']}.json")

    desk.set_clock("2026-03-01T09:00:00Z")
    listed = desk.get("deleted_users.json")["deleted_users"]
    exported = desk.get("incremental/users/cursor.json?start_time=1")["users"]
    left = next(one for one in exported if one["id"] == user["id"])
    assert [(one["name"], one["phone"]) for one in listed] == [("Permanently Deleted User", None)]
    assert (left["active"], left["notes"], left["external_id"], left["tags"]) == (
        *(False, None, None),
        [],
    )
    assert desk.call("GET", f"users/{user['id']}.json").status_code == 404
    assert desk.call("GET", f"deleted_users/{user['id']}.json").status_code == 404
    path = f"users/{user['id']}/compliance_deletion_statuses.json"
    steps = desk.get(path)["compliance_deletion_statuses"]
    assert [step["action"] for step in steps] == ["request_deletion", "started", "complete"]


def test_a_merged_customer_leaves_tickets_and_addresses_to_the_other(desk: Desk) -> None:
    ticket = desk.ticket()
    leaving = desk.get(f"users/{ticket['requester_id']}.json")["user"]
    staying = make_user(desk)

    merged = desk.put(f"users/{leaving['id']}/merge.json", {"user": {"id": staying["id"]}})["user"]

    assert merged["id"] == staying["id"]
    assert desk.get(f"tickets/{ticket['id']}.json")["ticket"]["requester_id"] == staying["id"]
    assert desk.get(f"users/search.json?query={leaving['email']}")["users"][0]["id"] == merged["id"]
    assert desk.get(f"users/{leaving['id']}.json")["user"]["active"] is False


def test_agents_are_not_merged(place: Desk) -> None:
    agent, customer = make_user(place, role="agent"), make_user(place)

    status, _ = refusal(
        place, "PUT", f"users/{agent['id']}/merge.json", {"user": {"id": customer["id"]}}
    )

    assert status == 422


def test_the_tickets_of_a_user_are_listed_and_counted(desk: Desk) -> None:
    agent = desk.user_id("lin.wei@example.com")
    ticket = desk.ticket(assignee_id=agent, email_cc_ids=[agent])
    asking = ticket["requester_id"]

    requested = desk.get(f"users/{asking}/tickets/requested.json")["tickets"]
    assigned = desk.get(f"users/{agent}/tickets/assigned.json")["tickets"]
    copied = desk.get(f"users/{agent}/tickets/ccd.json")["tickets"]

    assert [[one["id"] for one in found] for found in (requested, assigned, copied)] == [[1]] * 3
    related = desk.get(f"users/{agent}/related.json")["user_related"]
    assert (related["assigned_tickets"], related["ccd_tickets"]) == (1, 1)


def test_many_users_are_made_or_changed_by_one_job(place: Desk) -> None:
    known = make_user(place)
    asked = [{"name": "Changed", "email": known["email"]}, {"name": "Born"}]

    job = place.post("users/create_or_update_many.json", {"users": asked})["job_status"]

    results = place.get(f"job_statuses/{job['id']}.json")["job_status"]["results"]
    assert [one["status"] for one in results] == ["Updated", "Created"]
    assert place.get(f"users/{known['id']}.json")["user"]["name"] == "Changed"


def test_a_user_has_every_custom_field_of_the_account(desk: Desk) -> None:
    field = {"title": "Tier", "key": "tier", "type": "text"}
    desk.post("user_fields.json", {"user_field": field})
    user = make_user(desk, user_fields={"tier": "gold", "unknown": 1})

    found = desk.get("search.json?query=tier:gold")["results"]

    assert user["user_fields"] == {"tier": "gold"}
    assert [one["id"] for one in found] == [user["id"]]


@pytest.mark.parametrize("kind", ["users", "organizations"])
def test_people_have_tags_of_their_own(place: Desk, kind: str) -> None:
    made = make_user(place) if kind == "users" else make_organization(place)
    path = f"{kind}/{made['id']}/tags.json"

    place.post(path, {"tags": ["vip", "Whale"]})
    added = place.put(path, {"tags": ["new"]})
    place.delete(path, json={"tags": ["vip"]})

    assert added == {"tags": ["new", "vip", "whale"]}
    assert place.get(path) == {"tags": ["new", "whale"]}


# organizations


def test_an_organization_has_a_name_of_its_own(place: Desk) -> None:
    known = make_organization(place)

    status, details = refusal(
        place, "POST", "organizations.json", {"organization": {"name": known["name"]}}
    )

    assert (status, details["name"][0]["error"]) == (422, "DuplicateValue")


def test_organizations_are_found_by_name_and_external_id(place: Desk) -> None:
    made = make_organization(place, name="Zebra Holdings", external_id="z-1")

    found = [
        place.get(f"organizations/{path}")["organizations"]
        for path in ("search.json?external_id=z-1", "autocomplete.json?name=zeb")
    ]

    assert [[one["id"] for one in page] for page in found] == [[made["id"]]] * 2


def test_a_user_joins_the_organization_of_the_address(place: Desk) -> None:
    company = make_organization(place, domain_names=["whale.example"])

    user = make_user(place, email="a@whale.example")

    assert user["organization_id"] == company["id"]
    related = place.get(f"organizations/{company['id']}/related.json")["organization_related"]
    assert related == {"tickets_count": 0, "users_count": 1}


def test_a_user_belongs_to_several_organizations_one_of_them_by_default(place: Desk) -> None:
    first, second = make_organization(place), make_organization(place)
    user = make_user(place, organization_id=first["id"])
    asked = {"user_id": user["id"], "organization_id": second["id"]}

    made = place.post("organization_memberships.json", {"organization_membership": asked})
    membership = made["organization_membership"]
    path = f"users/{user['id']}/organization_memberships/{membership['id']}/make_default.json"
    place.put(path)

    assert membership["default"] is False
    assert membership["organization_name"] == second["name"]
    assert place.get(f"users/{user['id']}.json")["user"]["organization_id"] == second["id"]


def test_users_and_tickets_outlive_their_organization(desk: Desk) -> None:
    company = make_organization(desk)
    user = make_user(desk, organization_id=company["id"])
    ticket = desk.ticket(requester_id=user["id"])
    listed = desk.get(f"organizations/{company['id']}/tickets.json")["tickets"]

    desk.delete(f"organizations/{company['id']}.json")

    assert [one["id"] for one in listed] == [ticket["id"]]
    assert desk.get(f"users/{user['id']}.json")["user"]["organization_id"] is None
    assert desk.get(f"tickets/{ticket['id']}.json")["ticket"]["organization_id"] is None


def test_organizations_are_changed_in_bulk(place: Desk) -> None:
    made = [make_organization(place)["id"] for _ in range(2)]
    ids = ",".join(map(str, made))

    place.put(f"organizations/update_many.json?ids={ids}", {"organization": {"notes": "seen"}})

    shown = place.get(f"organizations/show_many.json?ids={ids}")["organizations"]
    assert [one["notes"] for one in shown] == ["seen", "seen"]


# groups


def test_a_deleted_group_is_shown_and_no_longer_listed(place: Desk) -> None:
    group = place.post("groups.json", {"group": {"name": "Task force"}})["group"]

    place.delete(f"groups/{group['id']}.json")

    assert place.get(f"groups/{group['id']}.json")["group"]["deleted"] is True
    listed = place.get("groups.json")["groups"]
    assert group["id"] not in {one["id"] for one in listed}
    assert place.get("groups/count.json")["count"]["value"] == len(listed)


def test_an_agent_has_one_default_group(place: Desk) -> None:
    agent = make_user(place, role="agent")
    asked = {"user_id": agent["id"], "group_id": place.group_id("Legal")}
    made = place.post("group_memberships.json", {"group_membership": asked})["group_membership"]

    path = f"users/{agent['id']}/group_memberships/{made['id']}/make_default.json"
    memberships = place.put(path)["group_memberships"]

    assert [one["group_id"] for one in memberships if one["default"]] == [asked["group_id"]]


def test_the_users_of_a_group_are_listed(place: Desk) -> None:
    users = place.get(f"groups/{place.group_id('Legal')}/users.json")["users"]

    assert {"Thomas Berg", "He Lan"} <= {one["name"] for one in users}
