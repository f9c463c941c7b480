"""Tags: which words the tickets of the account bear, and the words on users and organizations."""

from collections.abc import Callable

from integrations.sandbox.routes.records import counted
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticketing.tags import clean_tags
from integrations.sandbox.wire.call import Answer, Call, Route, no_content
from integrations.sandbox.wire.paging import page_of

SHORTEST_BEGINNING = 2
MOST_COMPLETIONS = 25


def _index(call: Call) -> Answer:
    tags = [
        {"name": name, "count": count, "score": count, "id": number}
        for number, (name, count) in enumerate(
            sorted(call.account.tickets.tag_counts().items()), start=1
        )
    ]
    return Answer(
        page_of(
            call,
            "tags",
            tags,
            order="-score,id",
            present=lambda tag: {"name": tag["name"], "count": tag["count"]},
        )
    )


def _count(call: Call) -> Answer:
    return counted(call, len(call.account.tickets.tag_counts()))


def _autocomplete(call: Call) -> Answer:
    beginning = call.query.get("name", "").lower()
    if len(beginning) < SHORTEST_BEGINNING:
        message = f"name must have at least {SHORTEST_BEGINNING} characters"
        raise bad_request("InvalidValue", message)
    tags = sorted(tag for tag in call.account.tickets.tag_counts() if tag.startswith(beginning))
    return Answer({"tags": tags[:MOST_COMPLETIONS]})


def _tags_of(
    path: str, store: Callable[[Call], Store], find: Callable[[Call], Record]
) -> tuple[Route, ...]:
    """Return the routes for the tags of one kind of record."""

    def show(call: Call) -> Answer:
        return Answer({"tags": find(call)["tags"]})

    def change(call: Call) -> Answer:
        record, given = find(call), set(clean_tags(call.body.get("tags")))
        before = set(record["tags"])
        after = {"POST": given, "PUT": before | given, "DELETE": before - given}[call.method]
        values = {"tags": sorted(after), "updated_at": call.account.clock.stamp()}
        store(call).change(record, values)
        if path == "users":
            call.account.user_words.note(record["id"])
        if call.method == "DELETE":
            return no_content()
        return Answer({"tags": record["tags"]}, 201 if call.method == "POST" else 200)

    place = f"{path}/{{id}}/tags"
    return (
        Route("GET", place, show, "tags", "index"),
        Route("POST", place, change, "tags", "create"),
        Route("PUT", place, change, "tags", "update"),
        Route("DELETE", place, change, "tags", "destroy"),
    )


def _organization(call: Call) -> Record:
    return call.account.organizations.get(call.id)


ROUTES = (
    Route("GET", "tags", _index, "tags", "index", "tags-index"),
    Route("GET", "tags/count", _count, "tags", "count"),
    Route("GET", "autocomplete/tags", _autocomplete, "tags", "autocomplete"),
    *_tags_of("users", lambda call: call.account.users, known_user),
    *_tags_of("organizations", lambda call: call.account.organizations, _organization),
)
