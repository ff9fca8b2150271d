"""A program that calls the API: its token, taken by its owner, and its calls."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cast import Cast
from chenyue.core.ids import token as key
from chenyue.gateway.api import tokens
from chenyue.gateway.models_machines import MachineToken
from chenyue.people.models import Member

ALL = tuple(tokens.carried())


def offered(cast: Cast, owner: Member, words: Any = ALL, at: datetime | None = None, **more: Any) -> MachineToken:
    """A token that the administrator offers."""
    at = at or timezone.now()
    given: dict[str, Any] = {
        "name": "市平台对接", "purpose": "", "read_only": False, "hourly": 10_000,
        "expires_at": at + timedelta(days=30),
    }  # fmt: skip
    return tokens.offer(**(given | more), owner=owner, words=words, by=cast.admin.actor(), at=at)


def held(cast: Cast, owner: Member, words: Any = ALL, **more: Any) -> str:
    """A token in its owner's hand."""
    return tokens.take(token=offered(cast, owner, words, **more), by=owner.actor(), at=timezone.now())


class Program:
    """Calls with one token. Answers come back as (status, what was said)."""

    def __init__(self, text: str, **headers: Any) -> None:
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_ACCEPT_LANGUAGE="en", **headers)

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        """Read."""
        return said(self.client.get(f"/api/v1{path}", query))

    def post(self, path: str, body: Any = None, once: str = "") -> tuple[int, Any]:
        """Write; each time with a new key unless told which."""
        headers = {"HTTP_IDEMPOTENCY_KEY": once or key()}
        found = self.client.post(f"/api/v1{path}", json.dumps(body or {}), "application/json", **headers)
        return said(found)

    def send(self, path: str, fields: dict[str, Any]) -> tuple[int, Any]:
        """Write a form with files."""
        return said(self.client.post(f"/api/v1{path}", fields, HTTP_IDEMPOTENCY_KEY=key()))


def said(response: Any) -> tuple[int, Any]:
    """The answer; one that isn't a success is a problem, always."""
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", response.content[:300]
        found = json.loads(response.content)
        assert found["status"] == response.status_code and found["detail"] and found["code"]
        return response.status_code, found
    return response.status_code, json.loads(response.content) if response.content else None


def program(cast: Cast, owner: Member, words: Any = ALL, **more: Any) -> Program:
    """A program in this member's name."""
    return Program(held(cast, owner, words, **more))
