"""What placeholders stand for: a ticket, its people, its comments, and who acts."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

from integrations.sandbox.rules.liquid.rendering import render
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

# how a value must be written to stand inside the body of a webhook
ESCAPES: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "xml": escape,
}
SUBDOMAIN = "sandbox"
CHANNEL_TITLES = {"api": "Web service", "web": "Web form", "mail": "Mail", "rule": "Web service"}


class Filler:
    """Fills texts for one ticket and one acting person."""

    def __init__(
        self, account: Account, case: TicketCase, actor: Record, *, form: str | None = None
    ) -> None:
        self._account = account
        self._case = case
        self._record = case.record
        self._escape = ESCAPES.get(form or "", str)
        self._scope = {
            "ticket": self._ticket(),
            "current_user": _person(account, actor),
            "account": {"name": self._brand()},
            "satisfaction": self._satisfaction(),
        }

    def text(self, template: str) -> str:
        """Return a text with its placeholders filled, as the body of the webhook needs them."""
        return render(template, self._scope, self._escape)

    def plain(self, template: str) -> str:
        """Return a text with its placeholders filled, as they are."""
        return render(template, self._scope)

    def _ticket(self) -> dict[str, Any]:
        record = self._record
        return {
            "id": record["id"],
            "external_id": record["external_id"],
            "account": self._brand(),
            "title": record["subject"] or record["description"],
            "subject": record["subject"],
            "description": record["description"],
            "verbatim_description": record["description"],
            "status": _title(self._status()),
            "priority": _title(record["priority"]),
            "ticket_type": _title(record["type"]),
            "type": _title(record["type"]),
            "via": CHANNEL_TITLES.get(record["via"]["channel"], record["via"]["channel"]),
            "tags": " ".join(record["tags"]),
            "due_date": record["due_at"],
            "due_date_with_timestamp": record["due_at"],
            "created_at": str(record["created_at"])[:10],
            "created_at_with_timestamp": record["created_at"],
            "updated_at": str(record["updated_at"])[:10],
            "updated_at_with_timestamp": record["updated_at"],
            "url": f"{SUBDOMAIN}.zendesk.com/agent/tickets/{record['id']}",
            "link": f"https://{SUBDOMAIN}.zendesk.com/agent/tickets/{record['id']}",
            "requester": lambda: self._somebody("requester_id"),
            "submitter": lambda: self._somebody("submitter_id"),
            "assignee": lambda: self._somebody("assignee_id"),
            "group": lambda: self._named(self._account.groups.find(record["group_id"])),
            "brand": lambda: self._named(self._account.brands.find(record["brand_id"])),
            "ticket_form": lambda: (
                self._account.ticket_forms.find(record["ticket_form_id"]) or {}
            ).get("name"),
            "organization": lambda: self._named(
                self._account.organizations.find(record["organization_id"])
            ),
            "cc_names": lambda: ", ".join(
                user["name"]
                for user in map(self._account.users.find, record["email_cc_ids"])
                if user
            ),
            **self._spoken(),
            **self._custom_fields(),
        }

    def _spoken(self) -> dict[str, Any]:
        """Return the comments in every form in which a text can ask for them, newest first."""

        def said(*, public: bool) -> list[Record]:
            events = [event for event, _ in self._case.comments()]
            return [one for one in reversed(events) if one["public"] or not public]

        def newest(part: str, *, public: bool = False) -> Any:
            return next((one[part] for one in said(public=public)), None)

        def all_of(*, public: bool) -> list[dict[str, Any]]:
            return [self._comment(one) for one in said(public=public)]

        def joined(*, public: bool) -> str:
            return "\n\n".join(str(one["body"]) for one in said(public=public))

        return {
            "latest_comment": lambda: newest("body"),
            "latest_comment_rich": lambda: newest("html_body"),
            "latest_comment_html": lambda: newest("html_body"),
            "latest_comment_formatted": lambda: newest("body"),
            "latest_public_comment": lambda: newest("body", public=True),
            "latest_public_comment_html": lambda: newest("html_body", public=True),
            "latest_public_comment_formatted": lambda: newest("body", public=True),
            "comments": lambda: all_of(public=False),
            "public_comments": lambda: all_of(public=True),
            "comments_formatted": lambda: joined(public=False),
            "public_comments_formatted": lambda: joined(public=True),
        }

    def _comment(self, event: Record) -> dict[str, Any]:
        author = self._account.users.find(event["author_id"])
        return {
            "author": _person(self._account, author) if author else {},
            "value": event["body"],
            "value_rich": event["html_body"],
            "is_public": event["public"],
            "attachments": [
                {"filename": one["file_name"], "url": one["content_url"]}
                for one in event["attachments"]
            ],
        }

    def _custom_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry in self._record["custom_fields"]:
            definition = self._account.ticket_fields.find(entry["id"]) or {}
            options = definition.get("custom_field_options") or ()
            titles = {option["value"]: option["name"] for option in options}
            found[f"ticket_field_{entry['id']}"] = entry["value"]
            chosen = entry["value"] if isinstance(entry["value"], str) else None
            found[f"ticket_field_option_title_{entry['id']}"] = titles.get(chosen)
        return found

    def _status(self) -> str:
        chosen = self._account.custom_statuses.find(self._record["custom_status_id"])
        is_own = chosen is not None and chosen["status_category"] == self._record["status"]
        return str(chosen["agent_label"] if chosen and is_own else self._record["status"])

    def _somebody(self, role: str) -> dict[str, Any]:
        user = self._account.users.find(self._record[role])
        return _person(self._account, user) if user else {}

    def _brand(self) -> Any:
        return (self._account.brands.find(self._record["brand_id"]) or {}).get("name")

    @staticmethod
    def _named(record: Record | None) -> dict[str, Any]:
        return dict(record) if record else {}

    def _satisfaction(self) -> dict[str, Any]:
        rating = self._record["satisfaction_rating"] or {}
        return {"current_rating": rating.get("score"), "current_comment": rating.get("comment")}


def _person(account: Account, user: Record) -> dict[str, Any]:
    """Return what a text may ask about a person."""
    first, _, last = str(user["name"]).partition(" ")
    shown = ("id", "name", "email", "phone", "external_id", "details", "notes", "signature", "role")
    organization = account.organizations.find(user.get("organization_id")) or {}
    return {
        **{name: user.get(name) for name in (*shown, "time_zone")},
        "language": user.get("locale"),
        "locale": user.get("locale"),
        "first_name": first,
        "last_name": last,
        "organization": dict(organization),
        "tags": " ".join(user.get("tags") or ()),
        "custom_fields": user.get("user_fields") or {},
    }


def _title(word: Any) -> str:
    return str(word).capitalize() if word else ""
