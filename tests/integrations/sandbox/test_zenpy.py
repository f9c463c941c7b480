"""zenpy, a client that nobody here wrote, works against the sandbox as it is."""

from typing import Any

from zenpy.lib.api_objects import Comment, Group, Macro, Ticket, User, Webhook

from tests.support.sandbox import Desk


def test_a_ticket_is_created_read_updated_and_deleted(zenpy: Any) -> None:
    audit = zenpy.tickets.create(
        Ticket(
            subject="Frozen",
            comment=Comment(body="Why?"),
            requester=User(name="Wang Fang", email="wang@customer.example"),
        )
    )
    ticket = zenpy.tickets(id=audit.ticket.id)
    ticket.priority = "urgent"
    ticket.comment = Comment(body="Looking", public=False)

    updated = zenpy.tickets.update(ticket)

    assert updated.ticket.priority == "urgent"
    comments = list(zenpy.tickets.comments(ticket=ticket.id))
    assert [comment.body for comment in comments] == ["Why?", "Looking"]
    assert len(list(zenpy.tickets.audits(ticket=ticket.id))) == 2
    zenpy.tickets.delete(ticket)
    assert [one.id for one in zenpy.tickets.deleted()] == [ticket.id]


def test_many_tickets_are_created_by_a_job(zenpy: Any) -> None:
    job = zenpy.tickets.create([Ticket(subject=str(n), description="x") for n in range(3)])

    done = zenpy.job_status(id=job.id)

    assert done.status == "completed"
    assert len(list(zenpy.tickets())) == 3


def test_lists_are_read_to_the_end(zenpy: Any, desk: Desk) -> None:
    state = desk.sandbox.state

    assert len(list(zenpy.users())) == len(state.users)
    assert {group.name for group in zenpy.groups()} >= {"Risk Control", "Internal Audit"}
    assert len(list(zenpy.ticket_fields())) == len(state.ticket_fields)
    assert len(list(zenpy.group_memberships())) == len(state.group_memberships)
    assert [policy.position for policy in zenpy.sla_policies()] == [1, 2]
    assert zenpy.users.me().email == "admin@example.com"


def test_pages_are_followed(zenpy: Any, desk: Desk) -> None:
    for _ in range(5):
        desk.ticket()

    by_cursor = [ticket.id for ticket in zenpy.tickets(cursor_pagination=2)]
    by_number = [ticket.id for ticket in zenpy.tickets(cursor_pagination=False)]

    assert by_cursor == by_number == [1, 2, 3, 4, 5]


def test_the_incremental_cursor_is_followed(zenpy: Any, desk: Desk) -> None:
    desk.set_clock("2030-01-01T00:00:00Z")
    for _ in range(5):
        desk.ticket()
    desk.set_clock("2030-01-01T01:00:00Z")

    stream = zenpy.tickets.incremental(start_time=0, per_page=2)
    first = [ticket.id for ticket in stream]
    later = list(zenpy.tickets.incremental(cursor=stream.after_cursor))

    assert first == [1, 2, 3, 4, 5]
    assert later == []


def test_macros_are_made_and_previewed(zenpy: Any, desk: Desk) -> None:
    ticket = desk.ticket()
    macro = zenpy.macros.create(
        Macro(
            title="Thaw",
            actions=[
                {"field": "status", "value": "solved"},
                {"field": "comment_value", "value": "Dear {{ticket.requester.name}}"},
            ],
        )
    )

    effect = zenpy.tickets.show_macro_effect(ticket["id"], macro.id)

    assert effect.ticket.status == "solved"
    assert effect.ticket.comment.body == "Dear Wang Fang"
    assert desk.get(f"tickets/{ticket['id']}")["ticket"]["status"] == "new"
    assert [one.title for one in zenpy.macros()] == ["Thaw"]


def test_groups_and_users_are_made(zenpy: Any) -> None:
    group = zenpy.groups.create(Group(name="Night shift"))
    user = zenpy.users.create(User(name="Bo", email="bo@example.com", role="agent"))

    assert zenpy.groups(id=group.id).name == "Night shift"
    assert [one.id for one in zenpy.users.search(query="bo@example.com")] == [user.id]


def test_webhooks_are_made_and_their_secret_read(zenpy: Any) -> None:
    webhook = zenpy.webhooks.create(
        Webhook(
            name="desk",
            endpoint="http://127.0.0.1:9/",
            http_method="POST",
            request_format="json",
            status="active",
            subscriptions=["zen:event-type:ticket.created"],
        )
    )

    assert [one.id for one in zenpy.webhooks.list()] == [webhook.id]
    assert zenpy.webhooks.show_secret(webhook).algorithm == "SHA256"
