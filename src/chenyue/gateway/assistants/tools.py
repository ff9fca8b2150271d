"""What assistants can do: operations of the API that read, and drafts that are given back and kept nowhere.

Each call goes through the API's own door with the caller's token: the same scopes, rates, log and refusals. Nothing
here knows the library that speaks to assistants.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway.api import door
from chenyue.gateway.api.problems import refused
from chenyue.people import masking

ROOT = "/api/"
MOST = 400_000  # bytes of an answer: more than an assistant can hold in mind
WORKS = ("works.manage", "works.record", "works.answer")
RECEPTION = ("reception.serve", "reception.roster", "reception.venues", "case.see")
STAFF = ("case.see", "case.file", "catalogue.edit", "places.edit", "people.edit", "works.record", "steward.manage")
# Operations of the API that are offered, and of which permissions one is needed. Not among them: contact data,
# files, homes with their stance, webhooks.
READS: dict[str, tuple[str, ...]] = {
    "get_me": (),
    "list_cases": ("case.see",), "get_case": ("case.see",), "get_timeline": ("case.see",), "list_views": ("case.see",),
    "list_appeals": ("case.see",), "get_appeal": ("case.see",),
    "list_callbacks": ("callback.make",), "list_refusals": ("case.review_answer",), "list_rates": ("insight.see",),
    "list_places": STAFF, "search_places": STAFF, "get_place": STAFF, "list_categories": STAFF, "list_units": STAFF,
    "list_members": ("case.dispatch", "case.work"),
    "list_coverage": ("steward.manage",), "list_terms": ("steward.manage",),
    "list_projects": WORKS, "get_project": WORKS, "get_tally": WORKS,
    "list_venues": RECEPTION, "list_sittings": RECEPTION, "get_queue": RECEPTION,
}  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """One tool: what it's called and does, the JSON Schema of its arguments, which permissions open it."""

    name: str
    title: str
    words: str
    schema: dict[str, Any]
    needs: tuple[str, ...]
    path: str = ""  # of the API, with {blanks}
    draft: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Answer:
    """What a tool gives back: data, or a problem as the API words it."""

    ok: bool
    data: Any


@cache
def tools() -> dict[str, Tool]:
    """All tools by name, out of the API's own description."""
    from chenyue.gateway.api.build import openapi
    from chenyue.gateway.assistants import drafts

    found: dict[str, Tool] = {}
    description = openapi()
    for path, operations in description["paths"].items():
        operation = operations.get("get")
        name = operation["operationId"] if operation else ""
        if name in READS:
            schema = _schema(operation, description["components"]["schemas"])
            words = str(operation.get("description", ""))
            found[name] = Tool(name, str(operation["summary"]), words, schema, READS[name], path)
    return found | {tool.name: tool for tool in drafts.tools()}


def _schema(operation: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an operation as one object."""
    told = [one for one in operation.get("parameters", []) if one["in"] in ("path", "query")]
    properties = {one["name"]: one["schema"] for one in told}
    if operation["operationId"] == "list_cases":
        from chenyue.cases.filters import FILTERS

        many = {"type": "array", "items": {"type": "string"}, "maxItems": 20}
        properties |= {name: many if kept.many else {"type": "string"} for name, kept in FILTERS.items()}
        properties["order"] = {"type": "string", "enum": ["newest", "due"]}
    needed = [one["name"] for one in told if one.get("required")]
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if needed:
        found["required"] = needed
    if "$ref" in json.dumps(properties):
        found["components"] = {"schemas": dict(shapes)}
    return found


def offered(token: str, address: str) -> list[Tool]:
    """The tools that this token opens. Raises Refusal for a token that opens nothing."""
    made = _caller(token, address)
    held = set(made.words())
    return [tool for tool in tools().values() if not tool.needs or held.intersection(tool.needs)]


def call(name: str, arguments: Mapping[str, Any], *, token: str, address: str) -> Answer:
    """Use a tool. What goes wrong is an answer too: its sentence tells what to do."""
    try:
        tool = tools().get(name)
        if tool is None:
            raise Refusal(_("There is no tool “%(name)s”.") % {"name": name[:40]}, code="tool")
        _check(tool, arguments)
        if tool.draft is not None:
            made = _caller(token, address)
            made.need(*tool.needs)
            return Answer(True, masked(tool.draft(made, dict(arguments))))
        return _read(tool, arguments, token, address)
    except Refusal as refusal:
        return Answer(False, json.loads(refused(refusal).content))


def _check(tool: Tool, arguments: Mapping[str, Any]) -> None:
    """The names of arguments; their values the API looks at."""
    known = tool.schema["properties"]
    if unknown := [name for name in arguments if name not in known]:
        raise Refusal(_("This tool has no argument “%(name)s”.") % {"name": str(unknown[0])[:40]}, code="argument")
    if missing := [name for name in tool.schema.get("required", []) if arguments.get(name) in (None, "")]:
        raise Refusal(_("The argument “%(name)s” is missing.") % {"name": missing[0]}, code="argument")


def _read(tool: Tool, arguments: Mapping[str, Any], token: str, address: str) -> Answer:
    path, query = tool.path.removeprefix(ROOT), []
    for name, value in arguments.items():
        if value is None:
            continue
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        else:
            query += [(name, _word(one)) for one in (value if isinstance(value, list) else [value])]
    if "{" in path:
        raise Refusal(_("The argument “%(name)s” is missing.") % {"name": path.partition("{")[2].partition("}")[0]})
    response = door.door(_request(path, urlencode(query, errors="replace"), token, address), path)
    assert isinstance(response, HttpResponse)
    if response.status_code < 400 and len(response.content) > MOST:
        raise Refusal(_("This is too much at once: ask for fewer rows, or use filters."), code="too_large")
    return Answer(response.status_code < 400, masked(json.loads(response.content)))


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _request(path: str, query: str, token: str, address: str) -> WSGIRequest:
    """A call of the API that stays within this process."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": ROOT + path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "REMOTE_ADDR": address, "HTTP_AUTHORIZATION": f"Bearer {token}", "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http",
    }  # fmt: skip
    return WSGIRequest(environ)


def _caller(token: str, address: str) -> Any:
    from chenyue.gateway.api.frame import Bearer

    return Bearer()(_request("", "", token, address))


def masked(value: Any) -> Any:
    """The same without telephone and ID numbers that people wrote into their words."""
    if isinstance(value, str):
        return masking.mask_words(value)
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list) else value
