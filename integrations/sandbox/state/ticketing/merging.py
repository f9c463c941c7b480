"""Merging: tickets about the same matter are closed in favour of one of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.refusals import closed, invalid
from integrations.sandbox.state.ticketing.tickets import update

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

TAG = "closed_by_merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said about a merger on one side."""

    text: str | None
    public: bool


def check_target(case: "TicketCase") -> None:
    """Refuse to merge into a ticket that is closed."""
    if case.record["status"] == "closed":
        raise closed()


def check_source(target: "TicketCase", source: "TicketCase") -> None:
    """Refuse to merge away a closed ticket, or a ticket into itself."""
    if source.id == target.id:
        raise invalid("ids", "Ids: a ticket cannot be merged into itself")
    if source.record["status"] == "closed":
        raise closed()


def absorb(
    account: "Account",
    target: "TicketCase",
    sources: list["TicketCase"],
    words: Words,
    actor: "Record",
) -> None:
    """Tell the target what is merged into it; whoever asked in a source is put in copy."""
    asked: dict[str, Any] = {"email_ccs": _people(target, sources)}
    if words.text:
        public = words.public and _all_public(target, sources)
        token = account.files.copies(_files(sources))
        asked["comment"] = {"body": words.text, "public": public, "uploads": [token]}
    update(account, target, asked, actor, _via(sources))


def close(
    account: "Account",
    target: "TicketCase",
    source: "TicketCase",
    words: Words,
    actor: "Record",
) -> None:
    """Close a ticket that was merged into another."""
    asked: dict[str, Any] = {"status": "closed", "additional_tags": [TAG]}
    if words.text:
        public = words.public and _all_public(target, [source])
        asked["comment"] = {"body": words.text, "public": public}
    update(account, source, asked, actor, _via([target]))
    account.publish(
        TicketChange(
            kind="merged",
            case=source,
            actor_id=actor["id"],
            now=account.clock.now(),
            merged_into=target.id,
        )
    )


def _people(target: "TicketCase", sources: list["TicketCase"]) -> list[dict[str, Any]]:
    people = [
        user_id
        for source in sources
        for user_id in (source.record["requester_id"], *source.record["email_cc_ids"])
    ]
    known = {target.record["requester_id"], *target.record["email_cc_ids"]}
    return [{"user_id": user_id} for user_id in dict.fromkeys(people) if user_id not in known]


def _all_public(target: "TicketCase", sources: list["TicketCase"]) -> bool:
    """Where one of the tickets is private, what is said about the merger is private too."""
    return all(case.record["is_public"] for case in (target, *sources))


def _via(others: list["TicketCase"]) -> "Record":
    ids = [case.id for case in others]
    origin: Record = {"ticket_id": ids[0], "subject": others[0].record["subject"]}
    if len(ids) > 1:
        origin = {"ticket_ids": ids}
    return {"channel": "web", "source": {"from": origin, "to": {}, "rel": "merge"}}


def _files(sources: list["TicketCase"]) -> list["Record"]:
    return [
        attachment
        for source in sources
        for comment, _ in source.comments()
        for attachment in source.files_of(comment)
    ]
