"""Papers for residents: letters with codes, and the board at the site."""

import re
from typing import Any

import pytest
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import receipt_code
from chenyue.timeline.models import Entry
from chenyue.works import letters
from works.stage import Stage, add_home, day, stage

pytestmark = pytest.mark.django_db
BASE = "https://office.example"


@pytest.fixture
def found(cast: Cast) -> Stage:
    return stage(cast, what="换管道。", why="老管道漏水。", phone="0571-88990011")


def print_for(found: Stage, **more: Any) -> Any:
    given = {"building_ids": [found.home("1单元101").building_id], "base": BASE, "by": found.zhao, "at": day(1)} | more
    return letters.letters(project=found.project, **given)


def said(found: Stage) -> list[Entry]:
    return list(Entry.objects.filter(subject=found.project.subject, verb="works.letters_printed"))


def test_each_home_has_a_page_and_the_timeline_knows_how_many(found: Stage) -> None:
    paper = print_for(found)
    assert paper[:5] == b"%PDF-" and paper.pages == len(found.homes) and paper.missing == ""
    assert [e.data["count"] for e in said(found)] == [12]
    assert found.home("1单元101").code not in str(said(found)[0].data)


def test_a_letter_says_what_changes_there_and_no_name(found: Stage) -> None:
    homes = [found.home("1单元101"), found.home("2单元102")]
    data = letters._letters(found.project, homes, BASE, day(1))
    first, second = data["homes"]
    assert [p["title"] for p in first["parts"]] == ["雨污管道", "车棚"]
    assert [p["title"] for p in second["parts"]] == ["雨污管道"]
    assert first["code"] == homes[0].code and "<svg" in first["qr"]
    assert "业主1单元101" not in str(data) and dict(data["facts"])["咨询电话"] == "0571-88990011"


def test_one_home_gets_one_letter(found: Stage) -> None:
    paper = print_for(found, building_ids=[], home=found.home("1单元101").pk)
    assert paper.pages == 1 and [e.data["count"] for e in said(found)] == [1]


def test_none_and_too_many_are_refused_in_a_sentence(found: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal) as none:
        print_for(found, building_ids=[])
    monkeypatch.setattr(letters, "MOST", 5)
    with pytest.raises(Refusal) as many:
        print_for(found)
    assert (none.value.code, many.value.code) == ("none", "many") and said(found) == []


def test_homes_of_another_project_get_no_letter_here(found: Stage) -> None:
    strange = add_home(found.cast, "1单元101", building="金桂苑3幢", code=receipt_code())
    found.project.buildings = [found.home("1单元101").building_id]
    found.project.save(update_fields=["buildings"])
    with pytest.raises(Refusal):
        print_for(found, building_ids=[strange.building_id])
    with pytest.raises(Refusal):
        print_for(found, home=strange.pk)


def test_only_who_runs_works_prints_codes(found: Stage) -> None:
    with pytest.raises(NotAllowed):
        print_for(found, by=found.li)
    address = reverse("works:letters", args=[found.project.number])
    building = found.home("1单元101").building_id
    for who in (found.cast.li, found.cast.lin, found.cast.zhou):
        assert client_of(who).post(address, {"buildings": building}).status_code in (403, 404)
    answer = client_of(found.cast.zhao).post(address, {"buildings": building})
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store, private"
    assert len(said(found)) == 1


def test_the_board_is_a3_or_a4_and_knows_its_building(found: Stage) -> None:
    given = {"project": found.project, "base": BASE, "by": found.zhao, "at": day(1)}
    large = letters.board(paper="a3", **given)
    small = letters.board(paper="a4", building=found.home("1单元101").building_id, **given)
    assert (large.pages, small.pages) == (1, 1) and large.missing == small.missing == ""
    assert width(large) > width(small)
    with pytest.raises(NotAllowed):
        letters.board(paper="a3", **given | {"by": found.li})


def width(paper: bytes) -> float:
    """Points."""
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", paper)
    assert box
    return float(box[1])
