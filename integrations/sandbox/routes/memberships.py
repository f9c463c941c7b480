"""Memberships of users, in groups or in organizations: lists, creation, deletion, the default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one
from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Memberships:
    """The endpoints of one kind of membership: on their own, and below the user.

    `join` makes a membership as asked, `prefer` makes one the default of its user.
    """

    resource: Resource
    title: str  # in the names of its jobs
    join: Callable[[Call, Record], Record]
    prefer: Callable[[Account, Record, Record], None]

    def routes(self) -> tuple[Route, ...]:
        """Return the routes that both kinds have."""
        name = self.resource.plural
        below = f"users/{{id}}/{name}"
        one_below = f"{below}/{{id}}"
        return (
            Route("GET", name, self.index, name, "index"),
            Route("POST", name, self._create, name, "create"),
            Route("POST", f"{name}/create_many", self._create_many, name, "create_many", "jobs"),
            Route(
                "DELETE", f"{name}/destroy_many", self._destroy_many, name, "destroy_many", "jobs"
            ),
            *self.resource.routes(),
            Route("GET", below, self._of_user, name, "index"),
            Route("POST", below, self._create, name, "create"),
            Route("GET", one_below, self._show, name, "show"),
            Route("DELETE", one_below, self._destroy, name, "destroy"),
            Route("PUT", f"{one_below}/make_default", self._make_default, name, "make_default"),
        )

    def index(self, call: Call) -> Answer:
        """Answer with a page of all memberships."""
        return self.resource.page(call, self.resource.store(call).all())

    def having(self, call: Call, **wanted: Any) -> Answer:
        """Answer with a page of the memberships of one user, group or organization."""
        return self.resource.page(call, self.resource.store(call).where(**wanted))

    def _of_user(self, call: Call) -> Answer:
        return self.having(call, user_id=known_user(call)["id"])

    def _one(self, call: Call) -> Record:
        """Return the membership of the path, which must be one of the user before it."""
        membership = self.resource.store(call).get(call.params[1])
        if membership["user_id"] != call.id:
            raise not_found()
        return membership

    def _show(self, call: Call) -> Answer:
        return Answer({self.resource.singular: self.resource.present(call, self._one(call))})

    def _create(self, call: Call) -> Answer:
        kind = self.resource
        asked = call.wrapped(kind.singular)
        if call.params:
            asked["user_id"] = known_user(call)["id"]
        record = self.join(call, asked)
        return created(call, kind.singular, kind.present(call, record), kind.path, record["id"])

    def _create_many(self, call: Call) -> Answer:
        def join(index: int, asked: Record) -> Record:
            return {"index": index, "id": self.join(call, asked)["id"]}

        items = items_of(call, self.resource.plural)
        results = one_by_one(items, join)
        return finish_job(call, f"Bulk Create {self.title}", len(items), results)

    def _destroy(self, call: Call) -> Answer:
        warn_about_body(call)
        self.resource.remove(call, self._one(call))
        return no_content()

    def _destroy_many(self, call: Call) -> Answer:
        def leave(_: int, membership_id: int) -> Record:
            self.resource.remove(call, self.resource.store(call).get(membership_id))
            return {"id": membership_id, "status": "Deleted", "success": True}

        ids = call.ids()
        results = one_by_one(ids, leave)
        return finish_job(call, f"Bulk Delete {self.title}", len(ids), results)

    def _make_default(self, call: Call) -> Answer:
        self.prefer(call.account, known_user(call), self._one(call))
        return self._of_user(call)
