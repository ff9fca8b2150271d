"""The pages of the roster: the grid, a draft changed on it, one's own turns, fairness, rules, paper and workbook."""

import io
import json
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from chenyue.core.ids import token
from chenyue.reception import venues
from chenyue.reception.models import Leave, LedgerCorrection, Plan, RosterRules, Shift, Sitting, Wish
from chenyue.reception.rostering import planning
from chenyue.reception.rostering.seeing import on_roster
from helpers import one_and_three
from reception import roster_rows as rows
from reception import venue_rows

pytestmark = pytest.mark.django_db


def post(client: Any, name: str, *args: Any, query: str = "", **data: Any) -> Any:
    return client.post(reverse(f"reception:{name}", args=args) + query, data | {"idempotency_key": token()})


@pytest.fixture
def staff(cast: Any) -> list[Any]:
    rows.easy(cast.zhao.actor())
    found = rows.staff(5, leads=2)
    on_roster.drop()
    return found


@pytest.fixture
def sitting(staff: list[Any]) -> Any:
    """Tomorrow morning, published, led by 0 with 2 beside."""
    venue_rows.opening(venue_rows.venue())
    day = timezone.localdate() + timedelta(days=1)
    venues.ensure_sittings(day, day + timedelta(days=2), timezone.now())
    found = Sitting.objects.filter(day=day).get()
    rows.shift(found, staff[0])
    rows.shift(found, staff[2])
    return found


@pytest.fixture
def draft(sitting: Any, cast: Any) -> Plan:
    return planning.by_hand(first=sitting.day, last=sitting.day, by=cast.zhao.actor(), at=timezone.now())


def month(sitting: Any) -> str:
    return f"?month={sitting.day:%Y-%m}"


def test_who_takes_turns_sees_the_roster(sitting: Any, staff: list[Any], client_of: Any, cast: Any) -> None:
    browser = client_of(staff[2].member)
    page = browser.get(reverse("reception:roster") + month(sitting)).content.decode()
    assert "领0" in page and "员2" in page and "roster-mine" in page
    assert client_of(cast.sun).get(reverse("reception:roster")).status_code == 403
    assert reverse("reception:roster") in browser.get(reverse("reception:my-turns")).content.decode()


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "0001-01", "9999-12", "2026-1"])
def test_a_month_that_is_none(cast: Any, client_of: Any, month: str) -> None:
    assert client_of(cast.zhao).get(reverse("reception:roster"), {"month": month}).status_code == 200


def test_a_draft_is_seen_by_planners_only(
    draft: Plan, sitting: Any, staff: list[Any], cast: Any, client_of: Any
) -> None:
    url = reverse("reception:roster") + month(sitting)
    assert "data-where" in client_of(cast.zhao).get(url).content.decode()
    assert "data-where" not in client_of(staff[2].member).get(url).content.decode()
    assert "data-where" not in client_of(cast.zhao).get(url + "&show=standing").content.decode()


def test_dragging_asks_first_and_then_moves(
    draft: Plan, sitting: Any, staff: list[Any], cast: Any, client_of: Any
) -> None:
    browser = client_of(cast.zhao)
    found = browser.get(reverse("reception:where", args=[draft.pk]), {"person": staff[1].pk}).json()
    assert any("带班领导" in words for words in found["sittings"][str(sitting.pk)])  # two would lead
    found = browser.get(reverse("reception:where", args=[draft.pk]), {"person": staff[3].pk}).json()
    assert len(found["sittings"][str(sitting.pk)]) == 1  # one too many
    data = {"person": staff[3].pk, "to": sitting.pk, "version": draft.version, "idempotency_key": token()}
    url = reverse("reception:turn", args=[draft.pk]) + month(sitting)
    page = browser.post(url, data, headers={"HX-Request": "true"})
    assert page.status_code == 200 and "员3" in page.content.decode()
    page = browser.post(url, data | {"idempotency_key": token()}, headers={"HX-Request": "true"})
    assert 'role="alert"' in page.content.decode()  # somebody changed it meanwhile: said above the newer grid


def test_a_draft_is_changed_without_scripts(
    draft: Plan, sitting: Any, staff: list[Any], cast: Any, client_of: Any
) -> None:
    browser = client_of(cast.zhao)
    page = browser.get(reverse("reception:plan-sitting", args=[draft.pk, sitting.pk])).content.decode()
    assert page.index("员3") < page.index("领1")  # who fits stands first
    assert post(browser, "turn", draft.pk, person=staff[2].pk, **{"from": sitting.pk}).status_code == 303
    assert post(browser, "turn", draft.pk, person=staff[3].pk, to=sitting.pk).status_code == 303
    assert post(browser, "turn", draft.pk, person=staff[3].pk, pin="1", **{"from": sitting.pk}).status_code == 303
    draft.refresh_from_db()
    assert draft.draft == {str(sitting.pk): [[staff[0].pk, True], [staff[3].pk, False]]}
    assert draft.pins == [[sitting.pk, staff[3].pk]]
    assert post(browser, "plan", draft.pk, version=draft.version).status_code == 303
    standing = {(s.person_id, s.pinned) for s in Shift.objects.filter(sitting=sitting)}
    assert standing == {(staff[0].pk, False), (staff[3].pk, True)}


def test_publishing_a_draft_that_changed_meanwhile(
    draft: Plan, staff: list[Any], sitting: Any, cast: Any, client_of: Any
) -> None:
    answer = post(client_of(cast.zhao), "plan", draft.pk, version=draft.version - 1)
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.state == "ready"


def test_a_plan_is_asked_for_and_refused_in_words(staff: list[Any], cast: Any, client_of: Any) -> None:
    browser, day = client_of(cast.zhao), timezone.localdate()
    data = {"first": day.isoformat(), "last": (day - timedelta(days=3)).isoformat(), "how": "new", "seconds": "20"}
    answer = post(browser, "plans", **data)
    page = answer.content.decode()
    assert answer.status_code == 422 and "早于" in page and f'value="{day.isoformat()}"' in page
    answer = post(browser, "plans", **(data | {"last": day.isoformat(), "how": "hand"}))
    assert answer.status_code == 303 and Plan.objects.get().state == "ready"


def test_pages_of_a_plan_in_each_state(draft: Plan, cast: Any, client_of: Any) -> None:
    browser, url = client_of(cast.zhao), reverse("reception:plan", args=[draft.pk])
    findings = [
        {"kind": "rule", "words": "只有一名带班领导。", "verified": True},
        {"kind": "repair", "words": "请领0销假值班。", "price": 420, "draft": draft.draft},
    ]
    for state, words in [
        ("asked", "正在排队"), ("running", "停止，采用"), ("failed", "重新计算"), ("impossible", "就在这里让步"),
        ("ready", "发布并通知"), ("published", "已于"), ("dropped", "已放弃"),
    ]:  # fmt: skip
        Plan.objects.update(state=state, findings=findings, published_at=timezone.now())
        assert words in browser.get(url).content.decode(), state
    Plan.objects.update(state="impossible", published_at=None)
    assert post(browser, "plan-act", draft.pk, "accept", repair="0").status_code == 303
    draft.refresh_from_db()
    assert draft.state == "ready"
    assert post(browser, "plan-act", draft.pk, "drop").status_code == 303
    assert post(browser, "plan-act", draft.pk, "stop").status_code == 303  # too late: said on the page, no error


def test_leave_and_wishes_of_ones_own(sitting: Any, staff: list[Any], client_of: Any) -> None:
    browser, day = client_of(staff[2].member), sitting.day.isoformat()
    answer = post(browser, "leave", kind="leave", first=day, last="2020-01-01", words="探亲")
    assert answer.status_code == 422 and "探亲" in answer.content.decode()
    assert post(browser, "leave", kind="leave", first=day, last=day, words="探亲").status_code == 303
    assert "1 个已发布的班次" in browser.get(reverse("reception:my-turns")).content.decode()
    assert post(browser, "wish", weekday="4", part="evening", weight="2").status_code == 303
    answer = post(browser, "wish", part="evening", weight="2")
    assert answer.status_code == 422 and "二者选一" in answer.content.decode()
    assert post(browser, "mine-act", "leave", Leave.objects.get().pk).status_code == 303
    assert post(browser, "mine-act", "wish", Wish.objects.get().pk).status_code == 303
    assert not Wish.objects.exists() and Leave.objects.get().cancelled_at


def test_nobody_writes_for_another(staff: list[Any], client_of: Any, cast: Any) -> None:
    day = timezone.localdate().isoformat()
    query = f"?person={staff[3].pk}"
    post(client_of(staff[2].member), "leave", query=query, kind="leave", first=day, last=day)
    assert Leave.objects.get().person_id == staff[2].pk  # one's own, whatever was asked
    post(client_of(cast.zhao), "leave", query=query, kind="illness", first=day, last=day)
    assert Leave.objects.filter(person=staff[3], by=cast.zhao).exists()
    wish = Wish.objects.create(person=staff[3], weekday=1, at=timezone.now())
    assert post(client_of(staff[2].member), "mine-act", "wish", wish.pk).status_code == 403


def test_a_swap_over_the_pages(sitting: Any, staff: list[Any], client_of: Any, cast: Any) -> None:
    mine = Shift.objects.get(person=staff[2])
    browser = client_of(staff[2].member)
    answer = post(browser, "swap", mine.pk, other=staff[1].pk)
    assert answer.status_code == 422 and "不合规则" in answer.content.decode()
    assert post(browser, "swap", mine.pk, other=staff[3].pk, words="拜托").status_code == 303
    swap = mine.swaps.get()
    assert "拜托" in client_of(staff[3].member).get(reverse("reception:my-turns")).content.decode()
    post(client_of(staff[3].member), "swap-act", swap.pk, "agree")
    assert "拜托" in client_of(cast.zhao).get(reverse("reception:swaps")).content.decode()
    post(client_of(cast.zhao), "swap-act", swap.pk, "approve", **{"from": "swaps"})
    mine.refresh_from_db()
    assert mine.person_id == staff[3].pk


def test_an_absence_over_the_pages(sitting: Any, staff: list[Any], client_of: Any, cast: Any) -> None:
    mine = Shift.objects.get(person=staff[2])
    assert post(client_of(staff[3].member), "turn-act", mine.pk, "absent").status_code == 403
    assert post(client_of(staff[2].member), "turn-act", mine.pk, "absent", words="发烧").status_code == 303
    page = client_of(staff[3].member).get(reverse("reception:turn-page", args=[mine.pk])).content.decode()
    assert "我来顶班" in page and "员4" not in page  # others' names are for who plans
    assert "员4" in client_of(cast.zhao).get(reverse("reception:turn-page", args=[mine.pk])).content.decode()
    post(client_of(staff[3].member), "turn-act", mine.pk, "stand-in")
    assert Shift.objects.get(replaces=mine).person_id == staff[3].pk


def test_people_rules_and_corrections(staff: list[Any], cast: Any, client_of: Any) -> None:
    browser = client_of(cast.zhao)
    data = {"member": cast.sun.pk, "skills": "法律、调解", "dialects": "", "min_turns": 1, "max_turns": 6, "share": 50}
    answer = post(browser, "roster-person-new", **(data | {"min_turns": 9}))
    assert answer.status_code == 422 and "不能大于" in answer.content.decode()
    assert post(browser, "roster-person-new", **data, active="on", barred=["*:evening"]).status_code == 303
    sun = cast.sun.roster
    assert (sun.skills, sun.share, sun.barred) == (["法律", "调解"], 50, ["*:evening"])
    assert post(browser, "roster-people", person=sun.pk, turns="2.5", words="").status_code == 422
    assert post(browser, "roster-people", person=sun.pk, turns="2.5", words="调入前的班次").status_code == 303
    assert LedgerCorrection.objects.get().year == timezone.localdate().year
    assert "调入前的班次" in client_of(staff[2].member).get(reverse("reception:roster-people")).content.decode()
    assert post(client_of(staff[2].member), "roster-people", person=sun.pk, turns="9", words="x").status_code == 403


def test_rules_are_versions(staff: list[Any], cast: Any, client_of: Any) -> None:
    browser = client_of(cast.zhao)
    good = {
        "gap": 3, "gap_leads": 2, "rest": "on", "lead": "on", "unit_most": 2, "most_running": 6, "early": "1",
        "day": "1", "evening": "1.2", "weekend": "1.5", "holiday": "2", "price_wish": 10, "price_unfamiliar": 5,
        "price_change": 1000, "remind": "672 24", "stand_ins": 5, "skills": "法律",
    }  # fmt: skip
    assert post(browser, "roster-rules", **(good | {"remind": "one day"})).status_code == 422
    assert post(browser, "roster-rules", **(good | {"evening": "0"})).status_code == 422
    assert post(browser, "roster-rules", **good).status_code == 303
    row = RosterRules.objects.latest("version")
    assert (row.data["skills"], row.data["weights"]["evening"], row.data["remind"]) == (["法律"], 12, [672, 24])
    assert post(browser, "roster-rules", **good).status_code == 303
    assert RosterRules.objects.latest("version").version == row.version  # nothing changed, no new version


def test_paper_and_workbook(sitting: Any, cast: Any, client_of: Any) -> None:
    browser = client_of(cast.zhao)
    assert "<strong>领0</strong>" in browser.get(reverse("reception:board") + month(sitting)).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(browser.get(reverse("reception:roster-excel") + month(sitting)).content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "领0（带班）、员2" in cells


def test_the_grid_costs_the_same_for_any_number(staff: list[Any], cast: Any, client_of: Any) -> None:
    browser, names = client_of(cast.zhao), iter("甲乙丙丁")
    day = timezone.localdate()

    def add() -> None:
        venue_rows.opening(venue_rows.venue(next(names)))
        venues.ensure_sittings(day, day + timedelta(days=5), timezone.now())
        for found in Sitting.objects.filter(shifts=None):
            rows.shift(found, staff[2])

    one_and_three(lambda: browser.get(reverse("reception:roster")), add, 6)


def test_the_command_shows_without_writing(sitting: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first = sitting.day + timedelta(days=10)
    before = Sitting.objects.count()
    call_command("plan_roster", "--from", str(first), "--to", str(first), "--seconds", "1", "--dry-run", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["legal"] and said["broken"] == []
    assert [(s["starts"], len(s["members"]), bool(s["lead"])) for s in said["sittings"]] == [("07:00", 2, True)]
    assert Sitting.objects.count() == before and not Plan.objects.exists()


def test_the_command_says_what_is_wrong(staff: list[Any]) -> None:
    for first, last in [("2026-13-01", "2026-12-01"), ("2026-12-05", "2026-12-01"), ("2020-01-01", "2020-01-05")]:
        with pytest.raises(CommandError):
            call_command("plan_roster", "--from", first, "--to", last, "--dry-run")
    assert date.today()
