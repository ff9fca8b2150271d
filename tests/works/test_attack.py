"""Works seen by those who would like to know or do more than is theirs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.ids import receipt_code, token
from chenyue.works import actions
from chenyue.works.lifecycle import Step
from chenyue.works.models import Objection, Stance, WorksFile
from chenyue.works.site import projects
from works.site_stage import Site, photograph
from works.stage import add_home, day, member, stage

pytestmark = pytest.mark.django_db


def post(browser: Any, address: str, **data: Any) -> Any:
    return browser.post(address, {"idempotency_key": token(), **data})


def test_the_sheet_of_another_building_stays_closed(cast: Cast) -> None:
    """A sheet shows names and votes of a whole building: who records next door doesn't open it."""
    site = Site(cast)
    project = site.stage.project
    home = site.stage.home("2单元201")
    sheet = {
        "plan": site.stage.plan.pk, "how": "paper", "signed_on": day(2).date().isoformat(),
        f"step_{home.pk}": "support", "attachments": photograph(),
    }  # fmt: skip
    address = reverse("works:paper", args=[project.number]) + f"?building={home.building_id}"
    assert post(client_of(cast.li), address, **sheet).status_code == 303
    scan = WorksFile.objects.get(kind="scan")
    for name in ("file", "file-preview"):
        address = reverse(f"works:{name}", args=[project.number, scan.pk])
        assert client_of(cast.li).get(address).status_code == 200
        here = client_of(member(cast, f"here-{name}", "receptionist", place="金桂苑1幢"))
        assert here.get(address).status_code == 200
        next_door = client_of(member(cast, f"next-{name}", "receptionist", place="金桂苑3幢"))
        assert next_door.get(address).status_code == 404


def test_minds_changed_in_another_building_stay_there(cast: Cast) -> None:
    site = Site(cast)
    row = Objection.objects.get(pk=site.objection.pk)
    lin = cast.lin.actor()
    actions.answer_objection(
        objection=row, decision="part", words="改走厨房，只在上午打孔。", changes=["pipes"], by=lin, at=day(3)
    )
    actions.respond(objection=row, accepted=True, step=Step.SUPPORT, by=site.stage.li, at=day(4))
    address = reverse("works:objections", args=[site.number])
    assert "改走厨房" in client_of(cast.li).get(address).content.decode()
    next_door = client_of(member(cast, "next", "receptionist", place="金桂苑3幢"))
    page = next_door.get(address).content.decode()
    assert "改走厨房" not in page and "1单元101" not in page


def test_a_contractor_puts_nothing_on_the_residents_page(cast: Cast) -> None:
    """Whoever may not let a photograph stand there may not send one that stands there from the beginning."""
    site = Site(cast)
    builder = client_of(member(cast, "builder-man", "unit_officer", unit="builder"))
    address = reverse("works:photos", args=[site.number])
    answer = post(builder, address, kind="after", public="on", attachments=photograph())
    assert answer.status_code == 303
    assert not WorksFile.objects.filter(kind="after", public=True).exists()
    assert post(builder, address, kind="after", attachments=photograph()).status_code == 303


def test_passing_on_tells_the_unit_no_door(cast: Cast) -> None:
    """The unit that answers reads words, never whose they are: nor by the case that it makes of them."""
    site = Site(cast)
    lin = client_of(cast.lin)
    address = reverse("works:objection-pass-on", args=[site.number, site.objection.number])
    assert post(lin, address, words="墙已经裂了").status_code == 303
    case = Objection.objects.get(pk=site.objection.pk).case
    assert case is not None
    page = lin.get(reverse("desk:case", args=[case.number]))
    assert page.status_code in (403, 404) or "101" not in page.content.decode()


def test_one_code_floods_nobody(cast: Cast) -> None:
    """A letter's code is a key of one home, not a loudspeaker: each objection calls on somebody."""
    found = stage(cast, what="换管道。", why="老管道漏水。", phone="0571-88990011")
    home = found.home("1单元101")
    home.code = receipt_code()
    home.save(update_fields=["code"])
    projects.publish(project=found.project, by=found.zhao, at=day(1))
    address = reverse("works:own-objection", args=[found.project.number, home.code])
    told = {"reasons": ["noise"], "speaker": "owner"}
    answers = [post(Client(), address, words=f"第{n}次说", **told) for n in range(25)]
    assert answers[0].status_code == 303 and answers[-1].status_code == 422
    assert "第24次说" in answers[-1].content.decode(), "what was typed stays"
    assert Objection.objects.count() <= 20
    other = found.home("1单元102")
    other.code = receipt_code()
    other.save(update_fields=["code"])
    say = reverse("works:own-stance", args=[found.project.number, other.code])
    assert post(Client(), say, plan=found.plan.pk, step="support", speaker="owner").status_code == 303
    assert Stance.objects.count() == 1


def test_a_recorder_of_one_building_reaches_no_objection_of_another(cast: Cast) -> None:
    site = Site(cast)
    add_home(cast, "1单元101", building="金桂苑3幢")
    next_door = client_of(member(cast, "next", "receptionist", place="金桂苑3幢"))
    for name in ("objection", "objection-answer", "objection-respond", "objection-give", "objection-withdraw"):
        address = reverse(f"works:{name}", args=[site.number, site.objection.number])
        got = next_door.get(address) if name == "objection" else post(next_door, address, accepted="1", words="好")
        assert got.status_code in (403, 404), name
