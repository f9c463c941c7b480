"""SLA policies: which promise holds for which ticket (kept as records)."""

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route


def _finish(policy: Record) -> Record:
    """Give targets in minutes and in seconds, whichever was written."""
    policy["filter"] = {"all": [], "any": []} | (policy["filter"] or {})
    for target in policy["policy_metrics"] or ():
        if target.get("target_in_seconds") is not None:
            target["target"] = -(-int(target["target_in_seconds"]) // 60)
        elif target.get("target") is not None:
            target["target_in_seconds"] = int(target["target"]) * 60
        target.setdefault("business_hours", False)
    return policy


RESOURCE = Resource(
    plural="sla_policies",
    singular="sla_policy",
    path="slas/policies",
    store=lambda call: call.account.sla_policies,
    order="position,id",
    required=("title",),
    settable=("title", "description", "position", "filter", "policy_metrics", "metric_settings"),
    defaults=lambda call: {
        "description": None,
        "position": len(call.account.sla_policies) + 1,
        "filter": {},
        "policy_metrics": [],
        "metric_settings": None,
    },
    finish=_finish,
)


def _reorder(call: Call) -> Answer:
    ids = call.body.get("sla_policy_ids")
    if not isinstance(ids, list):
        raise bad_request("InvalidValue", "sla_policy_ids must be a list of ids")
    for position, policy_id in enumerate(ids, start=1):
        call.account.sla_policies.get(policy_id)["position"] = position
    return Answer({})


ROUTES = (
    *RESOURCE.routes(),
    Route("PUT", "slas/policies/reorder", _reorder, "sla_policies", "reorder"),
)
