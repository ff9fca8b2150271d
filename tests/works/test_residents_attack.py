"""Residents' pages of works: what everybody reads, what a home's code opens, and what it never does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.cases.models import Case
from chenyue.core.ids import receipt_code, token
from chenyue.core.models import Tally
from chenyue.timeline.models import Entry
from chenyue.works import actions, public
from chenyue.works.models import CaseLink, Objection, RegisteredHome, Stance
from chenyue.works.register.changing import new_code
from chenyue.works.site import photos, projects
from helpers import one_and_three
from works.site_stage import photograph, posting, water_off
from works.stage import Stage, day, stage

pytestmark = pytest.mark.django_db
SECRET = "邻居家的心里话，谁也不该读到。"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of homes is enough here; that few homes show no counts is asked by a test of its own."""
    monkeypatch.setattr(public, "FEW", 1)


@pytest.fixture
def found(cast: Cast) -> Stage:
    """The stage with its page open and a real code for each letter."""
    made = stage(cast, what="换管道。", why="老管道漏水。", phone="0571-88990011")
    for home in made.homes.values():
        home.code = receipt_code()
        home.save(update_fields=["code"])
    projects.publish(project=made.project, by=made.zhao, at=day(1))
    made.project.refresh_from_db()
    return made


def page(found: Stage, **query: str) -> str:
    return str(Client().get(reverse("works:public", args=[found.project.number]), query).content.decode())


def url(found: Stage, door: str, name: str = "own-home", *more: str) -> str:
    return reverse(f"works:{name}", args=[found.project.number, found.home(door).code, *more])


def read(found: Stage, door: str) -> str:
    return str(Client().get(url(found, door)).content.decode())


def say(found: Stage, door: str, step: str = "support", browser: Client | None = None, **more: Any) -> Any:
    told = {"plan": found.plan.pk, "step": step, "speaker": "owner", "idempotency_key": token()} | more
    return (browser or Client()).post(url(found, door, "own-stance"), told)


def press(found: Stage, door: str, what: str, **more: Any) -> Any:
    return Client().post(url(found, door, "own-do", what), {"idempotency_key": token()} | more)


# What everybody reads


def test_a_project_tells_all_that_concerns_everybody(found: Stage) -> None:
    water_off(found, timezone.localdate() + timedelta(days=5))
    row = posting(found)
    projects_page = page(found)
    assert "换管道。" in projects_page and "老管道漏水。" in projects_page and "0571-88990011" in projects_page
    assert "停水" in projects_page and "雨污管道" in projects_page
    assert row.text not in projects_page  # a draft hangs nowhere
    assert "业主1单元101" not in projects_page


def test_a_building_shows_what_is_planned_there(found: Stage) -> None:
    other, first = found.cast.place("金桂苑3幢"), timezone.localdate() + timedelta(days=3)
    water_off(found, first, title="三幢停水", buildings=[other.pk])
    assert "三幢停水" in page(found) and "三幢停水" in page(found, door=other.code)
    assert "三幢停水" not in page(found, door=found.cast.place("金桂苑1幢").code)


def test_only_open_projects_are_listed_and_lead_to_the_list(cast: Cast) -> None:
    made = stage(cast, what="换管道。", why="老管道漏水。", phone="0571-88990011")
    listed = reverse("works:public-list")
    assert made.project.title not in Client().get(listed).content.decode()
    assert listed not in Client().get(reverse("portal:home")).content.decode()
    projects.publish(project=made.project, by=made.zhao, at=day(1))
    assert made.project.title in Client().get(listed).content.decode()
    assert listed in Client().get(reverse("portal:home")).content.decode()


def test_the_state_of_a_home_and_what_was_signed_open_for_nobody(found: Stage) -> None:
    at_home = photos.add_files(
        project=found.project, uploads=[photograph()], kind="before", home=found.home("1单元101").pk, by=found.zhao,
        at=day(1),
    )[0]  # fmt: skip
    shown = photos.add_files(
        project=found.project, uploads=[photograph()], kind="before", by=found.zhao, at=day(1), public=True
    )[0]
    number = found.project.number
    assert Client().get(reverse("works:public-file", args=[number, shown.pk])).status_code == 200
    assert Client().get(reverse("works:public-file", args=[number, at_home.pk])).status_code == 404
    assert Client().get(reverse("works:public-preview", args=[number, at_home.pk])).status_code == 404


def test_a_list_of_works_costs_the_same_with_one_and_with_three(cast: Cast) -> None:
    numbers = iter(range(1, 9))

    def add() -> None:
        number = next(numbers)
        stage(cast, number=f"W2026-010{number}", published_at=day(1), doors=[])

    one_and_three(lambda: Client().get(reverse("works:public-list")), add, 2)


# An appeal about the works


def test_an_appeal_about_the_works_is_linked_with_them(found: Stage) -> None:
    browser, tell = Client(), reverse("portal:tell")
    form = browser.get(tell, {"works": found.project.number})
    assert found.project.title in form.content.decode() and form.context["place"].name == "金桂苑"
    told = {
        "words": "施工的人把我家门口的路挖开了没有填。", "place": str(form.context["place"].place_id),
        "works": found.project.number, "seen": "1", "idempotency_key": token(), "began": began(),
    }  # fmt: skip
    assert browser.post(tell, told).status_code == 303
    link = CaseLink.objects.get()
    assert (link.how, link.project, link.case) == ("site", found.project, Case.objects.get())
    assert link.case.place == found.cast.place("金桂苑")


def test_works_that_nobody_may_read_of_link_nothing(cast: Cast) -> None:
    made, tell = stage(cast), reverse("portal:tell")
    assert made.project.title not in Client().get(tell, {"works": made.project.number}).content.decode()
    told = {
        "words": "路灯坏了好几天没人修。", "place": "0", "works": made.project.number, "seen": "1",
        "idempotency_key": token(), "began": began(),
    }  # fmt: skip
    assert Client().post(tell, told).status_code == 303
    assert not CaseLink.objects.exists() and Case.objects.count() == 1


def began() -> str:
    """A form that was opened two minutes ago."""
    from django.core import signing

    from chenyue.portal.sheet import BEGAN

    return signing.dumps((timezone.now() - timedelta(minutes=2)).timestamp(), salt=BEGAN)


# One's own home


def test_a_home_reads_what_changes_for_its_door(found: Stage) -> None:
    assert "拆除车棚。" in read(found, "1单元101")  # on the line that it stands before
    assert "拆除车棚。" not in read(found, "2单元102")
    again = found.next_version(14, sheds="车棚拆一补一。")
    assert again.number == 2 and "拆一补一" in read(found, "1单元101")


def test_a_stance_is_taken_once_changed_and_taken_back(found: Stage) -> None:
    key = token()
    for _press in range(2):
        assert say(found, "1单元101", idempotency_key=key, reasons=["noise"], words="晚上别吵。").status_code == 303
    said = Stance.objects.get()
    assert (said.step, said.how, said.reasons, said.taken_by) == ("support", "web", ["noise"], None)
    say(found, "1单元101", "against")
    assert [s.step for s in Stance.objects.filter(superseded_at=None)] == ["against"]
    assert press(found, "1单元101", "take-back").status_code == 303
    assert not Stance.objects.filter(superseded_at=None, withdrawn_at=None).exists()
    assert Stance.objects.count() == 2  # nothing is overwritten
    entries = Entry.objects.filter(subject=found.project.subject)
    assert not any("against" in str(e.data) or "晚上" in str(e.data) for e in entries)


def test_what_was_said_in_person_stands_and_is_not_taken_back_online(found: Stage) -> None:
    found.says("1单元101", "against", days=1)
    say(found, "1单元101", "support")
    assert [s.step for s in Stance.objects.filter(counts=True, superseded_at=None)] == ["against"]
    shown = read(found, "1单元101")
    assert "当面" in shown and "反对" in shown
    press(found, "1单元101", "take-back")  # takes back what was said online
    assert Stance.objects.get(how="web").withdrawn_at is not None
    press(found, "1单元101", "take-back")
    assert Stance.objects.get(how="door").withdrawn_at is None


def test_tenants_are_heard_and_do_not_count(found: Stage) -> None:
    say(found, "1单元101", "against", speaker="tenant")
    assert Stance.objects.get().counts is False
    assert read(found, "1单元101").count("不计入") >= 1


def test_counts_are_hidden_until_one_has_answered(found: Stage) -> None:
    for door in ("1单元201", "1单元202", "2单元101"):
        found.says(door, "support", words=SECRET)
    silent = read(found, "1单元101")
    assert 'class="stand-' not in silent and "<progress" not in silent
    say(found, "1单元101", "undecided")
    spoken = read(found, "1单元101")
    assert 'class="stand-support"' in spoken and "<progress" in spoken
    assert SECRET not in spoken and SECRET not in silent
    press(found, "1单元101", "take-back")
    assert 'class="stand-' not in read(found, "1单元101")


def test_of_few_homes_no_counts_are_shown(found: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "FEW", 3)
    found.says("1单元201", "against")
    say(found, "1单元101", "support")
    shown = read(found, "1单元101")
    assert 'class="stand-' not in shown and "<progress" not in shown and "不到五户" in shown
    found.says("1单元202", "support")
    assert 'class="stand-against"' in read(found, "1单元101")


def test_without_a_rule_nothing_is_ever_passed(found: Stage) -> None:
    for door in found.homes:
        found.says(door, "support")
        found.votes(door)
    assert "法律规定的两项比例都已达到" in read(found, "1单元101")
    found.project.rule = None
    found.project.save(update_fields=["rule"])
    shown = read(found, "1单元101")
    assert "比例都已达到" not in shown and "截至目前的签字表决" not in shown


def test_a_replaced_version_takes_nothing_and_keeps_what_was_typed(found: Stage) -> None:
    old = found.plan
    found.next_version(14, sheds="车棚拆一补一。")
    answer = say(found, "1单元101", "support", plan=old.pk, words="写了半天的话。")
    assert answer.status_code == 409 and "写了半天的话。" in answer.content.decode()
    assert not Stance.objects.exists()


# Objections


def objected(found: Stage, door: str = "1单元101") -> Objection:
    told = {"reasons": ["noise"], "words": "管道从客厅走，太吵。", "speaker": "owner", "idempotency_key": token()}
    assert Client().post(url(found, door, "own-objection"), told).status_code == 303
    return Objection.objects.get(home=found.home(door))


def test_an_objection_has_a_name_a_date_an_answer_and_a_reply(found: Stage) -> None:
    row = objected(found)
    asked = read(found, "1单元101")
    assert row.number in asked and "管道从客厅走" in asked and found.project.owner_unit.name in asked
    given = {"decision": "reject", "words": "改走厨房成本太高，已加隔音棉。", "by": found.zhao, "at": timezone.now()}
    actions.answer_objection(objection=row, **given)
    answered = read(found, "1单元101")
    assert "隔音棉" in answered and found.cast.zhao.name in answered
    press(found, "1单元101", "keep", objection=row.number, words="还是吵。")
    row.refresh_from_db()
    assert row.state == "kept" and row.answers.get().response == "还是吵。"
    actions.answer_objection(objection=row, **given)
    press(found, "1单元101", "accept", objection=row.number)
    row.refresh_from_db()
    assert row.state == "accepted"


def test_an_objection_can_be_taken_back(found: Stage) -> None:
    row = objected(found)
    press(found, "1单元101", "withdraw", objection=row.number)
    row.refresh_from_db()
    assert row.state == "withdrawn"


# Attacks


def test_another_home_touches_nothing_of_mine(found: Stage) -> None:
    row = objected(found)
    actions.answer_objection(objection=row, decision="reject", words="不改。", by=found.zhao, at=timezone.now())
    for what in ("accept", "keep", "withdraw"):
        assert press(found, "2单元102", what, objection=row.number).status_code == 404
    row.refresh_from_db()
    assert row.state == "answered"
    theirs = read(found, "2单元102")
    assert row.number not in theirs and "管道从客厅走" not in theirs


def test_a_revoked_code_opens_nothing(found: Stage) -> None:
    old = url(found, "1单元101")
    assert Client().get(old).status_code == 200
    new_code(home=found.home("1单元101"), by=found.zhao, at=day(3))
    gone = Client().get(old)
    assert gone.status_code == 404 and found.home("1单元101").room not in gone.content.decode()
    assert Client().get(url(found, "1单元101")).status_code == 200


def test_a_code_of_another_project_opens_nothing(found: Stage, cast: Cast) -> None:
    other = stage(cast, number="W2026-0777", doors=[], published_at=day(1))
    other.project.estates.clear()
    address = reverse("works:own-home", args=[other.project.number, found.home("1单元101").code])
    assert Client().get(address).status_code == 404


def test_guessing_ends_soon_and_even_a_right_code_then_opens_nothing(found: Stage) -> None:
    browser = Client()
    statuses = {
        browser.get(reverse("works:own-home", args=[found.project.number, receipt_code()])).status_code
        for _guess in range(16)
    }
    assert statuses == {404, 429}
    assert browser.get(url(found, "1单元101")).status_code == 429
    assert say(found, "1单元101", browser=browser).status_code == 429 and not Stance.objects.exists()
    form = browser.post(
        reverse("works:public", args=[found.project.number]), {"home_code": found.home("1单元101").code}
    )
    assert form.status_code == 429
    Tally.objects.all().delete()


def test_the_code_typed_in_any_way_opens_one_address(found: Stage) -> None:
    code = found.home("1单元101").code
    typed = code.replace("-", " ").lower()
    answer = Client().post(reverse("works:public", args=[found.project.number]), {"home_code": typed})
    assert answer.status_code == 303 and answer["Location"] == url(found, "1单元101")
    spelled = reverse("works:own-home", args=[found.project.number, code.replace("-", "").lower()])
    assert Client().get(spelled)["Location"] == url(found, "1单元101")


@pytest.mark.parametrize("code", ["", "ACDE-FGHJ-KMNP"])
def test_own_pages_are_kept_by_nobody_and_found_by_no_search(found: Stage, code: str) -> None:
    address = reverse("works:own-home", args=[found.project.number, code]) if code else url(found, "1单元101")
    answer = Client().get(address)
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and answer["Cache-Control"] == "no-store, private"
    posted = say(found, "1单元101")
    assert posted["X-Robots-Tag"] == "noindex, nofollow" and posted["Cache-Control"] == "no-store, private"


def test_no_owner_stands_on_a_home_s_page(found: Stage) -> None:
    say(found, "1单元101")
    shown = read(found, "1单元101")
    assert "业主1单元101" not in shown and "业主1单元102" not in shown


def test_the_stranger_reads_what_everybody_reads(found: Stage) -> None:
    stranger = client_of(found.cast.zhou)
    assert stranger.get(reverse("works:public", args=[found.project.number])).status_code == 200
    assert stranger.get(reverse("works:register", args=[found.project.number])).status_code in (403, 404)


def test_nothing_is_said_when_the_works_are_over(found: Stage) -> None:
    found.project.state = "closed"
    found.project.save(update_fields=["state"])
    assert say(found, "1单元101").status_code == 422
    assert not Stance.objects.exists()
    report = Client().get(reverse("works:public-report", args=[found.project.number]))
    assert report.status_code == 200 and "业主1单元101" not in report.content.decode()


def test_a_home_s_page_costs_the_same_however_much_it_said(found: Stage) -> None:
    home = found.home("1单元101")
    found.says("1单元101", "support", days=2)

    def add() -> None:
        actions.raise_objection(
            project=found.project, home=RegisteredHome.objects.get(pk=home.pk), words="太吵。", reasons=["noise"],
            by=found.li, at=day(3),
        )  # fmt: skip

    one_and_three(lambda: Client().get(url(found, "1单元101")), add, 19)


def test_a_part_about_single_homes_is_read_behind_their_codes_only(found: Stage) -> None:
    plan = found.plan
    part = plan.parts.order_by("pk")[0]
    part.text, part.everyone, part.homes = SECRET, False, [found.home("1单元101").pk]
    part.save()
    open_to_all = client_of(None).get(f"/works/{found.project.number}/plans/{plan.number}/").content.decode()
    assert SECRET not in open_to_all
    assert SECRET in read(found, "1单元101") and SECRET not in read(found, "2单元101")
