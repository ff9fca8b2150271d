"""Residents' pages of works: what everybody reads, what only the code of a letter opens, and what it never shows."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core import snapshots
from chenyue.core.ids import token
from chenyue.core.logs import blot
from chenyue.timeline.models import Entry
from chenyue.works import actions, links, public, seeing
from chenyue.works.models import CaseLink, Objection, Stance
from helpers import sample_case
from works.site_stage import Site, photograph
from works.stage import day, stage

pytestmark = pytest.mark.django_db
NEIGHBOUR = "隔壁的狗叫得整夜睡不着，和改造一起解决。"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of homes is enough here; that few homes show no counts is asked by a test of its own."""
    monkeypatch.setattr(public, "FEW", 1)


@pytest.fixture
def site(cast: Cast) -> Site:
    found = Site(cast)
    found.opened()
    return found


def own(site: Site, name: str = "own-home", *more: Any) -> str:
    return reverse(f"works:{name}", args=[site.number, site.home.code, *more])


def post(browser: Any, address: str, **data: Any) -> Any:
    return browser.post(address, {"idempotency_key": token(), **data})


def says(site: Site, step: str = "support", **more: Any) -> dict[str, Any]:
    return {"plan": site.stage.plan.pk, "step": step, "speaker": "owner"} | more


def test_a_page_that_isn_t_open_is_nobody_s(cast: Cast) -> None:
    found, browser = stage(cast), client_of(None)
    assert browser.get(reverse("works:public", args=[found.project.number])).status_code == 404
    assert found.project.title not in browser.get(reverse("works:public-list")).content.decode()


def test_everybody_reads_the_project_and_nothing_of_a_home(site: Site) -> None:
    site.stage.says("1单元102", "against", words=NEIGHBOUR)
    browser = client_of(None)
    for address in (
        reverse("works:public", args=[site.number]),
        reverse("works:public-version", args=[site.number, 1]),
    ):
        page = browser.get(address).content.decode()
        assert "雨污管道" in page
        for secret in (NEIGHBOUR, "业主1单元", "1单元101", site.home.code, "管道从客厅走"):
            assert secret not in page


def test_a_code_opens_its_home_and_a_wrong_one_nothing(site: Site) -> None:
    browser, page = client_of(None), reverse("works:public", args=[site.number])
    answer = browser.post(page, {"home_code": site.home.code.lower().replace("-", " ")})
    assert answer.status_code == 303 and answer["Location"] == own(site)
    wrong = browser.post(page, {"home_code": "AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422 and "没有对应的住户" in wrong.content.decode()
    shown = browser.get(own(site))
    assert shown.status_code == 200 and shown["Cache-Control"] == "no-store, private"
    assert "noindex" in shown["X-Robots-Tag"]


def test_trying_codes_ends_soon(site: Site) -> None:
    browser = client_of(None)
    for _try in range(14):
        assert browser.get(reverse("works:own-home", args=[site.number, "AAAA-AAAA-AAAA"])).status_code == 404
    assert browser.get(reverse("works:own-home", args=[site.number, "AAAA-AAAA-AAAA"])).status_code == 429
    assert browser.get(own(site)).status_code == 429  # the right one neither, for a while


def test_counts_are_hidden_until_one_has_said_it_and_names_always(cast: Cast) -> None:
    found = Site(cast)
    found.opened()
    actions.withdraw_stance(stance=found.stance, by=found.stage.li, at=day(1.5))
    found.stage.says("2单元101", "against", words=NEIGHBOUR)
    browser = client_of(None)
    before = browser.get(own(found)).content.decode()
    assert "各户意见</h3>" not in before and "不显示姓名" in before
    assert post(browser, own(found, "own-stance"), **says(found)).status_code == 303
    after = browser.get(own(found)).content.decode()
    assert "各户意见</h3>" in after and "12 户中 1 户支持" in after
    for secret in (NEIGHBOUR, "业主", "2单元101"):
        assert secret not in after.replace("业主</span>", "").replace("《建筑物区分所有权解释》", "")
    said = Stance.objects.get(superseded_at=None, withdrawn_at=None, home=found.home)
    assert (said.how, said.step, said.taken_by) == ("web", "support", None)


def test_a_tenant_is_heard_and_does_not_count(site: Site) -> None:
    answer = post(client_of(None), own(site, "own-stance"), **says(site, "against", speaker="tenant"))
    assert answer.status_code == 303
    assert Stance.objects.get(speaker="tenant").counts is False


def test_what_was_said_in_person_stands(site: Site) -> None:
    """It was said at the door; what comes online afterwards stays visible, and somebody asks."""
    browser = client_of(None)
    post(browser, own(site, "own-stance"), **says(site, "support"))
    kept = Stance.objects.get(home=site.home, counts=True, superseded_at=None)
    assert kept.how == "door" and Stance.objects.filter(home=site.home, how="web", counts=False).exists()


def test_nobody_speaks_for_another_home(site: Site) -> None:
    """Objections are reached by the code of their own home only."""
    other = site.stage.home("1单元102")
    other.code = "CDEF-GHJK-MNPQ"
    other.save(update_fields=["code"])
    lin = site.stage.cast.lin.actor()
    actions.answer_objection(objection=site.objection, decision="reject", words="不改。", by=lin, at=day(3))
    browser = client_of(None)
    strange = reverse("works:own-do", args=[site.number, other.code, "accept"])
    assert post(browser, strange, objection=site.objection.number).status_code == 404
    assert "管道从客厅走" not in browser.get(reverse("works:own-home", args=[site.number, other.code])).content.decode()
    assert Objection.objects.get(pk=site.objection.pk).state == "answered"


def test_an_objection_is_answered_with_a_name_and_kept(site: Site) -> None:
    browser = client_of(None)
    bare = post(browser, own(site, "own-objection"), words="")
    assert bare.status_code == 422
    lin = site.stage.cast.lin.actor()
    actions.answer_objection(objection=site.objection, decision="reject", words="只能走客厅。", by=lin, at=day(3))
    page = browser.get(own(site)).content.decode()
    assert "只能走客厅" in page and "林涛" in page
    assert post(browser, own(site, "own-do", "keep"), objection=site.objection.number).status_code == 303
    assert Objection.objects.get(pk=site.objection.pk).state == "kept"
    assert post(browser, own(site, "own-do", "withdraw"), objection=site.objection.number).status_code == 303


def test_a_plan_replaced_meanwhile_is_said(site: Site) -> None:
    stale = says(site, words="我同意")
    site.stage.next_version(14, pipes="改走外墙。")
    answer = post(client_of(None), own(site, "own-stance"), **stale)
    assert answer.status_code == 409 and "我同意" in answer.content.decode()


def test_codes_stay_out_of_logs_and_of_the_timeline(site: Site) -> None:
    post(client_of(None), own(site, "own-stance"), **says(site))
    assert site.home.code not in blot(f"GET {own(site)} 200")
    for entry in Entry.objects.filter(subject=f"project:{site.number}"):
        assert site.home.code not in f"{entry.data}{entry.actor_label}{entry.actor_kind}"


def test_an_appeal_from_the_page_belongs_to_the_works(site: Site, cast: Cast) -> None:
    page = client_of(None).get(reverse("portal:tell") + f"?works={site.number}").content.decode()
    assert f'name="works" value="{site.number}"' in page
    filed, at = sample_case(cast), timezone.now()
    for _twice in range(2):
        links.from_site(number=site.number, receipt=filed.appeal.receipt, at=at)
    assert CaseLink.objects.get(case=filed.case).how == "site"
    assert links.from_site(number="W2026-9999", receipt=filed.appeal.receipt, at=at) is None


def test_the_home_page_leads_to_works_once_there_are_some(cast: Cast) -> None:
    assert 'href="/works/"' not in client_of(None).get("/").content.decode()
    Site(cast).opened()
    snapshots.bump(seeing.PUBLIC)
    assert "家门口的工程" in client_of(None).get("/").content.decode()


def test_a_photograph_leaves_without_the_name_it_was_sent_under(cast: Cast) -> None:
    from chenyue.works.site import photos

    found = Site(cast)
    found.opened()
    picture = photograph()
    picture.name = "陈大明家.jpg"
    (row,) = photos.add_files(
        project=found.stage.project, uploads=[picture], kind="after", by=found.stage.zhao, at=day(9), public=True
    )
    sent = client_of(None).get(f"/works/{found.number}/files/{row.pk}/")
    assert sent.status_code == 200 and found.number in sent["Content-Disposition"]
    assert "%E9%99%88" not in sent["Content-Disposition"] and "陈" not in sent["Content-Disposition"]
