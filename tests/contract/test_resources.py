"""What zenpy lacks, on a running sandbox: bulk work, redactions, deletions, previews, exports."""

from typing import Any

import pytest

from integrations.runtime.errors import RecordGone, UpdateConflict, ZendeskRefused
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import Page, list_export, search_export, time_export
from tests.support.contract import client, complaint, url

__all__ = ["client", "url"]

METRIC_EVENTS = "/api/v2/incremental/ticket_metric_events.json"
UNSOLVED = {"field": "status", "operator": "less_than", "value": "solved"}
LEAK = "my seed phrase is abandon ability able"


def opened(client: ZendeskClient, key: str, **fields: Any) -> dict[str, Any]:
    ticket = {"subject": key, "comment": {"body": "Help."}, "priority": "normal"} | fields
    return client.create_ticket(ticket, idempotency_key=key)


def first_comment(client: ZendeskClient, ticket_id: int) -> dict[str, Any]:
    return client.redactions.comments(ticket_id)[0]


def test_an_update_is_decided_on_the_ticket_as_it_is(client: ZendeskClient) -> None:
    ticket = opened(client, "decided")
    changed = client.update_with(
        ticket["id"], lambda now: {"priority": "high", "tags": [now["priority"]]}, marker="d-1"
    )

    assert changed is not None
    assert (changed["ticket"]["priority"], changed["ticket"]["tags"]) == ("high", ["normal"])
    assert changed["audit"]["metadata"]["custom"] == {"riskdesk": "d-1"}


def test_a_conflict_is_decided_anew(client: ZendeskClient) -> None:
    ticket = opened(client, "conflict anew")
    seen: list[str] = []

    def decide(now: dict[str, Any]) -> dict[str, Any]:
        seen.append(now["updated_at"])
        if len(seen) == 1:
            now["updated_at"] = "2020-01-01T00:00:00Z"  # as if somebody were faster
        return {"priority": "urgent"}

    changed = client.update_with(ticket["id"], decide, marker="c-1")

    assert changed is not None
    assert changed["ticket"]["priority"] == "urgent"
    assert len(seen) == 2
    with pytest.raises(UpdateConflict):
        client.update_ticket(ticket["id"], {}, marker="c-2", updated_stamp="2020-01-01T00:00:00Z")


def test_many_tickets_change_in_one_job_and_carry_the_marker(client: ZendeskClient) -> None:
    ids = [opened(client, f"bulk {number}")["id"] for number in range(3)]
    done = client.jobs.update_tickets(
        {number: {"additional_tags": [f"t{number}"]} for number in ids}, marker="bulk-1"
    )

    assert sorted(one["id"] for one in done) == ids
    assert all(f"t{number}" in client.ticket(number)["tags"] for number in ids)
    assert client.audits(ids[0])[-1]["metadata"]["custom"] == {"riskdesk": "bulk-1"}


def test_a_record_that_fails_does_not_stop_its_job(client: ZendeskClient) -> None:
    ticket = opened(client, "one of two")
    done = client.jobs.update_tickets(
        {ticket["id"]: {"priority": "low"}, 99_999_999: {"priority": "low"}}, marker="bulk-2"
    )

    assert [bool(one.get("error")) for one in sorted(done, key=lambda one: one["id"])] == [
        False,
        True,
    ]


def test_many_tickets_are_created_in_the_order_given(client: ZendeskClient) -> None:
    subjects = [f"created {number}" for number in range(105)]
    done = client.jobs.create_tickets(
        [{"subject": subject, "comment": {"body": "Help."}} for subject in subjects]
    )
    ids = [one["id"] for one in sorted(done, key=lambda one: one["index"])]

    assert [client.ticket(ids[at])["subject"] for at in (0, 99, 100, 104)] == [
        subjects[at] for at in (0, 99, 100, 104)
    ]


def test_words_are_redacted_by_both_apis(client: ZendeskClient) -> None:
    ids = [opened(client, f"leak {n}", comment={"body": LEAK})["id"] for n in range(2)]
    comments = [first_comment(client, number) for number in ids]
    html = comments[1]["html_body"].replace(
        "abandon ability able", "<redact>abandon ability able</redact>"
    )
    client.redactions.words(ids[0], comments[0]["id"], "abandon ability able")
    client.redactions.marked(ids[1], comments[1]["id"], html)

    for number in ids:
        assert "abandon" not in str(first_comment(client, number))
        assert "my seed phrase is" in first_comment(client, number)["body"]


def test_a_file_is_redacted(client: ZendeskClient) -> None:
    answer = client.session.post(
        "/api/v2/uploads.json?filename=passport.png",
        data=b"\x89PNG",
        headers={"Content-Type": "image/png"},
    )
    comment = {"body": "My passport.", "uploads": [answer.json()["upload"]["token"]]}
    ticket = opened(client, "file", comment=comment)
    found = first_comment(client, ticket["id"])
    file = found["attachments"][0]
    client.redactions.attachment(ticket["id"], found["id"], file["id"])
    after = first_comment(client, ticket["id"])["attachments"]

    assert all(one["file_name"] != "passport.png" for one in after)


def test_a_department_is_asked_beside_the_ticket(client: ZendeskClient) -> None:
    ticket = opened(client, "asks another department")
    group = next(one["id"] for one in client.groups() if one["name"] == "Legal")
    message = {"subject": "Freeze?", "body": "Please look.", "to": [{"support_group_id": group}]}
    talks = client.side_conversations
    made = talks.create(ticket["id"], message, key="ask-1")

    assert [one["id"] for one in talks.of_ticket(ticket["id"])] == [made["id"]]
    assert talks.show(ticket["id"], made["id"])["external_ids"]["riskdesk"] == "ask-1"
    assert talks.set_state(ticket["id"], made["id"], "closed")["state"] == "closed"


def test_a_reply_stands_in_the_events_of_its_side_conversation(client: ZendeskClient) -> None:
    ticket = opened(client, "asks a partner")
    message = {"subject": "Trace", "body": "Please look.", "to": [{"email": "p@partner.example"}]}
    talks = client.side_conversations
    made = talks.create(ticket["id"], message, key="ask-2")
    talks.reply(ticket["id"], made["id"], message | {"body": "Any news?"})
    events = talks.events(ticket["id"], made["id"])

    assert [event["type"] for event in events] == ["create", "reply"]
    assert events[1]["message"]["body"].strip() == "Any news?"


def test_group_sla_policies_are_listed(client: ZendeskClient) -> None:
    legal = next(one["id"] for one in client.groups() if one["name"] == "Legal")
    policy = {
        "title": "Legal owns it",
        "filter": {"all": [{"field": "group_id", "operator": "includes", "value": [legal]}]},
        "policy_metrics": [
            {
                "metric": "group_ownership_time",
                "priority": "high",
                "target": 1800,
                "business_hours": False,
            }
        ],
    }
    path = "/api/v2/group_slas/policies.json"
    client.session.write("POST", path, {"group_sla_policy": policy})

    assert "Legal owns it" in [one["title"] for one in client.group_sla_policies()]


def test_deleted_tickets_are_listed(client: ZendeskClient) -> None:
    ticket = opened(client, "thrown away")
    client.session.delete(f"/api/v2/tickets/{ticket['id']}.json")
    found = [one["id"] for page in client.deletions.tickets() for one in page.objects()]

    assert ticket["id"] in found


def test_a_person_is_deleted_for_good(client: ZendeskClient) -> None:
    body = {"user": {"name": "Wang Fang", "email": "gone@customer.example"}}
    user_id = client.session.write("POST", "/api/v2/users.json", body)["user"]["id"]
    client.deletions.user_for_good(user_id)
    client.deletions.user_for_good(user_id)  # a second call finds nothing left to do
    path = f"/api/v2/users/{user_id}/compliance_deletion_statuses.json"
    steps = client.session.read(path)["compliance_deletion_statuses"]

    assert steps
    with pytest.raises(RecordGone):
        client.user(user_id)


def test_a_person_with_open_tickets_is_not_deleted_for_good(client: ZendeskClient) -> None:
    requester = {"name": "Li Na", "email": "busy@customer.example"}
    ticket = opened(client, "of somebody to be forgotten", requester=requester)

    with pytest.raises(ZendeskRefused):
        client.deletions.user_for_good(ticket["requester_id"])


def test_a_macro_is_previewed_and_changes_nothing(client: ZendeskClient) -> None:
    ticket = opened(client, "macro")
    actions = [
        {"field": "priority", "value": "urgent"},
        {"field": "comment_value", "value": "We looked into it."},
    ]
    body = {"macro": {"title": "Looked into", "actions": actions}}
    macro = client.session.write("POST", "/api/v2/macros.json", body)["macro"]
    preview = client.apply_macro(ticket["id"], macro["id"])

    assert preview["priority"] == "urgent"
    assert "looked into it" in str(preview["comment"])
    assert client.ticket(ticket["id"])["priority"] == "normal"


def test_a_view_is_counted(client: ZendeskClient) -> None:
    opened(client, "counted", tags=["counted_once"])
    tagged = {"field": "current_tags", "operator": "includes", "value": "counted_once"}
    body = {"view": {"title": "Counted", "all": [tagged, UNSOLVED]}}
    view = client.session.write("POST", "/api/v2/views.json", body)["view"]

    assert client.count_view(view["id"]) == 1


def test_holidays_belong_to_their_schedule(client: ZendeskClient) -> None:
    schedule = client.schedules()[0]
    path = f"/api/v2/business_hours/schedules/{schedule['id']}/holidays.json"
    year = client.server_time()
    assert year is not None
    day = f"{year.year}-12-25"
    body = {"holiday": {"name": "Closed", "start_date": day, "end_date": day}}
    client.session.write("POST", path, body)

    assert "Closed" in [holiday["name"] for holiday in client.holidays(schedule["id"])]


def test_webhooks_are_listed(client: ZendeskClient) -> None:
    made = client.create_webhook(
        name="listed",
        endpoint="http://127.0.0.1:9/hook",
        subscriptions=["zen:event-type:ticket.created"],
    )

    assert made["id"] in [webhook["id"] for webhook in client.webhooks()]


def test_a_search_is_exported_whole(client: ZendeskClient) -> None:
    ticket = complaint(client, "searched", subject="frozen zebra")
    pages = search_export(client.session, "type:ticket subject:zebra", "ticket")

    assert [record["id"] for page in pages for record in page.objects()] == [ticket["id"]]


def events_of(pages: list[Page]) -> dict[int, str]:
    return {event["id"]: event["type"] for page in pages for event in page.objects()}


def test_metric_events_come_the_same_by_time_and_by_cursor(client: ZendeskClient) -> None:
    opened(client, "metrics")
    key = "ticket_metric_events"
    by_time = list(time_export(client.session, METRIC_EVENTS, key, start_time=0, cursor=None))
    by_cursor = list(list_export(client.session, METRIC_EVENTS, key, params={"start_time": 0}))
    again = list(list_export(client.session, METRIC_EVENTS, key, cursor=by_cursor[-1].cursor))

    assert events_of(by_time) == events_of(by_cursor) != {}
    # Breaches lie ahead, so the end is the present: what is newer comes again, nothing is lost.
    assert events_of(again).items() <= events_of(by_cursor).items()


def test_a_refusal_names_zendesks_code_and_the_request(client: ZendeskClient) -> None:
    ticket = opened(client, "refused")

    with pytest.raises(ZendeskRefused) as caught:
        client.update_ticket(ticket["id"], {"status": "asleep"}, marker="m", updated_stamp=None)

    assert (caught.value.status, caught.value.code) == (422, "RecordInvalid")
    assert caught.value.request_id
