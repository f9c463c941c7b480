"""Structured logs with ticket and delivery ids, and without secrets or personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from integrations.runtime.settings import Settings

HIDDEN = "[hidden]"
# Fields whose values never reach a log, whatever is in them.
_HIDDEN_FIELDS = re.compile(
    r"secret|token(?!s_)|password|authorization|cookie|api_?key|body|subject|description|"
    r"e?mail|phone|name$|text|comment$|note$|signature",
    re.IGNORECASE,
)
_SAFE_FIELDS = frozenset({"logger_name", "queue_name", "event", "task_name"})
# Shapes that never reach a log, in whatever field they stand.
_HIDDEN_SHAPES = re.compile(
    r"(?i:bearer|basic)\s+[\w.~+/=-]{6,}"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail
    r"|\b(?:0x)?[0-9a-fA-F]{40,}\b"  # keys, hashes, addresses
    r"|://[^/\s:@]+:[^/\s@]+@"  # user:password in a URL
    r"|(?<!\d)\+?\d[\d -]{8,}\d(?=\D|$)(?<![0-9]{13})"  # phone numbers
)
# Terminal escapes and line breaks would let ticket text forge log lines.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide what must not be logged; a structlog processor."""
    for field, value in event.items():
        if field not in _SAFE_FIELDS and _HIDDEN_FIELDS.search(field):
            event[field] = HIDDEN
        elif isinstance(value, str):
            event[field] = clean(value)
        elif not isinstance(value, bool | int | float | None):
            event[field] = clean(repr(value))
    return event


def clean(text: str) -> str:
    """Return the text without secrets, personal data and control characters."""
    return strip_controls(_HIDDEN_SHAPES.sub(HIDDEN, text))


def strip_controls(text: str) -> str:
    """Return the text without terminal escapes, line breaks and direction marks."""
    return _CONTROLS.sub(" ", text)


def configure_logs(settings: Settings) -> None:
    """Send our own and the libraries' log records to stderr in one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # urllib3 logs addresses with ids and queries; uvicorn's access log repeats ours.
    for name in ("urllib3", "uvicorn.access", "amqp", "celery.worker.strategy", "kombu"):
        logging.getLogger(name).setLevel(logging.WARNING)
