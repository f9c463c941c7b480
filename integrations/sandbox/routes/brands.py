"""Brands: the faces of the company."""

import string

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call

SUBDOMAIN = frozenset(f"{string.ascii_letters}{string.digits}-")


def _prepare(call: Call, asked: Record, brand: Record | None) -> None:
    subdomain = asked.get("subdomain") or "x"
    if not SUBDOMAIN.issuperset(subdomain):
        raise invalid("subdomain", "Subdomain: is not valid", code="InvalidValue")
    others = call.account.brands.where(subdomain=asked.get("subdomain"))
    if any(other is not brand for other in others):
        raise invalid("subdomain", "Subdomain: has already been taken", code="DuplicateValue")
    if brand is not None and brand["default"] and asked.get("active") is False:
        raise invalid("active", "The default brand cannot be deactivated")


def _drop(call: Call, brand: Record) -> None:
    if brand["default"]:
        raise invalid("base", "The default brand cannot be deleted")
    call.account.brands.remove(brand["id"])


RESOURCE = Resource(
    plural="brands",
    singular="brand",
    path="brands",
    store=lambda call: call.account.brands,
    required=("name", "subdomain"),
    settable=(
        *("name", "subdomain", "brand_url", "active", "host_mapping", "has_help_center"),
        *("signature_template", "ticket_form_ids"),
    ),
    defaults=lambda call: {
        "brand_url": call.base,
        "host_mapping": None,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": False,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": [],
        "signature_template": "{{agent.signature}}",
    },
    prepare=_prepare,
    drop=_drop,
)
ROUTES = RESOURCE.routes()
