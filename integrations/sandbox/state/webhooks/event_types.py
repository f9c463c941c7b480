"""To which events a webhook can subscribe, and the word for calls by triggers instead."""

import re

CONDITIONAL = "conditional_ticket_events"
PREFIX = "zen:event-type:"
TICKET_EVENTS = frozenset(
    (
        "agent_assignment_changed attachment_linked_to_comment attachment_redacted_from_comment "
        "brand_changed comment_added comment_made_private comment_redacted created csat_received "
        "csat_requested custom_field_changed custom_status_changed description_changed "
        "email_ccs_changed external_id_changed followers_changed form_changed "
        "group_assignment_changed marked_as_spam merged next_sla_breach_changed ola_policy_changed "
        "organization_changed permanently_deleted priority_changed problem_link_changed "
        "requester_changed schedule_changed sla_policy_changed soft_deleted status_changed "
        "subject_changed submitter_changed tags_changed task_due_at_changed type_changed undeleted"
    ).split()
)
# Webhooks may want these too; nothing in the sandbox causes them, so their names are not checked.
OTHER_DOMAINS = (
    "agent|agent_availability|article|asset|community_post|custom_object|messaging_ticket|"
    "omnichannel_config|organization|user"
)
_OTHER = re.compile(f"{PREFIX}(?:{OTHER_DOMAINS})\\.[a-z_]{{1,100}}")


def is_event_type(name: str) -> bool:
    """Return whether Zendesk knows an event of this name."""
    domain, _, event = name.removeprefix(PREFIX).partition(".")
    if name.startswith(PREFIX) and domain == "ticket":
        return event in TICKET_EVENTS
    return _OTHER.fullmatch(name) is not None
