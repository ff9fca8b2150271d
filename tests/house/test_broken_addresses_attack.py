"""Addresses that somebody made up: an answer in words each time, never a fault of ours."""

import base64
import json
from typing import Any

import pytest
from django.db import DataError
from django.test import RequestFactory

from chenyue.core import trouble

pytestmark = pytest.mark.django_db


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


CURSORS = [
    cursor([1], 1, True), cursor({"a": 1}, 1, False), cursor(10**30, 1, True), cursor(1, 10**30, True),
    cursor("9999-12-31", 1, False), cursor("0001-01-01T00:00:00+00:00", 1, True), cursor(True, 1, True),
    cursor("2026-11-24T09:00:00+08:00", 5, False), cursor(5, 5, False), cursor("x", 1, True), "%00", "²",
]  # fmt: skip
DAYS = ["9999-12-31", "0001-01-01", "10000-01-01", "-1", "²", "\x00"]


@pytest.mark.parametrize("path", ["/desk/cases/", "/desk/cases/?from=2026-11-01", "/desk/inbox/", "/desk/notices/"])
@pytest.mark.parametrize("value", CURSORS)
def test_cursors(cast: Any, client_of: Any, path: str, value: str) -> None:
    query = {"cursor": value} | ({"from": "2026-11-01"} if "?" in path else {})
    assert client_of(cast.zhao).get(path.split("?")[0], query).status_code == 200


@pytest.mark.parametrize("value", DAYS)
def test_days(cast: Any, client_of: Any, value: str) -> None:
    zhao, audit = client_of(cast.zhao), client_of(cast.audit)
    for name in ("from", "to"):
        assert zhao.get("/desk/cases/", {name: value}).status_code == 200
    assert zhao.get("/desk/cases/", {"rate": f"response.numerator.{value}.{value}"}).status_code == 200
    for name in ("since", "until"):
        assert zhao.get("/desk/rates/", {name: value}).status_code in (200, 422)
        assert audit.get("/desk/audit/", {name: value}).status_code == 200


@pytest.mark.parametrize("value", ["²", "-1", "9" * 30, "\x00"])
def test_numbers(cast: Any, client_of: Any, value: str) -> None:
    assert client_of(cast.audit).get("/desk/audit/", {"before": value}).status_code == 200
    assert client_of(cast.li).get("/desk/set-up/deliveries/", {"before": value}).status_code == 200
    assert client_of(cast.admin).get("/desk/set-up/places/", {"within": value}).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_mistyped_year_is_said_at_its_field(cast: Any, client_of: Any, day: str) -> None:
    from helpers import sample_case

    case = sample_case(cast).case
    lin = client_of(cast.lin)
    lin.post(f"/desk/cases/{case.number}/accept/", {"version": case.version, "idempotency_key": "a"})
    case.refresh_from_db()
    for move, name in (("suspend", "until"), ("extend", "new_due_at")):
        data = {"version": case.version, "reason": "等配件到货", name: day, "idempotency_key": move}
        assert lin.post(f"/desk/cases/{case.number}/{move}/", data).status_code == 422


def test_a_character_that_no_database_stores_is_a_bad_request() -> None:
    error = DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    answer = trouble.answer(RequestFactory().get("/"), error)
    assert answer is not None
    assert answer.status_code == 400
