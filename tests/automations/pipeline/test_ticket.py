from datetime import UTC, datetime
from typing import Any

import pytest

from automations.pipeline.ticket import view
from tests.support.tickets import CUSTOMER, make_audit, make_comment, make_ticket

AGENT = 701


def test_comments_come_from_the_audits_in_their_order() -> None:
    seen = view(
        make_ticket(),
        [
            make_audit(1, {"id": 10, "type": "Create"}, make_comment(11, "Help")),
            make_audit(2, make_comment(21, "Please wait", author_id=AGENT, public=False)),
            make_audit(3, {"id": 31, "type": "Change", "field_name": "status"}),
        ],
    )

    assert [(one.id, one.author_id, one.public, one.body) for one in seen.comments] == [
        (11, CUSTOMER, True, "Help"),
        (21, AGENT, False, "Please wait"),
    ]
    assert seen.comments[0].created_at == datetime(2026, 3, 3, 11, tzinfo=UTC)


def test_the_complaint_is_what_the_customer_said() -> None:
    seen = view(
        make_ticket(),
        [
            make_audit(1, make_comment(11, "My coins are gone")),
            make_audit(2, make_comment(21, "Which coins?", author_id=AGENT)),
            make_audit(3, make_comment(31, "Draft", author_id=AGENT, public=False)),
            make_audit(4, make_comment(41, "All of them!")),
            make_audit(5, make_comment(51, "I am a friend of his", author_id=999)),
        ],
    )

    assert seen.complaint_text == "My coins are gone\n\nAll of them!"


def test_the_opening_counts_when_an_agent_opened_the_ticket_for_a_caller() -> None:
    seen = view(
        make_ticket(),
        [
            make_audit(1, make_comment(11, "The caller says …", author_id=AGENT, public=False)),
            make_audit(2, make_comment(21, "Indeed")),
        ],
    )

    assert [one.id for one in seen.complaint] == [11, 21]


@pytest.mark.parametrize("kind", ["Comment", "VoiceComment", "FacebookComment", "TweetComment"])
def test_a_complaint_counts_by_whatever_channel_it_came(kind: str) -> None:
    seen = view(make_ticket(), [make_audit(1, make_comment(11, "Help", type=kind))])

    assert seen.complaint_text == "Help"


def test_the_plain_text_is_read_before_the_formatted_one() -> None:
    comment = make_comment(11, plain_body="plain", body="**rich**")

    assert view(make_ticket(), [make_audit(1, comment)]).complaint_text == "plain"


@pytest.mark.parametrize("gaps", [{"plain_body": None}, {"plain_body": ""}])
def test_the_body_is_read_where_there_is_no_plain_text(gaps: dict[str, str | None]) -> None:
    comment = make_comment(11, "Help") | gaps

    assert view(make_ticket(), [make_audit(1, comment)]).complaint_text == "Help"


def test_a_comment_without_text_or_author_is_its_audits_authors_silence() -> None:
    comment = {"id": 11, "type": "Comment", "body": None}

    (seen,) = view(make_ticket(), [make_audit(1, comment)]).comments

    assert (seen.author_id, seen.public, seen.body) == (CUSTOMER, True, "")


def test_quoted_history_and_signatures_are_no_words_of_the_customer() -> None:
    body = "Still frozen\n\nOn Monday, Help wrote:\n> Was it hacked?\n\nSent from my iPhone"
    comment = make_comment(1, body)

    assert view(make_ticket(), [make_audit(1, comment)]).complaint_text == "Still frozen"


def test_a_ticket_without_audits_holds_no_complaint() -> None:
    assert view(make_ticket(), []).complaint == ()
    assert view(make_ticket(), [{"id": 1}]).complaint_text == ""


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        ({"subject": "Help", "raw_subject": "Help {{x}}"}, "Help {{x}}"),
        ({"subject": "Help"}, "Help"),
        ({"subject": None}, ""),
    ],
    ids=["raw", "plain", "none"],
)
def test_the_subject_is_the_customers_own(names: dict[str, Any], subject: str) -> None:
    assert view(make_ticket(**names), []).subject == subject
