"""What went wrong, as programs read it: application/problem+json (RFC 9457), with our own `code` and `errors`.

Every answer under /api/ that isn't a success is one, whoever noticed it.
"""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from chenyue.core.errors import Refusal
from chenyue.core.logs import request_id

TYPE = "application/problem+json"
STATUS = {"no_key": 400}  # codes of refusals whose status is another one for programs than for people
HOUR = 3600


def problem(status: int, detail: Any, code: str, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """One problem. `errors`: which field of the call is wrong, and why."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(detail),
        "code": code, "request_id": request_id.get(),
    }  # fmt: skip
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=TYPE, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(HOUR)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "20"
    return response


def refused(refusal: Refusal) -> HttpResponse:
    """A rule's sentence; the field it belongs to, if it says one."""
    errors = [{"field": refusal.field, "detail": str(refusal.sentence)}] if refusal.field else []
    return problem(STATUS.get(refusal.code, refusal.status), refusal.sentence, refusal.code, errors)
