"""The files behind the addresses in attachments; whoever has the address may fetch them."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import Refusal


def download_routes(account: Account) -> list[Route]:
    """Return the route of `content_url`."""

    async def download(request: Request) -> Response:
        try:
            attachment, content = account.files.open(request.path_params["token"])
        except Refusal:
            return PlainTextResponse("Not found", status_code=404)
        name = quote(attachment["file_name"], safe="")
        return Response(
            content,
            headers={
                # what a stranger uploaded is never shown as a page of this server
                "content-disposition": f"attachment; filename*=UTF-8''{name}",
                "content-type": attachment["content_type"],
                "x-content-type-options": "nosniff",
            },
        )

    return [
        Route("/attachments/token/{token}", download),
        Route("/attachments/token/{token}/", download),
    ]
