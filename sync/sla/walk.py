"""One walk over a ticket's updates: what each did, and the rules that reach the ticket with it."""

from collections.abc import Mapping
from typing import Any

from sync.sla.choices import Choices
from sync.sla.life import FINISHED, Life, Row, Said, Stand
from sync.sla.policies import Policy
from sync.sla.rulebook import SCHEDULE_FIELD, Rulebook
from sync.sla.timeline import STAFF, SYSTEM_AUTHOR, Event, Role, Timeline, role_of

NOBODY = (None, SYSTEM_AUTHOR)
# Of a comment: its author, whether it is public, and who is the requester.
Voice = tuple[int | None, bool, int | None]


def walk(timeline: Timeline, rules: Rulebook, now: int) -> Life | None:
    """Return what happened to a ticket until `now`; None when it was not there yet.

    At each update its changes come first, then the rules that fit, then what was said.
    """
    opening, roles = timeline.opening, timeline.roles
    if opening.at > now:
        return None
    state: dict[str, Any] = {}
    requester = opening.fields.get("requester_id")
    submitter = role_of(opening.submitter_id, roles)
    life = Life(opening, submitter, role_of(requester, roles), rules.choices)
    status, group, watched = "", None, rules.watched_fields
    until: float = opening.at  # when the rules are looked up again
    rows: list[Row] = []
    heard: dict[Voice, Said] = {}
    for event in (_creation(timeline), *timeline.events):
        at, changes = event.at, event.changes
        if at > now:
            break
        if changes:
            state.update(changes)
            if "status" in changes:
                status = changes["status"]
            if "group_id" in changes:
                group = changes["group_id"]
            if "requester_id" in changes:
                requester = changes["requester_id"]
        if at >= until or not watched.isdisjoint(changes):
            policy = _policy(life, rules, state, at, len(rows))
            until = rules.next_change(at)
            schedule = rules.schedule(state.get(SCHEDULE_FIELD), at)
        said = NOTHING
        if event.public is not None:
            voice = event.author_id, event.public, requester
            said = heard.get(voice) or heard.setdefault(voice, _said(voice, roles, life.choices))
        rows.append((at, status, status in FINISHED, group, said, policy, schedule))
    life.fill(rows, now)
    return life


def _creation(timeline: Timeline) -> Event:
    opening = timeline.opening
    return Event(
        at=opening.at, author_id=opening.author_id, public=opening.public, changes=opening.fields
    )


def _policy(life: Life, rules: Rulebook, state: Mapping[str, Any], at: int, index: int) -> Policy:
    """Return the policy that applies, and note what holds from this update on if it is new."""
    priority = state.get("priority")
    policy, group_policy = (
        rules.policies.applied(state, at),
        rules.group_policies.applied(state, at),
    )
    for stands, applied in ((life.stands, policy), (life.group_stands, group_policy)):
        last = stands[-1] if stands else None
        if last is None or last.policy is not applied or last.priority != priority:
            stands.append(Stand(index, applied, priority))
    if policy.flag_doubts:
        life.is_unsure = True
    return policy


def _said(voice: Voice, roles: Mapping[int, Role], choices: Choices) -> Said:
    """Return what a comment is to the clocks."""
    author, public, requester = voice
    role = role_of(author, roles)
    is_requester = author == requester and author not in NOBODY
    if role in STAFF:
        if is_requester:
            return Said.OWN_QUESTION if public else Said.OWN_NOTE
        if public:
            return REPLY
        return Said.NOTE if role is Role.AGENT else Said.LIGHT_NOTE
    if role is Role.SYSTEM:
        return REPLY if public and choices.bot_comment_is_reply else Said.OTHER
    if not public:
        return Said.CUSTOMER_NOTE
    return QUESTION if is_requester or choices.copied_customer_asks else Said.OTHER


NOTHING, REPLY, QUESTION = Said.NOTHING, Said.REPLY, Said.QUESTION
