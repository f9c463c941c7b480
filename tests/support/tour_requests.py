"""What each operation of the API wants: places, queries and bodies, as data."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.tour import Tour


Json = dict[str, Any]
ISSUE = {"subject": "Frozen", "comment": {"body": "Why?"}}
CUSTOMER = {"requester": {"name": "Wang Fang", "email": "wang.fang@customer.example"}}
SOLVED_FILTER = {
    "all": [{"field": "status", "operator": "is", "value": "solved"}],
    "any": [],
}
TAGGED = {"all": [{"field": "current_tags", "operator": "includes", "value": "vip"}], "any": []}
REPLY_TARGET = {
    "priority": "urgent",
    "metric": "first_reply_time",
    "target": 15,
    "business_hours": False,
}
NIGHTLY = {
    "all": [
        {"field": "status", "operator": "is", "value": "solved"},
        {"field": "SOLVED", "operator": "greater_than", "value": "96"},
    ],
    "any": [],
}
AS_CUSTOMER = {"X-On-Behalf-Of": "wang.fang@customer.example"}
BY_CUSTOMERS = frozenset({"POST tickets/{id}/satisfaction_rating"})
NEW: dict[str, Callable[[int], Json]] = {
    # plural -> what a creation asks, made different by a number
    "automations": lambda n: {
        "automation": {
            "title": f"Close {n}",
            "conditions": NIGHTLY,
            "actions": [{"field": "status", "value": "closed"}],
        }
    },
    "brands": lambda n: {"brand": {"name": f"Brand {n}", "subdomain": f"brand{n}"}},
    "custom_roles": lambda n: {
        "custom_role": {"name": f"Role {n}", "configuration": {"ticket_access": "all"}}
    },
    "custom_statuses": lambda n: {
        "custom_status": {"agent_label": f"Held {n}", "status_category": "hold"}
    },
    "group_slas/policies": lambda n: {
        "group_sla_policy": {
            "title": f"Handover {n}",
            "filter": {"all": [{"field": "group_id", "operator": "includes", "value": []}]},
            "policy_metrics": [
                {
                    "priority": "urgent",
                    "metric": "group_ownership_time",
                    "target": 1800,
                    "business_hours": False,
                }
            ],
        }
    },
    "groups": lambda n: {"group": {"name": f"Shift {n}"}},
    "macros": lambda n: {
        "macro": {"title": f"Thaw {n}", "actions": [{"field": "status", "value": "solved"}]}
    },
    "organization_fields": lambda n: {
        "organization_field": {"type": "text", "title": f"Tier {n}", "key": f"tier_{n}"}
    },
    "organizations": lambda n: {"organization": {"name": f"Whale {n}"}},
    "requests": lambda n: {"request": ISSUE | {"subject": f"Help {n}"}},
    "slas/policies": lambda n: {
        "sla_policy": {
            "title": f"Promise {n}",
            "filter": TAGGED,
            "policy_metrics": [REPLY_TARGET],
        }
    },
    "ticket_fields": lambda n: {
        "ticket_field": {
            "type": "tagger",
            "title": f"Chain {n}",
            "custom_field_options": [{"name": "Tron", "value": f"tron_{n}"}],
        }
    },
    "ticket_forms": lambda n: {"ticket_form": {"name": f"Form {n}"}},
    "tickets": lambda n: {"ticket": ISSUE | CUSTOMER | {"subject": f"Frozen {n}"}},
    "trigger_categories": lambda n: {"trigger_category": {"name": f"Risk {n}"}},
    "triggers": lambda n: {
        "trigger": {
            "title": f"Route {n}",
            "conditions": SOLVED_FILTER,
            "actions": [{"field": "priority", "value": "high"}],
        }
    },
    "user_fields": lambda n: {
        "user_field": {
            "type": "dropdown",
            "title": f"Level {n}",
            "key": f"level_{n}",
            "custom_field_options": [{"name": "Gold", "value": f"gold_{n}"}],
        }
    },
    "users": lambda n: {"user": {"name": f"Li Na {n}", "email": f"li.na{n}@customer.example"}},
    "views": lambda n: {"view": {"title": f"Solved {n}"} | SOLVED_FILTER},
}
QUERIES: dict[str, Json] = {
    # operations that want something in their query
    "GET autocomplete/tags": {"name": "vi"},
    "GET macros/search": {"query": "Thaw"},
    "GET automations/search": {"query": "Close"},
    "GET triggers/search": {"query": "Route"},
    "GET views/search": {"query": "Solved"},
    "GET organizations/autocomplete": {"name": "Wh"},
    "GET organizations/search": {"external_id": "unknown"},
    "GET search": {"query": "type:ticket frozen"},
    "GET search/count": {"query": "type:ticket"},
    "GET search/export": {"query": "frozen", "filter[type]": "ticket"},
    "GET users/autocomplete": {"name": "Li"},
    "GET users/search": {"query": "Li"},
    "POST uploads": {"filename": "proof.txt"},
    "GET requests/search": {"query": "Help"},
}
# Where a variable of a path is not simply a new record of the word before it.
PLACES: dict[str, Callable[..., Any]] = {
    "activities/{id}": lambda tour: tour.activity(),
    "attachments/{id}": lambda tour: tour.attached()[2],
    "comment_redactions/{id}": lambda tour: tour.comment_to_redact(),
    "deleted_tickets/{id}": lambda tour: tour.deleted_ticket(),
    "deleted_users/{id}": lambda tour: tour.deleted_user(),
    "group_memberships/{id}": lambda tour: tour.member(),
    "job_statuses/{key}": lambda tour: tour.job(),
    "organization_memberships/{id}": lambda tour: tour.joined()[1],
    "satisfaction_ratings/{id}": lambda tour: tour.rated(),
    "satisfaction_reasons/{id}": lambda tour: tour.first("satisfaction_reasons", "reasons")["id"],
    "group_slas/policies/{key}": lambda tour: tour.new("group_slas/policies"),
    "trigger_categories/{key}": lambda tour: tour.new("trigger_categories"),
    "ticket_metrics/{id}": lambda tour: tour.metric(),
    "tickets/{id}/audits/{id}": lambda tour, ticket: tour.first(
        f"tickets/{ticket}/audits", "audits"
    )["id"],
    "tickets/{id}/comments/{id}": lambda tour, ticket: tour.first(
        f"tickets/{ticket}/comments", "comments"
    )["id"],
    "tickets/{id}/macros/{id}": lambda tour, _: tour.new("macros"),
    "ticket_fields/{id}/options/{id}": lambda tour, field: tour.option("ticket_fields", field),
    "user_fields/{id}/options/{id}": lambda tour, field: tour.option("user_fields", field),
    "requests/{id}/comments/{id}": lambda tour, request: tour.first(
        f"requests/{request}/comments", "comments"
    )["id"],
    "triggers/{id}/revisions/{id}": lambda tour, trigger: tour.first(
        f"triggers/{trigger}/revisions", "trigger_revisions"
    )["id"],
    "tickets/{id}": lambda tour: tour.solved(),
    "locales/{key}": lambda tour: tour.first("locales", "locales")["id"],
    "uploads/{key}": lambda tour: tour.upload(),
    "users/{id}/identities/{id}": lambda tour, user: tour.identity(user),
    "users/{id}/group_memberships/{id}": lambda tour, user: tour.membership_of(user),
    "users/{id}/organization_memberships/{id}": lambda tour, user: tour.organization_of(user),
    "users/{id}/organizations/{id}": lambda tour, user: tour.organization_of(user),
}
PATHS: dict[str, Callable[["Tour"], str]] = {
    "tickets/{id}/mark_as_spam": lambda tour: f"tickets/{tour.spam()}/mark_as_spam",
    "users/{id}/compliance_deletion_statuses": lambda tour: (
        f"users/{tour.erased_user()}/compliance_deletion_statuses"
    ),
    "users/{id}/organization_memberships/{id}/make_default": lambda tour: (
        "users/{}/organization_memberships/{}/make_default".format(*tour.joined())
    ),
    "tickets/{id}/comments/{id}/attachments/{id}/redact": lambda tour: (
        "tickets/{}/comments/{}/attachments/{}/redact".format(*tour.attached())
    ),
}
BODIES: dict[str, Callable[["Tour"], Any]] = {
    "POST tickets/{id}/satisfaction_rating": lambda _: {"satisfaction_rating": {"score": "good"}},
    "PUT custom_status/default": lambda tour: {"ids": str(tour.new("custom_statuses"))},
    "POST group_memberships": lambda tour: tour.membership_asked(),
    "POST imports/tickets": lambda _: {"ticket": ISSUE | {"created_at": "2024-01-01T00:00:00Z"}},
    "POST imports/tickets/create_many": lambda _: {"tickets": [ISSUE]},
    "POST organization_memberships": lambda tour: tour.joining_asked(),
    "POST organizations/create_many": lambda _: {"organizations": [{"name": "Several"}]},
    "POST organizations/create_or_update": lambda _: {"organization": {"name": "Either"}},
    "POST tickets/create_many": lambda _: {"tickets": [ISSUE]},
    "POST tickets/{id}/merge": lambda tour: {"ids": [tour.new("tickets")]},
    "POST tickets/{id}/tags": lambda _: {"tags": ["vip"]},
    "PUT tickets/{id}/tags": lambda _: {"tags": ["vip"]},
    "DELETE tickets/{id}/tags": lambda _: {"tags": ["vip"]},
    "PUT tickets/{id}/comments/{id}/redact": lambda _: {"text": "Why"},
    "PUT comment_redactions/{id}": lambda tour: {
        "ticket_id": tour.ticket_to_redact,
        "html_body": "<redact>Why</redact>?",
    },
    "PUT tickets/update_many": lambda tour: {
        "tickets": [{"id": tour.new("tickets"), "status": "open"}]
    },
    "PUT users/update_many": lambda tour: {"users": [{"id": tour.new("users"), "name": "Li"}]},
    "POST users/create_many": lambda tour: {"users": [{"name": "N", "email": tour.address()}]},
    "POST users/create_or_update_many": lambda tour: {
        "users": [{"name": "N", "email": tour.address()}]
    },
    "POST users/create_or_update": lambda tour: {"user": {"name": "N", "email": tour.address()}},
    "POST users/request_create": lambda tour: {"user": {"name": "N", "email": tour.address()}},
    "PUT users/{id}/merge": lambda tour: {"user": {"id": tour.new("users")}},
    "POST users/{id}/identities": lambda tour: {
        "identity": {"type": "email", "value": tour.address()}
    },
    "PUT users/{id}/identities/{id}": lambda _: {"identity": {"verified": True}},
    "PUT slas/policies/reorder": lambda tour: {"sla_policy_ids": tour.all("slas/policies")},
    "PUT triggers/reorder": lambda tour: {"trigger_ids": tour.triggers_of_one_category()},
    "PUT group_slas/policies/reorder": lambda tour: {
        "group_sla_policy_ids": tour.all("group_slas/policies")
    },
    "POST ticket_fields/{id}/options": lambda _: {
        "custom_field_option": {"name": "Solana", "value": "solana_new"}
    },
    "POST user_fields/{id}/options": lambda _: {
        "custom_field_option": {"name": "Gold", "value": "gold_new"}
    },
    "POST views/preview": lambda _: {"view": SOLVED_FILTER | {"output": {"columns": ["subject"]}}},
    "POST views/preview/count": lambda _: {"view": SOLVED_FILTER},
    "POST problems/autocomplete": lambda _: {"text": "out"},
}
