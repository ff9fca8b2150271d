"""Pages of credits: read by auditors, changed by two persons, masked for everybody; the export counted anew."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from chenyue.core.ids import token
from chenyue.volunteering import beancount, proposing, ruling
from chenyue.volunteering.accounts import balance, totals
from chenyue.volunteering.models import Account, ConversionRule, FamilyTie, Proposal
from helpers import count, one_and_three
from volunteering.stage import Stage, add_rule
from volunteering.test_ledger_hands import keeper
from volunteering.test_ledger_proof import lived


@pytest.fixture
def stage(cast: Any) -> Stage:
    return Stage(cast)


def once(**data: Any) -> dict[str, Any]:
    return {"idempotency_key": token()} | data


def test_a_rule_is_proposed_from_an_example_and_approved_by_another(stage: Stage, client_of: Any) -> None:
    zhao, second = client_of(stage.cast.zhao), client_of(keeper())
    shown = zhao.get(reverse("volunteering:rule-new"), {"preset": "guangzhou"}).context["form"]
    assert (shown["threshold_minutes"].value(), shown["balance_cap"].value()) == ("100", "1500")
    typed = once(
        starts_on="2090-01-01", per_hour="1.5", rounding="half", grades=["A"], day_minutes="8", activity_minutes="1:30",
        expiry="years", expiry_years="2", grace_days="30", words="街道公示",
    )  # fmt: skip
    assert zhao.post(reverse("volunteering:rule-new"), typed).status_code == 303
    rule = ConversionRule.objects.get()
    assert (rule.per_hour, rule.activity_minutes, rule.day_minutes, rule.threshold_minutes) == (150, 90, 480, 0)
    approve = reverse("volunteering:rule-approve", args=[rule.version])
    zhao.post(approve, once())
    rule.refresh_from_db()
    assert rule.approved_at is None
    second.post(approve, once())
    rule.refresh_from_db()
    assert rule.approved_by and rule.approved_by.username == "keeper"
    page = zhao.get(reverse("volunteering:rules")).content.decode()
    assert "1 小时 30 分" in page


def test_a_rule_with_a_mistake_keeps_what_was_typed(stage: Stage, client_of: Any) -> None:
    typed = once(
        starts_on="2090-01-01", per_hour="1.555", rounding="half", grades=["A"], expiry="years", grace_days="30"
    )
    answer = client_of(stage.cast.zhao).post(reverse("volunteering:rule-new"), typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"per_hour"}
    assert answer.context["form"]["per_hour"].value() == "1.555"


def test_a_grant_by_the_pages(stage: Stage, client_of: Any) -> None:
    old, zhao, second = stage.resident("王秀英", "13900001234"), client_of(stage.cast.zhao), client_of(keeper())
    book = reverse("volunteering:credits-book", args=[old.pk])
    typed = once(kind="grant", amount="20", reason="高龄慰问")
    assert zhao.post(reverse("volunteering:credits-propose", args=[old.pk]), typed).status_code == 303
    row = Proposal.objects.get()
    approve = reverse("volunteering:credits-approve", args=[row.pk])
    assert approve not in zhao.get(book).content.decode()
    page = second.get(book).content.decode()
    assert approve in page
    assert "王秀英" not in page
    assert "13900001234" not in page
    second.post(approve, once())
    assert balance(old).free == 2000
    assert "高龄慰问" in second.get(book).content.decode()


def test_freezing_and_freeing_by_the_pages(stage: Stage, client_of: Any) -> None:
    someone, zhao, second = stage.rich(500).resident, client_of(stage.cast.zhao), client_of(keeper())
    zhao.post(reverse("volunteering:credits-freeze", args=[someone.pk]), once(amount="2", reason="举报待查"))
    assert balance(someone).frozen == 200
    (frozen,) = proposing.frozen_by_hand(someone)
    thaw = reverse("volunteering:credits-thaw", args=[someone.pk, frozen.pk])
    assert zhao.post(thaw, once(reason="查清")).status_code == 422
    assert second.post(thaw, once(reason="查清")).status_code == 303
    assert balance(someone).free == 500


def test_a_relative_at_the_window(stage: Stage, client_of: Any) -> None:
    giver = stage.rich(500).resident
    typed = once(name="陈小妹", phone="13900005678", kin="child", both_agree="on", proof="户口簿")
    client_of(stage.cast.li).post(reverse("volunteering:credits-tie-new", args=[giver.pk]), typed)
    tie = FamilyTie.objects.get()
    assert tie.receiver_at
    url = reverse("volunteering:credits-tie-approve", args=[tie.pk])
    assert client_of(stage.cast.zhao).post(url, once(proof="户口簿")).status_code == 303
    tie.refresh_from_db()
    assert tie.approved_at


def test_a_book_is_found_by_whole_words_only(stage: Stage, client_of: Any) -> None:
    stage.volunteer("王秀英", "13900001234")
    audit = client_of(stage.cast.audit)
    found = {q: len(audit.get(reverse("volunteering:credits"), {"who": q}).context["found"]) for q in
             ("V000001", "v000001", "13900001234", "王秀英", "王秀", "1390000", "%")}  # fmt: skip
    assert found == {"V000001": 1, "v000001": 1, "13900001234": 1, "王秀英": 1, "王秀": 0, "1390000": 0, "%": 0}


def test_lists_at_equal_cost(stage: Stage, client_of: Any) -> None:
    zhao = client_of(stage.cast.zhao)

    def add() -> None:
        who = stage.rich(100).resident
        proposing.propose(kind="take", resident=who, amount=1, reason="误记", by=stage.zhao, at=stage.cast.now)

    one_and_three(lambda: zhao.get(reverse("volunteering:credits-proposals")), add, 4)
    one_and_three(lambda: zhao.get(reverse("volunteering:credits")), add, 10)


def test_public_figures_say_nothing_of_few(stage: Stage, client_of: Any) -> None:
    from django.core.cache import cache

    nobody = client_of(None)
    for _ in range(4):
        stage.rich(100)
    assert nobody.get(reverse("volunteering:figures")).context["figures"] is None
    stage.rich(100)
    cache.clear()
    assert nobody.get(reverse("volunteering:figures")).context["figures"].issued == 500


def test_another_program_counts_the_export_anew(cast: Any, client_of: Any, tmp_path: Path) -> None:
    from beancount import loader
    from beancount.core import realization

    lived(cast)
    answer = client_of(cast.audit).post(reverse("volunteering:credits-export"), once())
    text = b"".join(answer.streaming_content).decode()
    assert "居民" not in text
    assert "139000" not in text
    file = tmp_path / "credits.beancount"
    file.write_text(text, encoding="utf-8")
    checked = subprocess.run(
        [Path(sys.executable).parent / "bean-check", file], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    entries, errors, _options = loader.load_string(text)
    assert errors == []
    real = realization.realize(entries)
    there: dict[str, int] = dict.fromkeys(totals(), 0)
    for account in Account.objects.all():
        held = realization.get_or_create(real, beancount.name_of(account)).balance
        amount = held.get_currency_units(beancount.UNIT).number or Decimal(0)
        there[account.kind] += int(amount * 100)
    assert there == totals()


def test_a_changed_number_in_the_export_is_refused_by_the_other_program(cast: Any) -> None:
    from beancount import loader

    Stage(cast).rich(500)
    text = "".join(beancount.export())
    assert loader.load_string(text)[1] == []
    assert loader.load_string(text.replace("balance Equity:Issued -5.00", "balance Equity:Issued -6.00"))[1]


def test_the_cost_of_a_book(stage: Stage, client_of: Any) -> None:
    someone, zhao = stage.rich(2000), client_of(stage.cast.zhao)
    url = reverse("volunteering:credits-book", args=[someone.resident_id])
    zhao.get(url)
    assert count(lambda: zhao.get(url)) <= 22


def test_the_form_shows_a_preset_as_it_would_be_typed(stage: Stage) -> None:
    from chenyue.volunteering.forms_ledger import RuleForm, initial_rule

    add_rule()
    for preset in ruling.presets():
        first = initial_rule(preset["terms"]) | {"starts_on": date(2090, 1, 1), "grace_days": 30}
        form = RuleForm({**first, "expiry": first.get("expiry", "none")})
        assert form.is_valid(), form.errors
        read = form.terms()
        assert {name: getattr(read, name) for name in preset["terms"]} == preset["terms"] | {
            "grades": tuple(preset["terms"]["grades"])
        }
