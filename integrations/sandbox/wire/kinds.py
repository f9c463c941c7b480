"""Which JSON kind each written field has: a wrong kind is refused before any rule sees it."""

from collections.abc import Callable
from typing import Any

from integrations.sandbox.state.refusals import Refusal

TEXT = frozenset(
    (
        "subject raw_subject description priority status type external_id recipient due_at "
        "assignee_email name title raw_title email role phone time_zone alias details notes "
        "signature endpoint http_method request_format key tag subdomain brand_url display_name "
        "status_category agent_label end_user_label end_user_description start_date end_date "
        "regexp_for_validation title_in_portal agent_description body html_body host_mapping "
        "ticket_restriction updated_stamp locale category_id signature_template "
        "created_at state slack_workspace_id slack_channel_id msteams_channel_id"
    ).split()
)
LISTS = frozenset(
    (
        "actions all any comments policy_metrics intervals subscriptions collaborator_ids "
        "follower_ids email_cc_ids domain_names ticket_field_ids restricted_brand_ids "
        "end_user_conditions agent_conditions custom_field_options ticket_form_ids columns "
        "macro_ids external_attachment_urls to events"
    ).split()
)
OBJECTS = frozenset(
    (
        "conditions filter output authentication custom_headers user_fields organization_fields "
        "metadata data restriction metric_settings message from external_ids"
    ).split()
)
NUMBERS = frozenset(
    (
        "position requester_id submitter_id assignee_id group_id brand_id organization_id user_id "
        "ticket_form_id custom_status_id author_id problem_id ticket_id locale_id default_group_id "
        "custom_role_id target target_in_seconds start_time end_time "
        "support_group_id support_agent_id"
    ).split()
)
SWITCHES = frozenset(
    (
        "verified suspended moderator only_private_comments default active is_public primary "
        "shared_tickets shared_comments end_user_visible in_all_brands required view_tickets "
        "collapsed_for_agents visible_in_portal editable_in_portal required_in_portal "
        "has_help_center"
    ).split()
)
OF_OBJECTS = frozenset(
    "actions all any policy_metrics intervals custom_field_options comments to events".split()
)
YES, NO = ("true", "1"), ("false", "0", "")
BIGGEST = 2**63 - 1


def checked(asked: dict[str, Any]) -> dict[str, Any]:
    """Return an object of a request with every known field in its kind, numbers as text too."""
    return {name: _checked(name, value) for name, value in asked.items()}


def objects_in(asked: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of a list in a request, each with its fields in their kinds."""
    given = asked.get(name)
    if not isinstance(given, list):
        return []
    return [checked(one) for one in given if isinstance(one, dict)]


def _checked(name: str, value: Any) -> Any:
    check = CHECKS.get(name)
    return value if value is None or check is None else check(name, value)


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict | list):
        raise wrong_kind(name, "must be a string")
    return value if isinstance(value, str) else str(value)


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise wrong_kind(name, "must be an array")
    if name not in OF_OBJECTS:
        kind = OF_ONE_KIND.get(name)
        return [kind(name, one) if kind else one for one in value]
    if not all(isinstance(one, dict) for one in value):
        raise wrong_kind(name, "must be an array of objects")
    return [checked(one) for one in value]


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong_kind(name, "must be an object")
    if name == "custom_headers" and not all(map(_is_header_text, value.values())):
        raise wrong_kind(name, "must hold strings of one line")
    return value if name in ("metadata", "custom_headers", "external_ids") else checked(value)


def _is_header_text(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _number(name: str, value: Any) -> int | None:
    if value == "":
        return None
    whole = int(value) if isinstance(value, str) and is_whole(value) else value
    if isinstance(whole, bool) or not isinstance(whole, int) or abs(whole) > BIGGEST:
        raise wrong_kind(name, "must be an integer")
    return whole


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool | int | str) or str(value).lower() not in YES + NO:
        raise wrong_kind(name, "must be a boolean")
    return str(value).lower() in YES


def _tags(name: str, value: Any) -> str | list[str]:
    return value if isinstance(value, str) else [_text(name, one) for one in _list(name, value)]


def _tokens(name: str, value: Any) -> list[str]:
    """Return the uploads of a comment, which names one as text or several in a list."""
    tokens = value if isinstance(value, list) else [value]
    return [_text(name, token) for token in tokens if token != ""]


def _comment(name: str, value: Any) -> Any:
    """Return a comment, which may be only its text."""
    return {"body": value} if isinstance(value, str) else _nested(name, value)


def _nested(_: str, value: Any) -> Any:
    return checked(value) if isinstance(value, dict) else value


OF_ONE_KIND: dict[str, Callable[[str, Any], Any]] = {"subscriptions": _text, "macro_ids": _number}
CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(TEXT, _text),
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys(OBJECTS, _object),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(SWITCHES, _switch),
    "tags": _tags,
    "uploads": _tokens,
    "comment": _comment,
    "requester": _nested,
}


def is_whole(text: str) -> bool:
    """Return whether a text is a whole number that an id or a count could be."""
    return text.isascii() and text.isdigit() and len(text) < len(str(BIGGEST))


def wrong_kind(name: str, expected: str) -> Refusal:
    """Say that a field has the wrong kind of value."""
    message = f"You passed an invalid value for the {name} attribute. "
    message += f"Invalid parameter: {name} {expected}"
    return Refusal(400, {"error": {"title": "Invalid attribute", "message": message}})
