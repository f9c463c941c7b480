"""zenpy merges, attaches, redacts and reads what came of it, unmodified."""

import io
from typing import Any

import pytest
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

from tests.support.sandbox import Desk

BLACK = "▇"


def opened(zenpy: Any, **fields: Any) -> Any:
    asked = {
        "subject": "Frozen",
        "comment": Comment(body="Card 4111 1111"),
        "requester": User(name="Wang Fang", email="wang@customer.example"),
    }
    return zenpy.tickets.create(Ticket(**asked | fields)).ticket


def test_tickets_are_merged(zenpy: Any) -> None:
    target, source = opened(zenpy), opened(zenpy)

    job = zenpy.tickets.merge(target, source, target_comment="Both", source_comment="See there")

    results = zenpy.job_status(id=job.id).results
    merged = zenpy.tickets(id=source.id)
    assert [one.success for one in results] == [True]
    assert (merged.status, merged.tags) == ("closed", ["closed_by_merge"])
    assert [one.body for one in zenpy.tickets.comments(target.id)][-1] == "Both"


def test_a_file_goes_up_with_a_comment_and_comes_down(zenpy: Any) -> None:
    upload = zenpy.attachments.upload(io.BytesIO(b"proof"), target_name="proof.txt")
    ticket = opened(zenpy)
    ticket.comment = Comment(body="See", uploads=[upload.token])

    audit = zenpy.tickets.update(ticket).audit

    (attachment,) = audit.events[0]["attachments"]
    content = zenpy.attachments.download(attachment["id"]).getvalue()
    assert attachment["file_name"] == "proof.txt"
    assert content == b"proof"
    assert zenpy.attachments(id=attachment["id"]).size == 5


def test_an_upload_is_deleted(zenpy: Any) -> None:
    upload = zenpy.attachments.upload(io.BytesIO(b"proof"), target_name="proof.txt")

    zenpy.attachments.delete(upload.token)

    with pytest.raises(RecordNotFoundException):
        zenpy.attachments(id=upload.attachment.id)


def test_a_file_and_words_are_redacted(zenpy: Any, desk: Desk) -> None:
    upload = zenpy.attachments.upload(io.BytesIO(b"proof"), target_name="proof.txt")
    ticket = opened(zenpy, comment=Comment(body="Card 4111 1111", uploads=[upload.token]))
    (comment,) = zenpy.tickets.comments(ticket.id)

    redacted = zenpy.attachments.redact(ticket.id, comment.id, upload.attachment.id)
    zenpy.tickets.comment_redact(ticket.id, comment.id, "4111 1111")

    (after,) = zenpy.tickets.comments(ticket.id)
    assert redacted.file_name == "proof.txt"
    assert after.body == f"Card {BLACK * 9}"
    assert after.attachments[0].file_name == "redacted.txt"
    assert zenpy.tickets(id=ticket.id).description == f"Card {BLACK * 9}"
    kinds = [event["type"] for audit in zenpy.tickets.audits(ticket.id) for event in audit.events]
    assert kinds[-2:] == ["AttachmentRedactionEvent", "CommentRedactionEvent"]
    desk.set_clock("2031-01-01T01:00:00Z")
    events = list(zenpy.tickets.events(start_time=1, include=["comment_events"]))
    shown = [child for event in events for child in event.child_events]
    assert shown[-1]["event_type"] == "CommentRedactionEvent"
    assert "4111" not in str([event.to_dict() for event in events])


def test_words_of_a_closed_ticket_stay(zenpy: Any) -> None:
    ticket = opened(zenpy)
    (comment,) = zenpy.tickets.comments(ticket.id)
    ticket.status = "closed"
    zenpy.tickets.update(ticket)

    with pytest.raises(APIException):
        zenpy.tickets.comment_redact(ticket.id, comment.id, "4111")


def test_a_deleted_ticket_is_restored_and_deleted_for_good(zenpy: Any) -> None:
    ticket = opened(zenpy)
    zenpy.tickets.delete(ticket)
    zenpy.tickets.restore(ticket)
    back = zenpy.tickets(id=ticket.id)
    zenpy.tickets.delete(ticket)

    job = zenpy.tickets.permanently_delete(ticket)

    assert back.status == "new"
    assert zenpy.job_status(id=job.id).status == "completed"
    assert list(zenpy.tickets.deleted()) == []


def test_incidents_of_a_problem_are_listed(zenpy: Any) -> None:
    problem = opened(zenpy, type="problem")
    incident = opened(zenpy, type="incident", problem_id=problem.id)

    assert [one.id for one in zenpy.tickets.incidents(problem)] == [incident.id]
    assert zenpy.tickets(id=problem.id).has_incidents is True
