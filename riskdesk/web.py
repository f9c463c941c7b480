"""The web application: the webhook receiver and a health page.

Run it with `uvicorn riskdesk.web:app`, or as part of `riskdesk up`.
"""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from automations.actions import repository as outbox
from integrations.runtime.database import reading
from integrations.runtime.logs import configure_logs
from integrations.runtime.settings import Settings, load_settings
from integrations.webhooks import repository as inbox
from integrations.webhooks.inbox import InboxWriter
from integrations.webhooks.views import webhook_route
from riskdesk.desk import build_desk


def build_app(
    settings: Settings, engine: Engine, poke: Callable[[Collection[int]], None]
) -> Starlette:
    """Build the application; `poke` is told the tickets of each stored batch of deliveries."""
    settings.require("webhook_secrets")
    writer = InboxWriter(engine, on_stored=poke)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        writer.start()
        yield
        await run_in_threadpool(writer.stop)

    def read_counts() -> dict[str, dict[str, int]]:
        with reading(engine) as connection:
            return {"deliveries": inbox.counts(connection), "actions": outbox.counts(connection)}

    async def health(_request: Request) -> Response:
        counts = await run_in_threadpool(read_counts)
        return JSONResponse({"status": "ok", **counts})

    routes = [webhook_route(settings, writer), Route("/healthz", health)]
    return Starlette(routes=routes, lifespan=lifespan)


def create_app() -> Starlette:
    """Build the application from the environment's settings."""
    settings = load_settings()
    configure_logs(settings)
    desk = build_desk(settings)
    return build_app(settings, desk.engine, desk.poke)


def __getattr__(name: str) -> Starlette:
    """Build `app` when a server asks for it, not whenever this module is imported."""
    if name != "app":
        raise AttributeError(name)
    return create_app()
