"""The HTTP edge of the inbox: verify, store, answer."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import RejectedDelivery, ServiceUnavailable
from integrations.runtime.settings import Settings
from integrations.webhooks import signatures
from integrations.webhooks.events import parse_delivery
from integrations.webhooks.inbox import InboxWriter

PATH = "/webhooks/zendesk"
LARGEST_BODY = 1_000_000  # bytes; Zendesk's own events are a few kB
RETRY_AFTER_S = 5  # Zendesk repeats a 503 only when Retry-After is below 60 s


def webhook_route(settings: Settings, writer: InboxWriter) -> Route:
    """Build the route; everything it needs is passed in, so a test passes fakes."""
    secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]

    async def receive(request: Request) -> Response:
        try:
            body = await _read_body(request)
            signatures.verify(
                secrets=secrets,
                headers=request.headers,
                body=body,
                now=utc_now(),
                max_age=settings.webhook_max_age,
            )
            await writer.store(parse_delivery(body))
        except RejectedDelivery as error:
            return PlainTextResponse(error.message, status_code=error.status)
        except ServiceUnavailable:
            return Response(status_code=503, headers={"retry-after": str(RETRY_AFTER_S)})
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(status_code=202)

    return Route(PATH, receive, methods=["POST"])


async def _read_body(request: Request) -> bytes:
    """Return the raw body; stop reading as soon as it is too large or cannot be verified."""
    if signatures.SIGNATURE_HEADER not in request.headers:
        raise RejectedDelivery(
            "The delivery is not signed.", hint="send it through a Zendesk webhook."
        )
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise RejectedDelivery(
                "The delivery is larger than 1 MB.", hint="send the ticket id only.", status=413
            )
        chunks.append(chunk)
    return b"".join(chunks)
