"""The numbers by which evidence is judged are changed on a page, kept where they differ, and used from then on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chenyue.core import office
from chenyue.volunteering import thresholds
from chenyue.volunteering.booking_terms import ODD, odd
from chenyue.volunteering.forms_thresholds import EVIDENCE, ODD_NUMBERS

EVIDENCE_PAGE, ODD_PAGE = "/desk/volunteering/rules/evidence/", "/desk/volunteering/rules/odd/"


def once() -> dict[str, str]:
    return {"idempotency_key": uuid4().hex}


pytestmark = pytest.mark.django_db


def test_every_number_has_its_field() -> None:
    assert set(EVIDENCE) == set(thresholds.shipped())
    assert {*ODD_NUMBERS, "night"} == set(ODD)
    for name, (_words, least, most) in EVIDENCE.items():
        assert least <= thresholds.shipped()[name] <= most


def test_only_what_differs_is_kept_and_holds_from_now_on(cast: Any, client_of: Any) -> None:
    client = client_of(cast.zhao)
    said = thresholds.shipped() | {"quota_day": 12}
    assert client.post(EVIDENCE_PAGE, said | once()).status_code == 303
    assert office.get("volunteering_evidence") == {"quota_day": 12}
    assert thresholds.now().quota_day == 12
    assert client.post(EVIDENCE_PAGE, thresholds.shipped() | once()).status_code == 303
    assert office.get("volunteering_evidence") == {}


@pytest.mark.parametrize(
    ("name", "value"), [("notice_days", "6"), ("most_minutes", "481"), ("check_percent", "-1"), ("speed_kmh", "x")]
)
def test_what_the_law_or_sense_forbids_is_refused(cast: Any, client_of: Any, name: str, value: str) -> None:
    answer = client_of(cast.zhao).post(EVIDENCE_PAGE, thresholds.shipped() | {name: value} | once())
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.content.decode()  # what was typed is still there
    assert office.get("volunteering_evidence") == {}


def test_a_day_holds_an_entry(cast: Any, client_of: Any) -> None:
    said = thresholds.shipped() | {"day_minutes": 100, "most_minutes": 200}
    assert client_of(cast.zhao).post(EVIDENCE_PAGE, said | once()).status_code == 422


def test_when_redeeming_looks_odd(cast: Any, client_of: Any) -> None:
    said = {name: ODD[name] for name in ODD_NUMBERS} | {"early": 5, "night_from": "00:30", "night_until": "05:00"}
    assert client_of(cast.zhao).post(ODD_PAGE, said | once()).status_code == 303
    assert office.get("volunteering_odd") == {"early": 5, "night": ["00:30", "05:00"]}
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    now = thresholds.odd_now()
    assert odd(noon, noon + timedelta(minutes=10), noon + timedelta(hours=1), 0, 3, now) == ["early"]
    night = datetime(2026, 11, 20, 17, tzinfo=UTC)  # one in the morning on the office's wall
    assert odd(night, night, night + timedelta(hours=1), 0, 3, now) == ["night"]
