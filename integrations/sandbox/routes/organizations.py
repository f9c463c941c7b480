"""Organizations: the companies that users belong to."""

from integrations.sandbox.routes.custom_fields import own_values
from integrations.sandbox.routes.records import Resource, listed_in_query
from integrations.sandbox.routes.users import known_user, user_page
from integrations.sandbox.state.indexes.words import asked_words, words_of
from integrations.sandbox.state.refusals import bad_request, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.tags import clean_tags
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole

NAME = "organizations"


def _prepare(call: Call, asked: Record, organization: Record | None) -> None:
    if "name" in asked and not str(asked["name"] or "").strip():
        raise invalid("name", "Name: cannot be blank", code="BlankValue")
    for field in ("name", "external_id"):
        others = call.account.organizations.where(**{field: asked.get(field)})
        if asked.get(field) and any(other is not organization for other in others):
            title = field.removesuffix("_id").capitalize()
            message = f"{title}: {asked[field]} has already been taken"
            raise invalid(field, message, code="DuplicateValue")
    if asked.get("group_id") is not None and call.account.groups.find(asked["group_id"]) is None:
        raise invalid("group", "Group: does not exist", code="InvalidValue")
    if "tags" in asked:
        asked["tags"] = clean_tags(asked["tags"])
    if "domain_names" in asked:
        asked["domain_names"] = [str(one).lower() for one in asked["domain_names"] or ()]
    if "organization_fields" in asked:
        before = (organization or {}).get("organization_fields") or {}
        asked["organization_fields"] = before | (asked["organization_fields"] or {})
    if organization is not None and "name" in asked:
        for membership in _memberships(call, organization):
            membership["organization_name"] = asked["name"]


def _memberships(call: Call, organization: Record) -> list[Record]:
    return call.account.organization_memberships.where(organization_id=organization["id"])


def _drop(call: Call, organization: Record) -> None:
    """End an organization: its users and tickets belong to it no more."""
    for membership in _memberships(call, organization):
        call.account.leave_organization(membership)
    for case in call.account.tickets.by_field.cases("organization_id", organization["id"]):
        case.record["organization_id"] = None
        call.account.touch(case, call.account.clock.now())
    call.account.organizations.remove(organization["id"])


def _complete(call: Call, shown: Record) -> Record:
    fields = own_values(call.account.organization_fields, shown["organization_fields"])
    return shown | {"organization_fields": fields}


def as_read(call: Call, organization: Record) -> Record:
    """Return an organization as it is read, with what Zendesk leaves out when it is written."""
    return RESOURCE.present(call, organization) | {"deleted_at": None}


RESOURCE = Resource(
    plural=NAME,
    singular="organization",
    path=NAME,
    store=lambda call: call.account.organizations,
    order="name,id",
    sorts_by_update=True,
    required=("name",),
    settable=(
        *("name", "external_id", "shared_tickets", "shared_comments", "domain_names", "details"),
        *("notes", "group_id", "tags", "organization_fields"),
    ),
    defaults=lambda _: {
        "external_id": None,
        "shared_tickets": False,
        "shared_comments": False,
        "domain_names": [],
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": {},
    },
    prepare=_prepare,
    complete=_complete,
    read=as_read,
    drop=_drop,
    verbs=("index", "count", "show", "create", "update", "destroy"),
    budgets={"update": "organization-update"},
)


def known_as(call: Call, asked: Record) -> Record | None:
    """Return the organization that this id, external id or name already stands for."""
    store = call.account.organizations
    if isinstance(asked.get("id"), int):
        return store.find(asked["id"])
    if asked.get("external_id"):
        return next(iter(store.where(external_id=asked["external_id"])), None)
    return next(iter(store.where(name=asked.get("name"))), None) if asked.get("name") else None


def _show_many(call: Call) -> Answer:
    shown = [
        RESOURCE.present(call, one) for one in listed_in_query(call, call.account.organizations)
    ]
    return Answer({NAME: shown, "next_page": None, "previous_page": None, "count": len(shown)})


def _search(call: Call) -> Answer:
    name, external_id = call.query.get("name"), call.query.get("external_id")
    wanted = {"external_id": external_id} if external_id else {"name": name}
    if not (name or external_id):
        raise bad_request("InvalidValue", "name or external_id is missing")
    return RESOURCE.page(call, call.account.organizations.where(**wanted))


def _autocomplete(call: Call) -> Answer:
    wanted = asked_words(call.query.get("name", ""))
    if not wanted:
        raise bad_request("InvalidValue", "name is missing or invalid")
    return RESOURCE.page(
        call,
        [
            one
            for one in call.account.organizations.all()
            if all(any(w.startswith(word) for w in words_of(one["name"])) for word in wanted)
        ],
    )


def _create_or_update(call: Call) -> Answer:
    asked = call.wrapped("organization")
    known = known_as(call, asked)
    if known is None and is_whole(str(asked.get("id"))):
        raise not_found()
    if known is not None:
        RESOURCE.alter(call, known, asked)
        return Answer({"organization": RESOURCE.present(call, known)})
    record = RESOURCE.make(call, asked)
    place = {"Location": call.url(NAME, record["id"])}
    return Answer({"organization": RESOURCE.present(call, record)}, 201, place)


def _related(call: Call) -> Answer:
    organization = call.account.organizations.get(call.id)
    tickets = call.account.tickets.by_field.having("organization_id", organization["id"])
    users = _memberships(call, organization)
    related = {"tickets_count": len(tickets), "users_count": len(users)}
    return Answer({"organization_related": related})


def _users(call: Call) -> Answer:
    memberships = _memberships(call, call.account.organizations.get(call.id))
    users = [call.account.users.get(one["user_id"]) for one in memberships]
    return user_page(call, [user for user in users if user["active"]])


def _of_user(call: Call) -> Answer:
    user_id = known_user(call)["id"]
    memberships = call.account.organization_memberships.where(user_id=user_id)
    found = [call.account.organizations.get(one["organization_id"]) for one in memberships]
    return RESOURCE.page(call, found)


ROUTES = (
    *RESOURCE.routes(),
    Route("GET", "organizations/show_many", _show_many, NAME, "show_many"),
    Route("GET", "organizations/search", _search, NAME, "search"),
    Route("GET", "organizations/autocomplete", _autocomplete, NAME, "autocomplete"),
    Route("GET", "organizations/{id}/related", _related, NAME, "related"),
    Route("GET", "organizations/{id}/users", _users, "users", "index"),
    Route("GET", "users/{id}/organizations", _of_user, NAME, "index"),
    Route("POST", "organizations/create_or_update", _create_or_update, NAME, "create_or_update"),
)
