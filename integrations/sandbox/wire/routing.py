"""Finds the route of a path without trying them one after the other."""

from collections.abc import Iterable
from typing import Any

from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.wire.call import Route
from integrations.sandbox.wire.kinds import wrong_kind

LONGEST_NUMBER = 30
NO_SUCH_ENDPOINT = Refusal(404, {"error": "InvalidEndpoint", "description": "Not found"})


class _Node:
    __slots__ = ("routes", "variable", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.variable: _Node | None = None
        self.routes: dict[str, Route] = {}


class RouteTree:
    """All routes of the API, by the words of their paths."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for word in route.pattern.split("/"):
            if word.startswith("{"):
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.words.setdefault(word, _Node())
        if route.method in node.routes:
            raise ValueError(f"two routes for {route.method} {route.pattern}")
        node.routes[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, list[Any]]:
        """Return the route and the values in the path; refuse unknown paths as Zendesk does."""
        node: _Node | None = self._root
        values: list[str] = []
        for word in path.removesuffix(".json").split("/"):
            following = node.words.get(word) if node else None
            if following is None and node is not None:
                following = node.variable
                values.append(word)
            node = following
        route = node.routes.get(method) if node else None
        if route is None:
            raise NO_SUCH_ENDPOINT
        return route, _typed(route, values)


def _typed(route: Route, values: list[str]) -> list[Any]:
    kinds = [word for word in route.pattern.split("/") if word.startswith("{")]
    return [
        _number(value) if kind == "{id}" else value
        for kind, value in zip(kinds, values, strict=True)
    ]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise wrong_kind("id", "must be an integer")
    return int(text[:LONGEST_NUMBER])
