"""zenpy, unchanged, finds and keeps people."""

from typing import Any

from zenpy.lib.api_objects import Organization, OrganizationMembership, User

from tests.support.sandbox import Desk


def test_search_pages_through_results(desk: Desk, zenpy: Any) -> None:
    for _ in range(3):
        desk.ticket(subject="Frozen withdrawal")

    found = list(zenpy.search("frozen", type="ticket", status_less_than="solved"))

    assert sorted(ticket.id for ticket in found) == [1, 2, 3]


def test_search_export_gives_everything(desk: Desk, zenpy: Any) -> None:
    for _ in range(3):
        desk.ticket(subject="Frozen withdrawal")

    found = list(zenpy.search_export("frozen", type="ticket"))

    assert sorted(ticket.id for ticket in found) == [1, 2, 3]


def test_users_live_and_leave(zenpy: Any) -> None:
    user = zenpy.users.create(User(name="Li Na", email="li.na@customer.example"))
    user.notes = "important"
    zenpy.users.update(user)
    found = list(zenpy.users.search(query="li.na@customer.example"))
    identities = list(zenpy.users.identities(id=user.id))

    zenpy.users.delete(user)

    assert [one.notes for one in found] == ["important"]
    assert [one.value for one in identities] == ["li.na@customer.example"]
    assert [one.id for one in zenpy.users.deleted()] == [user.id]
    zenpy.users.permanently_delete(user)


def test_organizations_and_their_members(zenpy: Any) -> None:
    company = zenpy.organizations.create(Organization(name="Moon Capital"))
    user = zenpy.users.create(User(name="Li Na", email="li.na@customer.example"))

    membership = OrganizationMembership(user_id=user.id, organization_id=company.id)
    zenpy.organization_memberships.create(membership)

    assert [one.id for one in zenpy.organizations.users(company.id)] == [user.id]
