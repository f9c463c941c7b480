"""Structured logs with ticket and delivery ids, and without secrets or personal data."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
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
# Shapes that never reach a log, in whatever field they stand. Each starts where a word starts or
# has a bounded length, so that the time grows with the text's length only.
_HIDDEN_SHAPES = re.compile(
    r"(?i:bearer|basic)\s+[\w.~+/=-]{6,}"
    r"|(?i:password|secret|token|api_?key)[\"']?[=:]\s?[\"']?[^\s\"'&,;]+"
    r"|(?<=://)[^/\s]+@"  # user and password in a URL
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail
    r"|(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])[0-9A-Za-z]{26,}"  # keys, hashes, wallet addresses
    # Phone numbers: with +, 10 to 12 digits, or in groups; ids of 13 digits and more stay readable.
    r"|\+[0-9](?:[ ()-]{0,2}[0-9]){6,14}"
    r"|(?<![\w.-])[0-9]{10,12}(?![\w-])"
    r"|(?<![\w.-])\(?[0-9]{2,4}\)?[ -][0-9]{3,4}[ -][0-9]{3,4}(?![\w-])"
)
# Terminal escapes and line breaks would let ticket text forge log lines.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide what must not be logged; a structlog processor."""
    for field, value in event.items():
        event[field] = _shown(field, value)
    return event


def _shown(field: str, value: Any) -> Any:
    if field not in _SAFE_FIELDS and _HIDDEN_FIELDS.search(field):
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {clean(str(key)): _shown(str(key), one) for key, one in value.items()}
    return clean(value if isinstance(value, str) else repr(value))


def clean(text: str) -> str:
    """Return the text without secrets, personal data and control characters."""
    return strip_controls(_HIDDEN_SHAPES.sub(HIDDEN, text))


def strip_controls(text: str) -> str:
    """Return the text without terminal escapes, line breaks and direction marks."""
    return _CONTROLS.sub(" ", text)


class _StderrHandler(logging.Handler):
    """Writes to what stderr is at that moment: a live table in a terminal stands in for it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 - a log line that cannot be written must not end the work
            self.handleError(record)


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
    handler = _StderrHandler()
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
