"""Pages of works for staff: what the doorstep asks, what a stale form keeps, and who sees nothing of it."""

from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.ids import token
from chenyue.core.sheets import write_xlsx
from chenyue.timeline.models import Entry
from chenyue.works import actions
from chenyue.works.models import Ballot, Objection, RegisteredHome, Stance, WorksFile
from chenyue.works.register.rows import COLUMNS
from helpers import one_and_three
from works.site_stage import Site, defect, photograph, posting
from works.stage import Stage, add_home, day, member, owner, stage

pytestmark = pytest.mark.django_db
SECRET = "我家老人有病，别在客厅打洞。"


def url(found: Stage, name: str, *args: Any) -> str:
    return reverse(f"works:{name}", args=[found.project.number, *args])


def post(browser: Any, address: str, **data: Any) -> Any:
    return browser.post(address, {"idempotency_key": token(), **data})


def door(found: Stage, step: str = "support", **more: Any) -> dict[str, Any]:
    """What a thumb sends from the doorstep."""
    return {"plan": found.plan.pk, "step": step, "speaker": "owner", "how": "door"} | more


# The doorstep


def test_three_taps_take_a_stance_and_one_takes_it_back(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.li)
    home = found.home("1单元101")
    tiles = browser.get(url(found, "door") + f"?building={home.building_id}").content.decode()
    assert "1单元101" in tiles and "未表态" in tiles
    answer = post(browser, url(found, "say", home.pk), **door(found))
    assert answer.status_code == 303 and f"building={home.building_id}" in answer["Location"]
    said = Stance.objects.get()
    assert (said.step, said.how, said.taken_by) == ("support", "door", cast.li)
    tiles = browser.get(answer["Location"]).content.decode()
    undo = url(found, "stance-withdraw", home.pk, said.pk)
    assert undo in tiles
    assert post(browser, undo).status_code == 303
    assert Stance.objects.get().withdrawn_at is not None


def test_a_double_press_is_one_stance(cast: Cast) -> None:
    found, browser, key = stage(cast), client_of(cast.li), token()
    address = url(found, "say", found.home("1单元101").pk)
    for _press in range(2):
        assert browser.post(address, door(found) | {"idempotency_key": key}).status_code == 303
    assert Stance.objects.count() == 1


def test_a_sheet_and_an_objection_come_with_the_stance(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.li)
    home = found.home("1单元101")
    wanted = door(found, "against", reasons=["noise"], objects="on", parts=["pipes"])
    bare = post(browser, url(found, "say", home.pk), **wanted)
    assert bare.status_code == 422 and "异议需要写明内容" in bare.content.decode()
    assert not Stance.objects.exists() and not WorksFile.objects.exists()
    answer = post(browser, url(found, "say", home.pk), **wanted, words=SECRET, attachments=photograph())
    assert answer.status_code == 303
    said, objection = Stance.objects.get(), Objection.objects.get()
    assert said.scan is not None and said.scan.of == f"home:{home.pk}" and not said.scan.public
    assert (objection.words, objection.home, objection.stance) == (SECRET, home, said)
    entries = Entry.objects.filter(subject=found.project.subject)
    assert not any(SECRET in str(entry.data) for entry in entries)  # entries stay for ever


def test_a_plan_replaced_meanwhile_keeps_what_was_typed(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.li)
    stale = door(found, "against", words=SECRET)
    found.next_version(2, pipes="改走外墙。")
    answer = post(browser, url(found, "say", found.home("1单元101").pk), **stale)
    page = answer.content.decode()
    assert answer.status_code == 409 and SECRET in page
    assert not Stance.objects.exists()


def test_nothing_can_be_asked_before_a_plan_is_out(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.li)
    found.project.versions.update(state="draft")
    answer = browser.get(url(found, "door"))
    assert answer.status_code == 422 and "还没有发布方案" in answer.content.decode()


# Paper


def test_a_sheet_is_entered_whole_or_not_at_all(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.li)
    one, two = found.home("1单元101"), found.home("1单元102")
    address = url(found, "paper") + f"?building={one.building_id}"
    sheet = {"plan": found.plan.pk, "how": "paper", "signed_on": day(2).date().isoformat()}
    rows = {f"step_{one.pk}": "support", f"vote_{one.pk}": "agree", f"vote_{two.pk}": "disagree"}
    wrong = post(browser, address, **sheet, **rows)
    assert wrong.status_code == 422 and "是谁签的字" in wrong.content.decode()
    assert not Ballot.objects.exists() and not Stance.objects.exists()
    names = {f"names_{one.pk}": "甲", f"names_{two.pk}": "乙"}
    answer = post(browser, address, **sheet, **rows, **names, attachments=photograph())
    assert answer.status_code == 303
    assert sorted(Ballot.objects.values_list("vote", flat=True)) == ["agree", "disagree"]
    assert {ballot.scan for ballot in Ballot.objects.all()} == {WorksFile.objects.get()}
    empty = post(browser, address, **sheet)
    assert empty.status_code == 422 and "还没有填写任何内容" in empty.content.decode()
    early = post(browser, address, **sheet | {"signed_on": "2026-08-01"}, **{f"step_{one.pk}": "support"})
    assert early.status_code == 422


# Who sees nothing


def pages(site: Site) -> dict[str, str]:
    """Every page that shows what homes say, or who they are."""
    found, home = site.stage, site.home.pk
    names = ("register", "door", "paper", "next-doors", "report")
    return {name: url(found, name) for name in names} | {
        "home": url(found, "home", home),
        "say": url(found, "say", home),
        "project": url(found, "project"),
        "objections": url(found, "objections") + "?state=",
        "objection": url(found, "objection", site.objection.number),
        "defects": url(found, "defects") + "?only=",
        "photos": url(found, "photos"),
    }


def test_strangers_other_units_and_other_communities_see_nothing(cast: Cast) -> None:
    site = Site(cast)
    elsewhere = member(cast, "far", "receptionist", place="丹桂花园")
    other_unit = member(cast, "other", "unit_officer", unit="greening")
    nobodies = [cast.zhou, cast.sun, cast.wang, cast.admin, cast.audit, elsewhere, other_unit]
    browsers = {who.username: client_of(who) for who in nobodies}
    for name, address in pages(site).items():
        for who, browser in browsers.items():
            answer = browser.get(address)
            assert answer.status_code in (403, 404), (name, who, answer.status_code)
            assert "管道从客厅走" not in answer.content.decode()
        assert client_of(None).get(address).status_code == 302
    assert "金桂苑改造" not in browsers["far"].get(reverse("works:projects")).content.decode()


def test_who_records_in_one_building_gets_no_further(cast: Cast) -> None:
    found = stage(cast)
    other = add_home(cast, "1单元101", building="金桂苑3幢", owners=[owner("别幢业主")])
    here = client_of(member(cast, "hall", "receptionist", place="金桂苑1幢"))
    register = here.get(url(found, "register")).content.decode()
    assert "金桂苑1幢" in register and "金桂苑3幢1单元101" not in register
    assert here.get(url(found, "home", other.pk)).status_code == 404
    assert post(here, url(found, "say", other.pk), **door(found)).status_code == 404
    sheet = {"plan": found.plan.pk, "how": "paper", "signed_on": day(2).date().isoformat()}
    post(here, url(found, "paper") + f"?building={other.building_id}", **sheet, **{f"step_{other.pk}": "against"})
    assert not Stance.objects.exists()


def test_a_unit_reads_the_objection_and_not_the_door(cast: Cast) -> None:
    """Lin's unit answers for the project: the words and their answer, never whose they are, nor any list of homes."""
    site = Site(cast)
    browser = client_of(cast.lin)
    page = browser.get(url(site.stage, "objection", site.objection.number)).content.decode()
    assert "管道从客厅走" in page and "1单元101" not in page
    board = browser.get(url(site.stage, "objections")).content.decode()
    assert site.objection.number in board and "1单元101" not in board
    for name in ("register", "next-doors", "report"):
        assert browser.get(url(site.stage, name)).status_code == 403


def test_files_are_for_who_may_see_what_they_prove(cast: Cast) -> None:
    site = Site(cast)
    sheet = door(site.stage, attachments=photograph())
    post(client_of(cast.li), url(site.stage, "say", site.stage.home("2单元101").pk), **sheet)
    scan = WorksFile.objects.get(kind="scan")
    spoilt = defect(site.stage, uploads=[photograph()])
    proof = WorksFile.objects.get(of=f"defect:{spoilt.number}")
    for row, seen, unseen in ((scan, [cast.li, cast.zhao], [cast.lin, cast.sun]), (proof, [cast.li], [cast.lin])):
        for who in seen:
            answer = client_of(who).get(url(site.stage, "file", row.pk))
            assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Cache-Control"] == "no-store, private"
        for who in unseen:
            assert client_of(who).get(url(site.stage, "file", row.pk)).status_code == 404


# Owners


def test_owners_are_masked_until_somebody_looks_and_says_why(cast: Cast) -> None:
    found = stage(cast)
    home = add_home(cast, "2单元401", owners=[owner("欧阳晓芸")])
    browser = client_of(cast.li)
    for address in (url(found, "register"), url(found, "home", home.pk)):
        page = browser.get(address).content.decode()
        assert "欧阳晓芸" not in page and "欧阳**" in page
    assert post(browser, url(found, "home-look", home.pk), reason="").status_code == 422
    shown = post(browser, url(found, "home-look", home.pk), reason="约上门时间")
    assert shown.status_code == 200 and "欧阳晓芸" in shown.content.decode()
    assert Entry.objects.filter(verb="works.owner_seen").count() == 1


# Plans and objections


def test_a_version_is_written_and_published_on_pages(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.zhao)
    found.says("1单元101", "support")
    assert post(browser, url(found, "plan-new"), title="第二版", words="车棚留下").status_code == 303
    part = {"title": "车棚", "text": "车棚拆一补一。"}
    nobody = post(browser, url(found, "part", 2, "sheds"), **part)
    assert nobody.status_code == 422 and "车棚拆一补一" in nobody.content.decode()
    lines = [f"{cast.place('金桂苑1幢').pk}:1单元01"]
    assert post(browser, url(found, "part", 2, "sheds"), **part, lines=lines).status_code == 303
    draft = browser.get(url(found, "plan", 2)).content.decode()
    assert "需重新征求" in draft  # what publishing would do
    assert client_of(cast.lin).get(url(found, "compare", 2)).status_code == 404  # a draft is the office's
    assert post(browser, url(found, "plan-do", 2, "publish")).status_code == 303
    compared = client_of(cast.lin).get(url(found, "compare", 2)).content.decode()
    assert "<ins>" in compared and "<del>" in compared
    assert post(browser, url(found, "part", 2, "sheds"), **part, everyone="on").status_code == 422  # never changed


def test_an_objection_is_answered_by_name_and_accepted(cast: Cast) -> None:
    site = Site(cast)
    address = url(site.stage, "objection", site.objection.number)
    assert post(client_of(cast.lin), address + "answer/", decision="reject", words="").status_code == 422
    post(client_of(cast.lin), address + "answer/", decision="part", words="改走厨房，只在上午打孔。", changes=["pipes"])
    page = client_of(cast.li).get(address).content.decode()
    assert "林涛的答复" in page and "雨污管道" in page
    answer = post(client_of(cast.li), address + "respond/", accepted="1", step="rather_support", words="行。")
    assert answer.status_code == 303
    changed = Stance.objects.get(changed_by__isnull=False)
    assert (changed.step, changed.home) == ("rather_support", site.home)
    board = client_of(cast.li).get(url(site.stage, "objections")).content.decode()
    assert "改走厨房" in board  # the answer that changed a mind


# The register


def test_a_register_is_looked_at_before_it_is_written(cast: Cast) -> None:
    found, browser = stage(cast), client_of(cast.zhao)
    heads = [names[0] for names in COLUMNS.values()]
    good = ["1幢", "3单元", "501", "5", "", "80.00", "", "", "", "", "新业主", "", ""]
    wrong = ["1幢", "3单元", "502", "5", "", "八十", "", "", "", "", "新业主", "", ""]
    file = SimpleUploadedFile("register.xlsx", write_xlsx(heads, [good, wrong], "户册"))
    estate = cast.place("金桂苑").pk
    tried = post(browser, url(found, "register-import"), estate=estate, table=file, stated="100")
    page = tried.content.decode()
    assert tried.status_code == 200 and "还没有写入" in page and "八十" in page and "100" in page
    assert not RegisteredHome.objects.filter(room="501").exists()
    kept = page.split('name="token" value="')[1].split('"')[0]
    errors = browser.get(url(found, "register-errors") + f"?token={kept}&estate={estate}&stated=0")
    assert errors.status_code == 200 and errors.content[:2] == b"PK"
    written = post(browser, url(found, "register-import"), estate=estate, token=kept, stated="0")
    assert written.status_code == 303 and RegisteredHome.objects.filter(room="501").exists()
    assert post(browser, url(found, "register-import"), estate=estate, stated="x").status_code == 422


# Costs


def test_lists_cost_the_same_for_one_row_and_for_three(cast: Cast) -> None:
    found, browser = stage(cast, doors=["1单元101"]), client_of(cast.zhao)
    doors = iter(range(201, 299))
    said = {"words": "吵", "by": found.li, "at": day(2), "home": found.home("1单元101")}

    def home() -> None:
        add_home(cast, f"1单元{next(doors)}", owners=[owner("某某")])

    costs: dict[str, tuple[Any, int]] = {"register": (home, 18), "door": (home, 15)}
    costs |= {"postings": (lambda: posting(found), 7), "defects": (lambda: defect(found), 6)}
    costs["objections"] = (lambda: actions.raise_objection(project=found.project, **said), 8)
    for name, (add, statements) in costs.items():
        one_and_three(partial(browser.get, url(found, name)), add, statements)
