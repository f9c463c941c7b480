"""What the sandbox answers agrees with Zendesk's own OpenAPI file, but for that file's errors."""

import re
from collections.abc import Iterator

import pytest

from tests.support.openapi import OAS, Operation, covered, differences
from tests.support.sandbox import desk_on
from tests.support.shared import shared_file
from tests.support.tour import Tour

# (operations, differences, why the sandbox is right): all three are needed to excuse anything.
UNKNOWN = " is unknown to the file"
KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        r"GET .*|PUT .*/(reorder|make_default|make_primary)",
        rf"(count|next_page|previous_page){UNKNOWN}",
        "recorded on every list that is read by page number",
    ),
    (
        r".* ticket_forms.*",
        rf"\w+(\[\])?\.(deleted_at|form_type){UNKNOWN}",
        "in every real form",
    ),
    (
        r".*(satisfaction_rating|satisfaction_reasons).*",
        r"(satisfaction_rating|reason): dict, not array",
        "one record is no list; the file's own examples agree",
    ),
    (
        r"GET job_statuses",
        r"job_statuses\.\[\]\.results: list fits no alternative",
        "recorded: results of creations have no action",
    ),
    (
        r"PUT triggers/reorder",
        rf"triggers{UNKNOWN}",
        "not recorded: answered with the list in its new order",
    ),
    (
        r".*tickets.*",
        rf"(ticket|tickets\[\])\.(fields|generated_timestamp){UNKNOWN}",
        "recorded: fields repeats custom_fields; exports and creations bear a generated_timestamp",
    ),
    (
        r"(POST|PUT) tickets(/\{id\})?",
        rf"audit(\.events\[\]\.\w+)?{UNKNOWN}",
        "recorded: creations and updates answer with the audit, comments among its events",
    ),
    (
        r"(POST|GET|PUT) (automations|custom_statuses|views).*",
        rf"\w+(\[\])?\.url{UNKNOWN}",
        "in every real record of these kinds",
    ),
    (
        r".* (macros|views).*",
        rf"\w+(\[\])?\.raw_title{UNKNOWN}",
        "recorded",
    ),
    (r"POST (macros|views|custom_roles)", r"status 201, not \['200'\]", "recorded"),
    (
        r"GET (tickets/\{id\}/)?macros/\{id\}/apply",
        r"result\.ticket\..*",
        "the file lists three fields; the page about macros shows whole tickets",
    ),
    (
        r"GET .*organizations.*",
        rf"organizations?(\[\])?\.deleted_at{UNKNOWN}",
        "in every real organization that was read",
    ),
    (
        r".* requests.*",
        rf"\w+(\[\])?\.(fields|followup_ids){UNKNOWN}",
        "not recorded: requests are tickets as their customers see them",
    ),
    (
        r".* slas/policies.*",
        rf"\w+(\[\])?\.(metric_settings|policy_metrics\[\]\.target_in_seconds){UNKNOWN}",
        "in real policies since messaging has targets in seconds",
    ),
    (
        r".* ticket_fields.*",
        rf"\w+(\[\])?\.(key|agent_can_edit|raw_agent_description|custom_field_options\[\]\.default"
        rf"|custom_statuses\[\]\.url){UNKNOWN}",
        "in every real ticket field",
    ),
    (
        r"GET search.*",
        rf"results\[\]\.\w+{UNKNOWN}",
        "the file names only what all kinds of results share",
    ),
    (
        r".* custom_roles.*",
        rf"\w+(\[\])?\.configuration\.\w+{UNKNOWN}",
        "permissions that are newer than the file, all in a real role",
    ),
    (
        r"GET incremental/ticket_events",
        r"ticket_events\[\]\.\w+ .*",
        "the file takes ticket events for ticket metric events",
    ),
    (
        r"GET incremental/ticket_metric_events",
        rf"(end_of_stream|ticket_metric_events\[\]\.(deleted|sla|status)){UNKNOWN}",
        "a live account sends them",
    ),
    (
        r"GET incremental/ticket_metric_events",
        r"ticket_metric_events\.\[\]\.metric: 'group_ownership_time' is no value of the file",
        "a live account has group ownership times",
    ),
    (
        r"GET incremental/ticket_metric_events",
        rf"(ticket_metric_events\[\]\.group_sla{UNKNOWN}|.*'apply_group_sla' is no value .*)",
        "the file describes group_sla beside the event and forgets it in the list of types",
    ),
    (
        r"GET views/\{id\}/execute|POST views/preview",
        rf"(users|count|next_page|previous_page){UNKNOWN}",
        "the page about views shows the people of the rows; pages by number are as everywhere",
    ),
    (r"POST uploads", rf"upload\.expires_at{UNKNOWN}", "on the page about attachments"),
    (
        r"POST trigger_categories",
        r"status 201, not .*",
        "a creation answers 201 like every recorded one",
    ),
    (
        r"GET triggers/.*",
        rf"(trigger_revisions\[\]\.diff\.conditions|definitions)\..*{UNKNOWN}",
        "the file leaves the inner parts open",
    ),
    (
        r"PUT .*(restore|restore_many|reorder|make_private|mark_as_spam|request_verification)",
        r": dict, not string",
        "recorded for restore: an empty object; the file says an empty text",
    ),
    (
        r"GET tickets/\{id\}/related",
        rf"jira_issue_ids{UNKNOWN}",
        "on the page about tickets of the same year",
    ),
    (
        r"DELETE tickets/\{id\}/tags",
        r"status 200, not \['204'\]",
        "public clients read the tags that are left from the answer",
    ),
)


@pytest.fixture(scope="module")
def tour() -> Iterator[Tour]:
    shared_file(OAS)
    with desk_on(tickets=20) as desk:
        # A small past need not hold a ticket with a group target: it changes with the hour.
        desk.ticket(group_id=desk.group_id("Legal"), priority="urgent")
        yield Tour(desk)


def answered(tour: Tour, operation: Operation) -> list[str]:
    """Do an operation and return where its answer leaves the file."""
    path = tour.path(operation.pattern)
    answer = tour.desk.call(
        operation.method,
        path,
        params=tour.query(operation.method, operation.pattern),
        **tour.content(operation.method, operation.pattern),
    )
    assert answer.ok, f"{operation.name}: {answer.status_code} {answer.text[:300]}"
    content = answer.json() if answer.content else None
    return differences(operation, answer.status_code, content)


def is_known(operation: Operation, difference: str) -> bool:
    """Tell whether a difference is one of the file's known errors."""
    return any(
        re.fullmatch(operations, operation.name) and re.fullmatch(text, difference)
        for operations, text, _ in KNOWN
    )


@pytest.mark.parametrize(
    "operation",
    [pytest.param(one, id=one.name) for one in covered()] or [pytest.param(None, id="no-file")],
)
def test_answer_agrees_with_the_file(tour: Tour, operation: Operation) -> None:
    found = answered(tour, operation)

    assert [one for one in found if not is_known(operation, one)] == []


def test_every_known_difference_still_exists(tour: Tour) -> None:
    left = {entry[:2] for entry in KNOWN}
    for operation in covered():
        wanted = [entry for entry in left if re.fullmatch(entry[0], operation.name)]
        found = answered(tour, operation) if wanted else []
        left -= {entry for entry in wanted if any(re.fullmatch(entry[1], one) for one in found)}

    assert left == set()
