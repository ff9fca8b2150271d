"""The API put together: operations, errors, and its description (OpenAPI 3.1)."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from chenyue.core.errors import Refusal
from chenyue.gateway.api import routes
from chenyue.gateway.api.frame import KEY, Bearer, Careful
from chenyue.gateway.api.problems import TYPE, problem, refused

ROOT = "/api/v1/"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "code": {"type": "string"}, "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}  # fmt: skip
ALWAYS = (400, 401, 403, 404, 422, 429, 503, 507)
WRITING = (409, 413, 415)


class Api(NinjaAPI):
    """Operations are called what their functions are called."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """A name that stays when modules are moved."""
        return str(operation.view_func.__name__)


@cache
def api() -> NinjaAPI:
    """The API with all its operations; built once for each process."""
    found = Api(
        title="Chenyue", version="1", openapi_url=None, docs_url=None, auth=[Bearer()], parser=Careful(),
        urls_namespace="api-v1",
    )  # fmt: skip
    found.add_exception_handler(Refusal, _refused)
    found.add_exception_handler(Http404, _missing)
    found.add_exception_handler(ValidationError, _invalid)
    found.add_exception_handler(HttpError, _unreadable)
    for prefix, router in routes.routers():
        found.add_router(prefix, router)
    return found


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return refused(error)


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, Refusal):
        return refused(error)
    return problem(404, gettext("This does not exist, or it is not for you."), "not_found")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Which fields are wrong, in the words of the check; what was sent isn't repeated."""
    errors = [{"field": _field(one["loc"]), "detail": str(one["msg"])} for one in error.errors[:50]]
    return problem(422, gettext("Some fields aren't as they should be."), "invalid", errors)


def _field(where: Any) -> str:
    """`("body", "body", "reporter", "phone")` → `reporter.phone`."""
    parts = [str(part) for part in where if part not in ("body", "query", "path", "form", "file", "header")]
    return ".".join(parts)[:100]


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 400:
        return problem(400, gettext("This call can't be read."), "unreadable")
    return problem(error.status_code, str(error), "http")


def openapi() -> dict[str, Any]:
    """The description in the language of the asker."""
    return _openapi(get_language() or "")


@cache
def _openapi(language: str) -> dict[str, Any]:
    found: dict[str, Any] = _plain(api().get_openapi_schema(path_prefix=ROOT))
    found["info"]["description"] = gettext("What staff do by hand, for programs, under the same rules.")
    found["servers"] = [{"url": "/"}]
    found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in found["paths"].values():
        for method, operation in path.items():
            _complete(operation, writes=method != "get")
    return found


def _complete(operation: dict[str, Any], *, writes: bool) -> None:
    """The header that each write needs, and the problems that each call may meet."""
    if writes:
        operation.setdefault("parameters", []).append(
            {
                "in": "header", "name": KEY, "required": True,
                "description": gettext("Chosen by the caller; a retry with the same key does nothing twice."),
                "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
            }
        )  # fmt: skip
    content = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in ALWAYS + (WRITING if writes else ()):
        operation["responses"].setdefault(str(status), {"description": "Problem", "content": content})


def _plain(value: Any) -> Any:
    """Sentences that wait for a language, said in the one of now; keys as JSON has them."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Promise) else value
