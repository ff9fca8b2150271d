"""Pages of findings and projects: what they cost, whom they tell what, and forms that keep what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cast import Cast, client_of
from chenyue.cases.models import Appeal
from chenyue.core.ids import token
from chenyue.insight import pain_words
from chenyue.insight.models import Pain, PainRun, RootProject
from helpers import one_and_three, sample_case
from insight.root_doors import Pained

DAY = timedelta(days=1)


@pytest.fixture
def pained(cast: Cast) -> Pained:
    return Pained(cast, sample_case(cast).case)


def again(pained: Pained, n: list[int], **more: Any) -> Pain:
    """One more finding like the sample one."""
    n[0] += 1
    values = {field.attname: getattr(pained.pain, field.attname) for field in Pain._meta.fields if field.name != "id"}
    return Pain.objects.create(**(values | {"key": f"again {n[0]}"} | more))


def test_lists_cost_the_same_with_one_row_and_with_three(pained: Pained) -> None:
    zhao, n = client_of(pained.cast.zhao), [0]
    Pain.objects.all().delete()
    one_and_three(lambda: zhao.get(reverse("insight:pains")), lambda: again(pained, n), 6)
    RootProject.objects.all().delete()
    one_and_three(lambda: zhao.get(reverse("insight:roots")), pained.began, 4)


def test_the_surest_stand_first_and_pages_follow(pained: Pained) -> None:
    n = [0]
    for q in (0.09, 0.001, None, 0.4):
        again(pained, n, q_value=q, title=f"q {q}")
    shown = client_of(pained.cast.zhao).get(reverse("insight:pains"), {"kind": "spot"}).content.decode()
    order = [shown.index(f">q {q}<") for q in (0.001, 0.09, None, 0.4)]
    assert order == sorted(order)
    for _n in range(30):
        again(pained, n)
    second = client_of(pained.cast.zhao).get(reverse("insight:pains"), {"cursor": "30"})
    assert len(second.context["page"].rows) == 5 and second.context["page"].previous == "0"
    for wrong in ("-1", "x", "9" * 30, "²"):
        assert client_of(pained.cast.zhao).get(reverse("insight:pains"), {"cursor": wrong}).status_code == 200


def test_no_data_says_so(cast: Cast) -> None:
    assert "还没有排查过" in client_of(cast.zhao).get(reverse("insight:pains")).content.decode()


def test_whoever_may_not_see_the_cases_reads_figures_only(pained: Pained) -> None:
    """The attack: an auditor sees figures, but no case; a room, a title and words are the cases'."""
    Appeal.objects.filter(case__in=pained.pain.cases[1:]).update(words="我叫何晓芸，13912345678，住401室，烟呛人。")
    Pain.objects.update(room="401", kind="topic", words=["烟"], sentences=[[pained.pain.cases[1]]])
    address = reverse("insight:pain", args=[pained.pain.pk])
    shown = client_of(pained.cast.audit).get(address).content.decode()
    assert "下水道又堵了" not in shown and "401" not in shown and "呛人" not in shown
    shown = client_of(pained.cast.zhao).get(address).content.decode()
    assert "下水道又堵了" in shown and "呛人" in shown
    assert "13912345678" not in shown and "401室" not in shown


def test_a_private_case_among_them_is_hidden(pained: Pained) -> None:
    private = pained.town.cases(pained.town.places[0], [3], sensitivity="sealed", words="某科长收了礼")[0]
    Pain.objects.update(cases=[*pained.pain.cases, private.pk])
    shown = client_of(pained.cast.li).get(reverse("insight:pain", args=[pained.pain.pk]))
    assert private.number not in shown.content.decode() and shown.context["shown"].hidden == 1


def test_a_decision_without_a_reason_comes_back_with_its_sentence(pained: Pained) -> None:
    zhao, address = client_of(pained.cast.zhao), reverse("insight:pain", args=[pained.pain.pk])
    answer = zhao.post(address, {"to": "dismissed", "reason": "", "version": 1, "idempotency_key": token()})
    assert answer.status_code == 422 and "reason" in answer.context["form"].errors
    answer = zhao.post(address, {"to": "dismissed", "reason": "台风", "version": 9, "idempotency_key": token()})
    assert answer.status_code == 409 and "台风" in answer.content.decode()
    answer = zhao.post(address, {"to": "dismissed", "reason": "台风", "version": 1, "idempotency_key": token()})
    assert answer.status_code == 303 and Pain.objects.get().state == "dismissed"


def test_a_project_is_made_of_a_finding(pained: Pained) -> None:
    zhao = client_of(pained.cast.zhao)
    address = reverse("insight:root-new") + f"?pain={pained.pain.pk}"
    form = zhao.get(address).context["form"]
    assert form.initial["place"] == pained.pain.place_id and form.initial["title"] == pained.pain.title
    typed = {name: form.initial.get(name) or "" for name in form.fields} | {"idempotency_key": token()}
    typed |= {"unit": pained.cast.units["drainage"].pk, "target": 1, "words": "堵"}
    answer = zhao.post(address, typed)
    assert answer.status_code == 422 and "words" in answer.context["form"].errors
    answer = zhao.post(address, typed | {"words": "", "works": "W2020-1", "idempotency_key": token()})
    assert answer.status_code == 422 and "works" in answer.context["form"].errors
    answer = zhao.post(address, typed | {"words": "", "idempotency_key": token()})
    assert answer.status_code == 303
    row = RootProject.objects.order_by("-pk").first()
    assert row is not None and answer["Location"].endswith(f"/{row.number}/") and row.pain == pained.pain
    assert zhao.post(address, typed | {"words": "", "idempotency_key": token()}).status_code == 409


def test_done_too_late_or_too_early_keeps_the_page(pained: Pained) -> None:
    lin, address = client_of(pained.cast.lin), reverse("insight:root-done", args=[pained.project.number])
    early = (pained.today + DAY).isoformat()
    answer = lin.post(address, {"done_on": early, "idempotency_key": token()})
    assert answer.status_code == 422 and early in answer.content.decode()


@pytest.mark.parametrize(("p", "said"), [(0.3, "3 of 10"), (0.0123, "one of 81"), (0.00002, "one of 50,000")])
def test_odds_in_plain_words(p: float, said: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert pain_words.odds(Pain(p_value=p)).startswith(said)


def test_what_a_look_says_of_itself() -> None:
    from django.utils import translation

    told_so = {"window": 30, "usual": 365, "rate": 0.1, "blind": True, "grouped": [1], "copies": 2}
    run = PainRun(kind="spot", tests=7656, settings=told_so | {"outages": ["2026-01-02"]})
    with translation.override("en"):
        told = " ".join(pain_words.of_run(run))
    for part in (
        "7,656 tests",
        "at most 10% of what is shown is chance",
        "held for an outage",
        "whole group",
        "2 copies",
    ):
        assert part in told
