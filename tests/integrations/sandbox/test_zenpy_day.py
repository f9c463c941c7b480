"""zenpy, unmodified, works a whole day at the sandbox: every kind of call that a desk makes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from zenpy.lib.api_objects import (
    Comment,
    SlaPolicy,
    Ticket,
    User,
    View,
    Webhook,
)

from integrations.sandbox.routes import API_ROUTES
from integrations.sandbox.wire.routing import RouteTree
from tests.support.sandbox import desk_on, receiving
from tests.support.zenpy import zenpy_at
from tests.support.zenpy_day import Day, organizations, people, rules, settings

ENOUGH = 60  # different calls: method and route, not method and address


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    routes = RouteTree(API_ROUTES)
    with desk_on(tickets=30) as desk, receiving() as receiver, requests.Session() as session:
        one_day = Day(zenpy_at(desk.sandbox.url, session, monkeypatch), desk, receiver)

        def note(answer: requests.Response, *_: Any, **__: Any) -> None:
            path = urlsplit(str(answer.request.url)).path
            if path.startswith("/api/v2/"):
                route, _params = routes.find(answer.request.method or "", path[len("/api/v2/") :])
                one_day.calls.add(f"{route.method} {route.pattern}")

        session.hooks["response"].append(note)
        yield one_day


def test_zenpy_works_a_whole_day(day: Day) -> None:
    for chapter in (
        settings,
        people,
        organizations,
        rules,
        tickets,
        conversation,
        bulk_work,
        deletion,
        attachments,
        views,
        webhooks,
        exports,
        searches,
        service_levels,
        customers,
    ):
        chapter(day)

    assert len(day.calls) >= ENOUGH, sorted(day.calls)


def tickets(day: Day) -> None:
    zenpy, made = day.zenpy, day.made
    audit = zenpy.tickets.create(
        Ticket(
            subject="A whale lost its phone",
            comment=Comment(body="Please unbind it"),
            requester_id=made["li"].id,
            custom_fields=[{"id": made["chain"].id, "value": "tron"}],
        )
    )
    ticket = zenpy.tickets(id=audit.ticket.id)
    assert (ticket.priority, ticket.status) == ("urgent", "new")
    assert "tron" in ticket.tags
    ticket.group_id = made["night"].id
    ticket.assignee_id = made["bo"].id
    assert zenpy.tickets.update(ticket).ticket.status == "open"
    assert sorted(zenpy.tickets.add_tags(ticket.id, ["phone"])) == ["phone", "tron"]
    assert list(zenpy.tickets.delete_tags(ticket.id, ["phone"])) == ["tron"]
    effect = zenpy.tickets.show_macro_effect(ticket.id, made["macro"].id)
    assert effect.ticket.comment.body == "Dear Li Na"
    assert zenpy.tickets.metrics(ticket.id).replies == 0
    assert [one.id for one in zenpy.users.requested(made["li"])] == [ticket.id]
    assert [one.id for one in zenpy.users.assigned(made["bo"])] == [ticket.id]
    problem = zenpy.tickets.create(Ticket(subject="Outage", description="Down", type="problem"))
    zenpy.tickets.create(
        Ticket(subject="Me too", description="x", type="incident", problem_id=problem.ticket.id)
    )
    assert [one.subject for one in zenpy.tickets.incidents(problem.ticket.id)] == ["Me too"]
    made["ticket"] = ticket


def conversation(day: Day) -> None:
    zenpy, ticket = day.zenpy, day.made["ticket"]
    said = Ticket(id=ticket.id, comment=Comment(body="card 4111 1111", public=True))
    zenpy.tickets.update(said)
    comments = list(zenpy.tickets.comments(ticket.id))
    assert [one.body for one in comments] == ["Please unbind it", "card 4111 1111"]
    zenpy.tickets.comment_redact(ticket.id, comments[-1].id, "4111 1111")
    assert "4111" not in list(zenpy.tickets.comments(ticket.id))[-1].body
    assert len(list(zenpy.tickets.audits(ticket.id))) >= 3
    assert next(iter(zenpy.tickets.audits())).ticket_id > 0
    source = zenpy.tickets.create(
        Ticket(subject="Again", description="The same", requester_id=day.made["li"].id)
    ).ticket
    assert day.finished(zenpy.tickets.merge(ticket, source)).status == "completed"
    assert zenpy.tickets(id=source.id).status == "closed"


def bulk_work(day: Day) -> None:
    zenpy = day.zenpy
    job = zenpy.tickets.create([Ticket(subject=f"Bulk {n}", description="x") for n in range(5)])
    made = [one.id for one in day.finished(job).results]
    some = list(zenpy.tickets(ids=made))
    assert [one.subject for one in some] == [f"Bulk {n}" for n in range(5)]
    for one in some:
        one.priority = "low"
    assert day.finished(zenpy.tickets.update(some)).status == "completed"
    assert {one.priority for one in zenpy.tickets(ids=made)} == {"low"}
    assert day.finished(zenpy.tickets.delete(some[:2])).status == "completed"
    users = [User(name=f"N{n}", email=f"n{n}@customer.example") for n in range(3)]
    assert len(day.finished(zenpy.users.create(users)).results) == 3
    day.made["some"] = some


def deletion(day: Day) -> None:
    zenpy, (first, second, third, *_) = day.zenpy, day.made["some"]
    assert {one.id for one in zenpy.tickets.deleted()} >= {first.id, second.id}
    zenpy.tickets.restore(first.id)
    assert zenpy.tickets(id=first.id).status == "new"
    assert day.finished(zenpy.tickets.permanently_delete(second)).status == "completed"
    zenpy.tickets.delete(third)
    assert third.id in {one.id for one in zenpy.tickets.deleted()}
    gone = zenpy.users.create(User(name="Gone", email="gone@customer.example"))
    assert zenpy.users.delete(gone).active is False
    assert gone.id in {one.id for one in zenpy.users.deleted()}
    assert zenpy.users.permanently_delete(gone).id == gone.id


def attachments(day: Day) -> None:
    zenpy, ticket = day.zenpy, day.made["ticket"]
    upload = zenpy.attachments.upload(b"screenshot", target_name="proof.png")
    said = Comment(body="see file", uploads=[upload.token])
    zenpy.tickets.update(Ticket(id=ticket.id, comment=said))
    comment = list(zenpy.tickets.comments(ticket.id))[-1]
    attached = comment.attachments[0]
    assert zenpy.attachments(id=attached.id).file_name == "proof.png"
    assert zenpy.attachments.download(attached.id).getvalue() == b"screenshot"
    assert zenpy.attachments.redact(ticket.id, comment.id, attached.id).id == attached.id
    unused = zenpy.attachments.upload(b"mistake", target_name="mistake.txt")
    zenpy.attachments.delete(unused.token)


def views(day: Day) -> None:
    zenpy = day.zenpy
    view = zenpy.views.create(
        View(
            title="Urgent work",
            all=[
                {"field": "status", "operator": "less_than", "value": "solved"},
                {"field": "priority", "operator": "is", "value": "urgent"},
            ],
        )
    )
    wanted = day.made["ticket"].id
    assert wanted in {one.id for one in zenpy.views.tickets(view)}
    assert zenpy.views.execute(view).id == view.id
    assert zenpy.views.count(view).view_id == view.id
    assert view.id in {one.id for one in zenpy.views.active()}
    assert view.id in {one.id for one in zenpy.views.compact()}
    view.title = "Urgent"
    assert zenpy.views.update(view).title == "Urgent"
    zenpy.views.delete(view)


def webhooks(day: Day) -> None:
    zenpy = day.zenpy
    webhook = zenpy.webhooks.create(
        Webhook(
            name="desk",
            endpoint=day.receiver.url,
            http_method="POST",
            request_format="json",
            status="active",
            subscriptions=["zen:event-type:ticket.created"],
        )
    )
    zenpy.tickets.create(Ticket(subject="Hooked", description="x"))
    day.desk.settle()
    assert len(day.receiver.deliveries) == 1
    (invocation,) = zenpy.webhooks.invocations(webhook)
    assert invocation.status == "success"
    (attempt,) = zenpy.webhooks.invocation_attempts(webhook.id, invocation.id)
    assert attempt.status == "success"
    assert zenpy.webhooks.show_secret(webhook).secret != zenpy.webhooks.reset_secret(webhook).secret
    assert zenpy.webhooks.test(webhook).status_code == 200
    copy = zenpy.webhooks.clone(webhook)
    zenpy.webhooks.patch(Webhook(id=copy.id, name="copy"))
    assert zenpy.webhooks(id=copy.id).name == "copy"
    assert {one.id for one in zenpy.webhooks.list()} == {webhook.id, copy.id}
    zenpy.webhooks.delete(copy)


def exports(day: Day) -> None:
    zenpy = day.zenpy
    seen = {one.id for one in zenpy.tickets.incremental(start_time=0)}
    assert len(seen) >= 30
    assert len(list(zenpy.users.incremental(start_time=0))) >= 30
    assert len(list(zenpy.organizations.incremental(start_time=0))) >= 1
    events = list(zenpy.tickets.events(start_time=0, include=["comment_events"]))
    assert {one.ticket_id for one in events} <= seen
    measured = list(zenpy.tickets.metrics_incremental(start_time=0))
    assert {one.metric for one in measured} >= {"reply_time", "requester_wait_time"}
    assert len(list(zenpy.ticket_metrics())) >= 30
    assert list(zenpy.tags())


def searches(day: Day) -> None:
    zenpy, ticket = day.zenpy, day.made["ticket"]
    found = zenpy.search("whale", type="ticket", priority="urgent")
    assert [one.id for one in found] == [ticket.id]
    assert zenpy.search.count("whale", type="ticket") >= 1
    everyone = list(zenpy.search_export(type="user", query="role:agent"))
    assert len({one.id for one in everyone}) == len(everyone) > 20
    assert ticket.id in {one.id for one in zenpy.search_export(type="ticket", query="whale")}


def service_levels(day: Day) -> None:
    zenpy = day.zenpy
    zenpy.sla_policies.create(
        SlaPolicy(
            title="Phones",
            filter={
                "all": [{"field": "current_tags", "operator": "includes", "value": "phone"}],
                "any": [],
            },
            policy_metrics=[
                {
                    "priority": "urgent",
                    "metric": "first_reply_time",
                    "target": 15,
                    "business_hours": False,
                }
            ],
        )
    )
    (policy,) = [one for one in zenpy.sla_policies() if one.title == "Phones"]
    assert policy.policy_metrics[0].target == 15
    zenpy.sla_policies.delete(policy)
    assert zenpy.sla_policies.definitions()


def customers(day: Day) -> None:
    zenpy, ticket = day.zenpy, day.made["ticket"]
    ticket.status = "solved"
    zenpy.tickets.update(Ticket(id=ticket.id, status="solved"))
    day.desk.session.headers["X-On-Behalf-Of"] = "li.na@customer.example"
    rating = {"satisfaction_rating": {"score": "good", "comment": "quick"}}
    assert day.desk.call("POST", f"tickets/{ticket.id}/satisfaction_rating", json=rating).ok
    del day.desk.session.headers["X-On-Behalf-Of"]
    assert ticket.id in {one.ticket_id for one in zenpy.satisfaction_ratings(score="good")}
