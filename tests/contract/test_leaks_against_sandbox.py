"""Secrets are taken out of comments by the real client, on the wire, for good."""

import random
from uuid import uuid4

import pytest

from integrations.redaction.finding import find_secrets
from integrations.redaction.redactor import Redactor
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.leaks import certain_secrets, marked
from tests.support import planted
from tests.support.contract import client, url
from tests.support.planted import SENTENCES

__all__ = ["client", "url"]

RNG = random.Random(5)


def opened(client: ZendeskClient, body: str, subject: str = "help") -> int:
    ticket = {"subject": subject, "comment": {"body": body}}
    return int(client.create_ticket(ticket, idempotency_key=uuid4().hex)["id"])


@pytest.mark.parametrize(
    ("make", "sentence"), [(make, each) for _, make, sentences in SENTENCES for each in sentences]
)
def test_a_secret_is_gone_from_every_form_of_a_comment(
    client: ZendeskClient, make: planted.Make, sentence: str
) -> None:
    ticket_id = opened(client, sentence.format(make(RNG)))
    ticket, changes = client.take_back_secrets(ticket_id, Redactor())
    (comment,) = client.redactions.comments(ticket_id)

    shown = [comment[name] for name in ("body", "html_body", "plain_body")]
    assert [find_secrets(text) for text in (*shown, ticket["description"])] == [[]] * 4
    assert changes == {}


def test_taking_back_twice_sends_nothing_more(client: ZendeskClient) -> None:
    ticket_id = opened(client, f"words: {planted.english_seed(RNG)}")
    client.take_back_secrets(ticket_id, Redactor())
    once = client.audits(ticket_id)
    client.take_back_secrets(ticket_id, Redactor())

    assert client.audits(ticket_id) == once


def test_subject_and_fields_are_to_be_changed(client: ZendeskClient) -> None:
    ticket_id = opened(client, "see above", f"password: {planted.password(RNG)}")
    _, changes = client.take_back_secrets(ticket_id, Redactor())

    assert changes == {"subject": "password: [REDACTED:PASSWORD]"}


def test_marks_never_cross_tags_and_links_are_marked_as_a_whole() -> None:
    html = "<p>recovery</p><p>" + planted.english_seed(RNG).replace(" ", "</p><p>") + "</p>"
    key = planted.api_secret(RNG, 32)
    link = f'<a href="https://x.example/?api_key={key}">see</a>'

    assert "<redact><" not in marked(html, certain_secrets(html))
    assert marked(link, certain_secrets(link)).startswith("<a redact href=")
