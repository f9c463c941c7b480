"""Files: uploaded first, then attached to a comment with the token of the upload."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.refusals import Refusal, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.pictures import size_of

BIGGEST_FILE = 50 * 1024 * 1024
TOKEN_LIFE = timedelta(days=3)
BINARY = "application/octet-stream"
REPLACEMENT = {
    "file_name": "redacted.txt",
    "content_type": "text/plain",
    "size": 0,
    "width": None,
    "height": None,
}


@dataclass(slots=True)
class Upload:
    """Files that wait for a comment."""

    token: str
    ends: datetime
    attachments: list[Record] = field(default_factory=list)

    @property
    def expires_at(self) -> str:
        """When the token is no longer good."""
        return format_instant(self.ends)


class Files:
    """The uploads and attachments of an account, with what is in them."""

    def __init__(self, ids: Ids, clock: RecordClock) -> None:
        self._ids = ids
        self._clock = clock
        self._uploads: dict[str, Upload] = {}
        self._attachments: dict[int, Record] = {}
        self._contents: dict[str, tuple[int, bytes]] = {}  # by the token in the address
        self._tokens: dict[int, str] = {}

    def upload(self, file: dict[str, Any], content: bytes, *, base: str, token: str) -> Upload:
        """Keep a file; with the token of an earlier upload it is added to that one.

        `base` is the address of the account: the file can be fetched below it at once.
        """
        if len(content) > BIGGEST_FILE:
            raise too_large()
        if not content:
            raise unprocessable()
        self._forget_expired()
        upload = self._uploads.get(token) or self._new_upload()
        upload.attachments.append(self._keep(file, content, base))
        return upload

    def discard(self, token: str) -> None:
        """Forget an upload with all its files."""
        self._forget_expired()
        upload = self._uploads.pop(token, None)
        if upload is None:
            raise not_found()
        self.forget(upload.attachments)

    def take(self, tokens: list[str]) -> list[Record]:
        """Return the files of uploads, whose tokens are used up; unknown tokens have none."""
        self._forget_expired()
        taken = [self._uploads.pop(token, None) for token in tokens]
        return [one for upload in taken if upload for one in upload.attachments]

    def get(self, attachment_id: int) -> Record:
        """Return an attachment."""
        attachment = self._attachments.get(attachment_id)
        if attachment is None:
            raise not_found()
        return attachment

    def open(self, token: str) -> tuple[Record, bytes]:
        """Return the attachment and the content behind the token of an address."""
        attachment_id, content = self._contents.get(token, (0, b""))
        return self.get(attachment_id), content

    def redact(self, attachment: Record) -> None:
        """Put an empty text file in the place of a file; the old address leads nowhere."""
        base = attachment["url"].partition("/api/v2/")[0]
        attachment |= REPLACEMENT
        attachment |= self._addresses(attachment["id"], base, b"", REPLACEMENT["file_name"])

    def copies(self, attachments: list[Record]) -> str:
        """Upload the files of these attachments once more; return the token."""
        upload = self._new_upload()
        for one in attachments:
            _, content = self._contents[self._tokens[one["id"]]]
            base = one["url"].partition("/api/v2/")[0]
            upload.attachments.append(self._keep(one, content, base))
        return upload.token

    def forget(self, attachments: list[Record]) -> None:
        """Remove attachments with what is in them."""
        for attachment in attachments:
            del self._attachments[attachment["id"]]
            del self._contents[self._tokens.pop(attachment["id"])]

    def _new_upload(self) -> Upload:
        upload = Upload(self._ids.file_token(), self._clock.now() + TOKEN_LIFE)
        self._uploads[upload.token] = upload
        return upload

    def _keep(self, file: dict[str, Any], content: bytes, base: str) -> Record:
        attachment_id = self._ids.record()
        width, height = size_of(content)
        attachment: Record = {
            "url": f"{base}/api/v2/attachments/{attachment_id}.json",
            "id": attachment_id,
            "file_name": file["file_name"],
            **self._addresses(attachment_id, base, content, file["file_name"]),
            "content_type": file["content_type"] or BINARY,
            "size": len(content),
            "width": width,
            "height": height,
            "inline": file["inline"],
            "deleted": False,
            "malware_access_override": False,
            "malware_scan_result": "not_scanned",
            "thumbnails": [],
        }
        self._attachments[attachment_id] = attachment
        return attachment

    def _addresses(self, attachment_id: int, base: str, content: bytes, name: Any) -> Record:
        self._contents.pop(self._tokens.get(attachment_id, ""), None)
        token = self._ids.file_token()
        self._tokens[attachment_id] = token
        self._contents[token] = (attachment_id, content)
        address = f"{base}/attachments/token/{token}/?name={quote(str(name), safe='')}"
        return {"content_url": address, "mapped_content_url": address}

    def _forget_expired(self) -> None:
        """Forget uploads that nobody used in time; they lie in the order in which they expire."""
        now = self._clock.now()
        for upload in list(self._uploads.values()):
            if upload.ends > now:
                return
            del self._uploads[upload.token]
            self.forget(upload.attachments)


def too_large() -> Refusal:
    """Say that a file is bigger than an account allows."""
    megabytes = BIGGEST_FILE // 1024**2
    description = f"The attachment exceeds the maximum size of {megabytes} MB"
    return Refusal(413, {"error": "AttachmentTooLarge", "description": description})


def unprocessable() -> Refusal:
    """Say that there is nothing in a file."""
    description = "Attachment could not be processed"
    return Refusal(422, {"error": "AttachmentUnprocessable", "description": description})
