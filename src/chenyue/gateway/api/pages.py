"""The description of the API, for programs (OpenAPI 3.1) and for people: a plain page, nothing from elsewhere."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHODS = ("get", "post", "delete")


def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1. It says nothing of this office, so that it needs no token."""
    from chenyue.gateway.api import build

    response = HttpResponse(json.dumps(build.openapi(), ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def docs(request: HttpRequest) -> HttpResponse:
    """The same, to read."""
    from chenyue.gateway.api import build

    found = build.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in found["paths"].items():
        for method in METHODS:
            if method in operations:
                row = _row(path, method, operations[method], found["components"]["schemas"])
                groups.setdefault(row["group"], []).append(row)
    return render(request, "gateway/api/docs.html", {"groups": list(groups.items())})


def _row(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": path, "method": method.upper(), "summary": operation.get("summary", ""),
        "description": operation.get("description", ""), "group": (operation.get("tags") or [""])[0],
        "id": operation["operationId"],
        "parameters": [
            {"name": p["name"], "where": p["in"], "required": p.get("required", False), "kind": _kind(p["schema"])}
            for p in operation.get("parameters", ())
        ],
        "body": _fields(operation.get("requestBody", {}).get("content", {}), schemas),
        "answer": _fields(next(iter(operation["responses"].values())).get("content", {}), schemas),
    }  # fmt: skip


def _kind(schema: dict[str, Any]) -> str:
    """A type in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", ""))


def _fields(content: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a body, one step deep; names of inner shapes stand as their type."""
    first: dict[str, Any] = next(iter(content.values()), {})
    schema = first.get("schema", {})
    if "$ref" in schema:
        schema = schemas.get(schema["$ref"].rsplit("/", 1)[-1], {})
    required = schema.get("required", ())
    return [
        {"name": name, "kind": _kind(inner), "required": name in required}
        for name, inner in schema.get("properties", {}).items()
    ]
