"""OAuth as administrators see it: the registered clients, and the tokens that are in use."""

from typing import Any

from integrations.sandbox.state.oauth import SHOWN, Token
from integrations.sandbox.state.refusals import blank, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content
from integrations.sandbox.wire.paging import page_of

CLIENTS, TOKENS = "oauth/clients", "oauth/tokens"
SETTABLE = ("name", "company", "description", "redirect_uri", "kind")


def _present(call: Call, token: Token) -> Record:
    return {
        "url": call.url(TOKENS, token.id),
        "id": token.id,
        "user_id": token.user_id,
        "client_id": token.client_id,
        "token": token.access[:SHOWN],
        "refresh_token": token.refresh[:SHOWN] if token.refresh else None,
        "scopes": list(token.scopes),
        "created_at": token.created_at,
        "used_at": token.used_at,
        "expires_at": token.expires_at,
        "refresh_token_expires_at": token.refresh_expires_at,
    }


def _present_client(call: Call, client: Record) -> Record:
    shown = client | {"secret": client["secret"][:SHOWN]}
    return {"url": call.url(CLIENTS, client["id"])} | shown


def _index(call: Call) -> Answer:
    tokens = call.oauth.all()
    if call.query.get("all") != "true":
        tokens = [token for token in tokens if token.user_id == call.actor["id"]]
    wanted = call.query.get("client_id")
    if wanted is not None:
        tokens = [token for token in tokens if str(token.client_id) == wanted]
    return Answer(page_of(call, "tokens", [_present(call, token) for token in tokens]))


def _show(call: Call) -> Answer:
    return Answer({"token": _present(call, call.oauth.get(call.id))})


def _create(call: Call) -> Answer:
    """Issue a token that never expires, for whoever asks."""
    asked = call.wrapped("token")
    client_id, scopes = asked.get("client_id"), asked.get("scopes")
    if not isinstance(client_id, int) or call.oauth.clients.find(client_id) is None:
        raise invalid("client_id", "Client: is invalid", code="InvalidValue")
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise invalid("scopes", "Scopes: is invalid", code="InvalidValue")
    token = call.oauth.issue(
        client_id=client_id, user_id=call.actor["id"], scopes=scopes or ("read", "write")
    )
    shown = _present(call, token) | {"full_token": token.access}
    return created(call, "token", shown, TOKENS, token.id)


def _revoke(call: Call) -> Answer:
    call.oauth.revoke(call.oauth.get(call.id))
    return no_content()


def _current(call: Call) -> Token:
    header = call.headers.get("authorization", "")
    token = call.oauth.find(header.partition(" ")[2])
    if token is None:
        raise not_found()
    return token


def _show_current(call: Call) -> Answer:
    return Answer({"token": _present(call, _current(call))})


def _revoke_current(call: Call) -> Answer:
    call.oauth.revoke(_current(call))
    return no_content()


def _clients(call: Call) -> Answer:
    clients = call.oauth.clients.all()
    return Answer(
        page_of(call, "clients", clients, present=lambda client: _present_client(call, client))
    )


def _show_client(call: Call) -> Answer:
    client = call.oauth.clients.get(call.id)
    return Answer({"client": _present_client(call, client)})


def _register(call: Call) -> Answer:
    """Register a client that acts for whoever registers it; its secret is shown this once."""
    asked: dict[str, Any] = call.wrapped("client")
    for name in ("name", "identifier"):
        if not isinstance(asked.get(name), str) or not asked[name]:
            raise blank(name)
    if call.oauth.clients.where(identifier=asked["identifier"]):
        raise invalid("identifier", "Identifier: has already been taken", code="DuplicateValue")
    fields = {name: asked[name] for name in SETTABLE if name in asked}
    client = call.oauth.add_client(
        identifier=asked["identifier"], user_id=call.actor["id"], **fields
    )
    shown = _present_client(call, client) | {"secret": client["secret"]}
    return created(call, "client", shown, CLIENTS, client["id"])


NAME = "tokens"
ROUTES = (
    Route("GET", TOKENS, _index, NAME, "index"),
    Route("POST", TOKENS, _create, NAME, "create"),
    Route("GET", "oauth/tokens/current", _show_current, NAME, "current"),
    Route("DELETE", "oauth/tokens/current", _revoke_current, NAME, "destroy_current"),
    Route("GET", "oauth/tokens/{id}", _show, NAME, "show"),
    Route("DELETE", "oauth/tokens/{id}", _revoke, NAME, "destroy"),
    Route("GET", CLIENTS, _clients, "clients", "index"),
    Route("POST", CLIENTS, _register, "clients", "create"),
    Route("GET", "oauth/clients/{id}", _show_client, "clients", "show"),
)
