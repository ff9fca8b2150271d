"""Stewards and facts from a table: a dry run writes nothing, wrong rows are told, the same table changes nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cast import NOW
from chenyue.core.errors import NotAllowed
from chenyue.core.ids import token
from chenyue.core.tables import read_table
from chenyue.notify.models import Notice
from chenyue.stewards import importing
from chenyue.stewards.models import BuildingFacts, Steward, Term
from chenyue.timeline.models import Entry
from stewards.stage import steward, term

pytestmark = pytest.mark.django_db
HEAD = "楼幢,楼长,角色,类型,电话,出生年份,方言,任职时间,账号,独居老人户,残疾人户,租户,多数方言\n"
GOOD = (
    HEAD
    + "金桂苑2幢,周桂珍,楼长,居民,13812345678,1958,溧阳话、吴语,2026/3/1,wang,4,1,6,溧阳话\n"
    + "金桂苑3幢,周桂珍,,,13812345678,,,,,,,,\n"
    + "金桂苑3幢,钱秀英,副楼长,工作人员,,,,,,,,,\n"
    + "金桂苑4幢,,,,,,,,,2,0,9,\n"
)


def load(cast: Any, content: str, dry_run: bool = False, who: str = "zhao") -> Any:
    by = getattr(cast, who).actor()
    return importing.import_stewards(content.encode(), "楼长.csv", by=by, at=NOW, dry_run=dry_run)


def test_a_dry_run_says_it_all_and_writes_nothing(cast: Any) -> None:
    entries = Entry.objects.count()
    report = load(cast, GOOD, dry_run=True)
    assert (report.created, report.updated, report.unchanged, report.errors) == (2, 2, 0, [])
    assert not Steward.objects.exists() and not BuildingFacts.objects.exists() and Entry.objects.count() == entries
    assert not Notice.objects.filter(key__startswith="steward").exists()


def test_a_table_is_read_once(cast: Any) -> None:
    load(cast, GOOD)
    zhou = Steward.objects.get(name="周桂珍")
    assert (zhou.phone, zhou.birth_year, zhou.dialects) == ("13812345678", 1958, ["溧阳话", "吴语"])
    assert zhou.member == cast.wang and zhou.home == cast.place("金桂苑2幢")
    roles = dict(Term.objects.values_list("building__full_name", "role").filter(steward=zhou))
    assert roles == {"金桂苑2幢": "main", "金桂苑3幢": "main"}
    assert Term.objects.get(role="deputy").steward.kind == "staff"
    facts = BuildingFacts.objects.get(building=cast.place("金桂苑2幢"))
    assert (facts.elderly_alone, facts.disabled, facts.tenants, facts.dialect) == (4, 1, 6, "溧阳话")
    again = load(cast, GOOD)
    assert (again.created, again.updated, again.unchanged, again.errors) == (0, 0, 4, [])


def test_wrong_rows_are_told_and_the_others_hold(cast: Any) -> None:
    term(cast, steward(cast, "李先到"), "金桂苑5幢")
    rows = [
        "月亮上1幢,甲,,,,,,,,,,,",
        "金桂苑5幢,乙,,,,,,,,,,,",  # has a steward already
        "金桂苑6幢,丙,组长,,,,,,,,,,",
        "金桂苑7幢,丁,,,没有电话,,,,,,,,",
        "金桂苑2幢,戊,,,,,,,没有这个账号,,,,",
        ",己,,,,,,,,,,,",
        "金桂苑4幢,,,,,,,,,400,0,0,",  # more homes than the building has
        "金桂苑8幢,庚,,,,18xx,,,,,,,",
        "金桂苑3幢,好的,,,,,,,,,,,",
        "金桂苑3幢,又一个,,,,,,,,,,,",  # the same building twice
    ]
    report = load(cast, HEAD + "\n".join(rows) + "\n")
    told = {error.row: (error.column, str(error.sentence)) for error in report.errors}
    assert sorted(told) == [2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert told[2][0] == "楼幢" and "月亮上1幢" in told[2][1]
    assert "李先到" in told[3][1]
    assert told[4][0] == "角色" and "副楼长" in told[4][1]
    assert told[5][0] == "电话" and told[6][0] == "账号" and told[9][0] == "出生年份"
    assert told[8][0] == "独居老人户" and "36" in told[8][1]
    assert "10" in told[11][1]
    assert list(Steward.objects.values_list("name", flat=True).order_by("pk")) == ["李先到", "好的"]
    mended = read_table(report.error_sheet, "e.xlsx", expected=importing.COLUMNS)
    assert [row["building"] for row in mended.rows][:2] == ["月亮上1幢", "金桂苑5幢"]


def test_namesakes_are_told_apart_by_their_telephone(cast: Any) -> None:
    steward(cast, "王芳", phone="13812340001")
    steward(cast, "王芳", phone="13812340002")
    report = load(cast, HEAD + "金桂苑2幢,王芳,,,,,,,,,,,\n金桂苑3幢,王芳,,,13812340002,,,,,,,,\n")
    assert [error.row for error in report.errors] == [2] and report.errors[0].column == "电话"
    assert Term.objects.get().steward.phone == "13812340002"


def test_only_who_appoints_reads_tables(cast: Any) -> None:
    for name in ("wang", "lin", "sun", "admin", "audit", "zhou"):
        with pytest.raises(NotAllowed):
            load(cast, GOOD, who=name)


def test_the_two_steps_on_the_page(cast: Any, client_of: Any) -> None:
    boss = client_of(cast.zhao)
    url = reverse("desk:stewards-import")
    wrong = GOOD + "月亮上1幢,甲,,,,,,,,,,,\n"
    first = boss.post(url, {"table": SimpleUploadedFile("楼长.csv", wrong.encode()), "idempotency_key": token()})
    page = first.content.decode()
    assert first.status_code == 200 and "月亮上1幢" in page and not Steward.objects.exists()
    sheet = boss.get(reverse("desk:set-up-errors", args=["stewards"]), {"token": first.context["token"]})
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"
    done = boss.post(url, {"token": first.context["token"], "idempotency_key": token()})
    assert done.status_code == 303 and Steward.objects.count() == 2
    empty = boss.get(reverse("stewards:table"))
    table = read_table(empty.content, "t.xlsx", expected=importing.COLUMNS)
    assert "金桂苑1幢" in [row["building"] for row in table.rows]
    assert client_of(cast.wang).get(url).status_code == 403
