"""SLA policies and group SLA policies: which promise holds for which ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.routes.sla_definitions import group_policy_definitions, policy_definitions
from integrations.sandbox.rules.checking import checked_conditions
from integrations.sandbox.rules.fields import SLA
from integrations.sandbox.sla.names import GROUP_OWNERSHIP, TICKET_METRICS
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticketing.fields import PRIORITIES
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole

SHORTEST_S, LONGEST_S = 15, 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyKind:
    """SLA policies or group SLA policies: what they measure and how they are written."""

    name: str
    path: str
    store: Callable[[Account], Store]
    metrics: tuple[str, ...]
    definitions: Callable[[Account], Record]
    settable: tuple[str, ...]
    filters: tuple[str, ...] = ("all", "any")
    is_of_groups: bool = False


POLICIES = PolicyKind(
    name="sla_policy",
    path="slas/policies",
    store=lambda account: account.sla_policies,
    metrics=TICKET_METRICS,
    definitions=policy_definitions,
    settable=("title", "description", "position", "filter", "policy_metrics", "metric_settings"),
)
GROUP_POLICIES = PolicyKind(
    name="group_sla_policy",
    path="group_slas/policies",
    store=lambda account: account.group_sla_policies,
    metrics=(GROUP_OWNERSHIP,),
    definitions=group_policy_definitions,
    settable=("title", "description", "position", "filter", "policy_metrics"),
    filters=("all",),
    is_of_groups=True,
)


def _prepare(kind: PolicyKind, call: Call, asked: Record, known: Record | None) -> None:
    """Check what is asked and write targets in all their units."""
    if "title" in asked and not asked["title"]:
        raise blank("title")
    if "filter" in asked or known is None:
        asked["filter"] = _filter(kind, call.account, asked.get("filter"))
    if "position" in asked and asked["position"] is None:
        del asked["position"]
    if "policy_metrics" in asked:
        asked["policy_metrics"] = _targets(kind, asked["policy_metrics"] or [])


def _filter(kind: PolicyKind, account: Account, asked: Any) -> Record:
    if not isinstance(asked, dict):
        raise blank("filter")
    wanted = {name: asked.get(name) or [] for name in kind.filters}
    for condition in (one for conditions in wanted.values() for one in conditions):
        if kind.is_of_groups and condition.get("field") != "group_id":
            raise invalid("filter", "Filter: only group_id can be asked")
    checked_conditions(account, wanted, SLA)  # values are kept as written: numbers stay numbers
    return wanted


def _targets(kind: PolicyKind, asked: list[Record]) -> list[Record]:
    targets = [_target(kind, one) for one in asked]
    pairs = [(target["metric"], target["priority"]) for target in targets]
    if len(set(pairs)) < len(pairs):
        raise invalid("policy_metrics", "Policy metrics: two for the same metric and priority")
    return targets


def _target(kind: PolicyKind, asked: Record) -> Record:
    if asked.get("metric") not in kind.metrics:
        raise invalid("policy_metrics", f"Metric: {asked.get('metric')!r} is not valid")
    if asked.get("priority") not in PRIORITIES:
        raise invalid("policy_metrics", f"Priority: {asked.get('priority')!r} is not valid")
    if asked.get("business_hours") not in (None, True, False):
        raise invalid("policy_metrics", "Business hours: must be true or false")
    seconds = _seconds(kind, asked)
    if seconds is None or not SHORTEST_S <= seconds <= LONGEST_S:
        bounds = f"{SHORTEST_S} to {LONGEST_S} seconds"
        raise invalid("policy_metrics", f"Target: must be {bounds}")
    target = {
        "priority": asked["priority"],
        "metric": asked["metric"],
        "target": seconds if kind.is_of_groups else -(-seconds // 60),
        "business_hours": bool(asked.get("business_hours")),
    }
    return target if kind.is_of_groups else target | {"target_in_seconds": seconds}


def _seconds(kind: PolicyKind, asked: Record) -> int | None:
    """Return a target in seconds; group policies give it so, the others in minutes."""
    if asked.get("target_in_seconds") is not None:
        return int(asked["target_in_seconds"])
    if asked.get("target") is None:
        return None
    return int(asked["target"]) * (1 if kind.is_of_groups else 60)


def _defaults(kind: PolicyKind, call: Call) -> Record:
    last = max((one["position"] for one in kind.store(call.account).all()), default=0)
    made: Record = {
        "title": None,
        "description": None,
        "position": last + 1,
        "filter": {},
        "policy_metrics": [],
        "metric_settings": None,
    }
    return {name: made[name] for name in made if name in kind.settable}


def _routes(kind: PolicyKind) -> tuple[Route, ...]:
    plural = f"{kind.name.removesuffix('y')}ies"

    def define(call: Call) -> Answer:
        return Answer({"definitions": kind.definitions(call.account)})

    def reorder(call: Call) -> Answer:
        for position, policy in enumerate(_listed(call, kind, f"{kind.name}_ids"), start=1):
            policy["position"] = position
        return Answer()

    resource = Resource(
        plural=plural,
        singular=kind.name,
        path=kind.path,
        store=lambda call: kind.store(call.account),
        order="position,id",
        required=("title",),
        settable=kind.settable,
        defaults=lambda call: _defaults(kind, call),
        prepare=lambda call, asked, known: _prepare(kind, call, asked, known),
        has_ulid=kind.is_of_groups,
    )
    return (
        *resource.routes(),
        Route("GET", f"{kind.path}/definitions", define, plural, "definitions"),
        Route("PUT", f"{kind.path}/reorder", reorder, plural, "reorder"),
    )


def _listed(call: Call, kind: PolicyKind, name: str) -> list[Record]:
    """Return the policies whose ids the body or the query lists; refuse an unknown one."""
    given = call.body.get(name)
    words = given if isinstance(given, list) else call.query.get(name, "").split(",")
    if words in ([], [""]):
        raise blank(name)
    store = kind.store(call.account)
    found = [store.find(_id(word)) for word in map(str, words)]
    policies = [policy for policy in found if policy is not None]
    if len(policies) < len(words):
        raise not_found()
    return policies


def _id(word: str) -> int | str:
    return int(word) if is_whole(word) else word.strip()


ROUTES = (*_routes(POLICIES), *_routes(GROUP_POLICIES))
