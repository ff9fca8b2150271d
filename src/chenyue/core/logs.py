"""Logs: one JSON object per line, with the request's id and without anything about persons.

Query strings and bodies are never logged; codes and tokens in paths, telephone and ID numbers
anywhere in a line (a traceback too) are blotted out.
"""

import logging
import re
import sys
from contextvars import ContextVar
from typing import Any

import structlog

from chenyue.core.whose import whose

request_id: ContextVar[str] = ContextVar("request_id", default="")

# Whoever has what stands behind these gets in; tests/house/test_logs.py asks it of every address of the product.
_SECRET_PATHS = re.compile(
    r"(/(?:p|m|r|v|w|received|reset|qr|screen|wall|kiosk|ticket|waiting|tokens|calendar|confirm|supplier/voucher|supplier"
    r"|hand-in|certificate|check-in/[\w-]+|callback|chat/done|files|pictures|photos"
    r"|feed/venue|feed/member|works/[\w-]+/home)/)[^/\s\"'?]+"
)
_NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
_QUERY = re.compile(r"(?<![\w./%-])([\w./%-]++)\?[^\s\"']*")  # what stands before is read once, however long


def _without_query(found: re.Match[str]) -> str:
    """Words may end in a question mark; only a path has a query behind it."""
    return found[1] if "/" in found[1] else found[0]


def blot(text: str) -> str:
    """The text without query strings, codes in paths, telephone and ID numbers."""
    text = _QUERY.sub(_without_query, _SECRET_PATHS.sub(r"\1…", text))
    return _NUMBERS.sub("…", text)


def _blot_all(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: blot(value) if isinstance(value, str) else value for key, value in event.items()}


def _add_request_id(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    if found := request_id.get():
        event["request_id"] = found
    if office := whose():
        event["office"] = office
    return event


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: everything that is logged goes to standard error in one form."""
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        structlog.processors.format_exc_info,
    ]
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _blot_all,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for name in ("django", "django.server", "django-q", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
    # What these say at INFO is said by our own line per request, or every second.
    for name in ("django-q", "axes", "uvicorn.error"):
        logging.getLogger(name).setLevel("WARNING")
    logging.getLogger("django.request").setLevel("ERROR")
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
