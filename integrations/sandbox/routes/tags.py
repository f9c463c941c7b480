"""Tags: which words the tickets of the account bear, and how many bear each."""

from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of


def _index(call: Call) -> Answer:
    tags = [
        {"name": name, "count": count, "score": count, "id": number}
        for number, (name, count) in enumerate(
            sorted(call.account.tickets.tag_counts.items()), start=1
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


ROUTES = (Route("GET", "tags", _index, "tags", "index", "tags-index"),)
