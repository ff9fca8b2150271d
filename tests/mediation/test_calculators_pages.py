"""Calculators on pages: looked at, kept, shown to the parties, tried by them, and closed to everybody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import client_of
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.mediation import calculating
from chenyue.mediation.models import Calculation
from chenyue.timeline.models import Entry
from helpers import one_and_three
from mediation.stage import BEGAN, MediationStage

LAND = {
    "title": "补偿款怎么分",
    "day": "2012-03-01",
    "people-rows": "4",
    "people-0-name": "户主",
    "people-1-name": "妻",
    "people-1-left": "divorce",
    "people-1-left_on": "2011-01-01",
    "people-3-name": "子",
    "items-rows": "2",
    "items-0-kind": "land",
    "items-0-amount": "97,912",
    "items-1-kind": "house",
    "items-1-amount": "67123",
    "items-1-owners": "户主",
    "opinions-rows": "2",
    "opinions-0-title": "应当分享",
    "opinions-1-title": "不应分享",
    "opinions-1-counts_out": "妻",
}


def url(mediated: MediationStage, name: str, **more: Any) -> str:
    return reverse(f"mediation:{name}", kwargs={"number": mediated.number} | more)


def kept(mediated: MediationStage, **given: Any) -> Calculation:
    given = {"amount": "100", "people": [{"name": "甲"}, {"name": "乙"}, {"name": "丙"}]} | given
    return calculating.keep(
        mediation=mediated.mediation, kind="shares", title="三家分", given=given, by=mediated.wang, at=BEGAN
    )


def test_two_opinions_are_looked_at_and_kept(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    address = url(mediated, "calculator", kind="land")
    assert mediated.applicant.name in client.get(address).content.decode()  # the parties are offered
    looked = client.post(address, LAND)
    page = looked.content.decode()
    assert looked.status_code == 200
    assert "32637.34" in page and "48956.00" in page  # a third, and a half
    assert Calculation.objects.count() == 0
    for _twice in range(2):
        answer = client.post(address, LAND | {"keep": "1", "idempotency_key": "k1"})
        assert answer.status_code == 303
    found = Calculation.objects.get()
    assert calculating.replays(found)
    assert "应当分享" in client.get(answer["Location"]).content.decode()
    again = client.get(address, {"from": found.pk}).content.decode()
    assert "97,912" in again and "不应分享" in again


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    wrong = client.post(
        url(mediated, "calculator", kind="land"), LAND | {"items-1-owners": "路人", "people-3-left_on": "何时"}
    )
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "路人" in page and "妻" in page and 'id="id_people-3-left_on"' in page
    assert client.post(url(mediated, "calculator", kind="leak"), {"costs-rows": "x"}).status_code == 422


def test_more_rows_keep_what_was_typed(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    page = client.post(url(mediated, "calculator", kind="land"), LAND | {"more": "items"}).content.decode()
    assert 'name="items-4-amount"' in page and 'name="people-4-name"' not in page
    assert 'value="97,912"' in page and 'value="不应分享"' in page and 'value="补偿款怎么分"' in page


@pytest.mark.parametrize("kind", ["land", "instalments", "interest", "leak", "shares"])
def test_every_form_opens_and_refuses_nothing_typed(mediated: MediationStage, kind: str) -> None:
    client = client_of(mediated.cast.wang)
    assert client.get(url(mediated, "calculator", kind=kind)).status_code == 200
    assert client.post(url(mediated, "calculator", kind=kind), {}).status_code == 422
    assert client.get(url(mediated, "calculator", kind="moon")).status_code == 404


def test_parties_see_only_what_is_shown_to_them_and_may_try(mediated: MediationStage) -> None:
    found, nobody = kept(mediated), Client()
    address = reverse("mediation:party-calculation", args=[mediated.applicant.code, found.pk])
    assert nobody.get(address).status_code == 404
    calculating.share(calculation=found, by=mediated.wang, at=BEGAN)
    for party in (mediated.applicant, mediated.respondent):
        answer = nobody.get(reverse("mediation:party-calculation", args=[party.code, found.pk]))
        assert answer.status_code == 200 and "33.34" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    tried = nobody.post(
        address, {"amount": "200", "people-rows": "2", "people-0-name": "甲", "people-1-name": "乙"}
    ).content.decode()
    assert "100.00" in tried and "33.34" in tried
    assert Calculation.objects.count() == 1
    calculating.remove(calculation=found, by=mediated.wang, at=BEGAN)
    assert nobody.get(address).status_code == 404


def test_another_mediations_calculation_is_not_found(mediated: MediationStage) -> None:
    from mediation.stage import stage

    found = kept(mediated)
    calculating.share(calculation=found, by=mediated.wang, at=BEGAN)
    with pytest.raises(NotFound):
        calculating.one(mediated.mediation, found.pk + 1)
    other = stage_of_another(mediated, stage)
    assert Client().get(reverse("mediation:party-calculation", args=[other, found.pk])).status_code == 404


def stage_of_another(mediated: MediationStage, stage: Any) -> str:
    from chenyue.mediation.models import Mediation, Party

    first = mediated.mediation
    second = Mediation.objects.create(
        number="M2026-9002", case=first.case, committee=first.committee, title="另一件", dispute="other",
        stage="mediating", stage_at=BEGAN, made_at=BEGAN,
    )  # fmt: skip
    party = Party(
        mediation=second,
        order=1,
        side="applicant",
        kind="person",
        name="他人",
        code="ACDE-FGHJ-KMN3",
        key_salt="00" * 16,
    )
    party.save()
    return party.code


def test_the_timeline_says_what_happened_without_figures(mediated: MediationStage) -> None:
    found = kept(mediated)
    calculating.share(calculation=found, by=mediated.wang, at=BEGAN)
    entries = Entry.objects.filter(subject=mediated.mediation.subject, verb__startswith="mediation.calculat")
    assert [entry.visible_to for entry in entries.order_by("id")] == ["office", "resident"]
    assert "甲" not in str([entry.data for entry in entries])


def test_the_stranger_and_who_only_looks_change_nothing(mediated: MediationStage) -> None:
    found = kept(mediated)
    with pytest.raises(NotAllowed):
        calculating.share(calculation=found, by=mediated.li, at=BEGAN)  # who runs mediation doesn't conduct this one
    with pytest.raises(NotAllowed):
        calculating.remove(calculation=found, by=mediated.cast.zhou.actor(), at=BEGAN)
    stranger = client_of(mediated.cast.zhou)
    assert stranger.post(url(mediated, "calculation-do", pk=found.pk, what="share")).status_code in (403, 404)
    found.refresh_from_db()
    assert found.shared_at is None and found.removed_at is None


def test_one_and_three_kept(mediated: MediationStage) -> None:
    client = client_of(mediated.cast.wang)
    one_and_three(lambda: client.get(url(mediated, "calculators")), lambda: kept(mediated), 6)
