"""The register of homes: 3,000 from a workbook with errors row by row, owners by identity, doubts for a person."""

import io

import openpyxl
import pytest
from django.db import transaction

from cast import Cast
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.sheets import write_xlsx
from chenyue.people.models import Resident
from chenyue.people.residents import register_resident
from chenyue.timeline.models import Entry
from chenyue.works import boards, queries, register
from chenyue.works.models import DoubtfulPair, Owner, Ownership, RegisteredHome
from growth import STEEP, growth
from helpers import count
from works.stage import add_home, day, owner, stage

HEADER = ["幢", "单元", "房号", "建筑面积(㎡)", "状态", "业主", "身份证号", "电话"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(n: int) -> str:
    """An ID number that nobody has, with its right last digit."""
    body = f"9999991980010{n % 10000:04d}"[:17].ljust(17, "0")
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def book(rows: list[list[str]], header: list[str] | None = None) -> bytes:
    return write_xlsx(header or HEADER, rows)


def bring(cast: Cast, rows: list[list[str]], **more: object) -> register.RegisterReport:
    given = {"by": cast.zhao.actor(), "at": day(), "filename": "户册.xlsx"} | more
    return register.import_register(estate=cast.place("金桂苑"), file_bytes=book(rows), **given)


def row(
    door: str, name: str = "", number: str = "", *, area: str = "80", status: str = "", phone: str = ""
) -> list[str]:
    building, entrance, room = door.split("-")
    return [building, entrance, room, area, status, name, number, phone]


def sentences(report: register.RegisterReport) -> dict[int, str]:
    return {error.row: str(error.sentence) for error in report.errors}


def test_a_register_is_read_and_again_changes_nothing(cast: Cast):
    rows = [
        row("1幢-1单元-101", "甲某", identity(1), phone="13800000011"),
        row("三号楼-一单元-四零一室", "乙某", area="89.32㎡"),
    ]
    dry = bring(cast, rows, dry_run=True)
    assert (dry.created, dry.homes, dry.area) == (2, 2, 169_32) and not RegisteredHome.objects.exists()
    bring(cast, rows)
    homes = {h.door: h for h in RegisteredHome.objects.select_related("building")}
    assert {(h.building.name, h.door, h.area, h.line, h.floor) for h in homes.values()} == {
        ("1幢", "1单元101", 80_00, "1单元01", 1),
        ("3幢", "1单元401", 89_32, "1单元01", 4),
    }
    assert len({h.code for h in homes.values()}) == 2
    again = bring(cast, rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert (Owner.objects.count(), Ownership.objects.count()) == (2, 2)
    changed = bring(cast, [row("1幢-1单元-101", "丙某", identity(3), area="81")])
    assert (changed.updated, changed.absent) == (1, 1)
    assert Ownership.objects.get(home=homes["1单元101"], until=None).owner.name == "丙某"
    assert Ownership.objects.filter(home=homes["1单元101"]).count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (row("99幢-1单元-101"), "99"),
        (row("1幢-9单元-101"), "9"),
        (row("1幢--101"), "单元"),
        (row("1幢-1单元-"), ""),
        (row("1幢-1单元-102", area=""), ""),
        (row("1幢-1单元-102", area="八十"), "八十"),
        (row("1幢-1单元-102", area="80.123"), "80.123"),
        (row("1幢-1单元-102", area="-5"), "-5"),
        (row("1幢-1单元-102", status="烂尾"), "烂尾"),
        (row("1幢-1单元-102", "甲某", "370102199001011234"), ""),
        (row("1幢-1单元-102", "甲某、乙某", identity(5)), "2"),
        (row("1幢-1单元-102", "", identity(5)), ""),
        (row("1幢-1单元-102", "甲某", phone="十三八"), ""),
        (row("1幢-1单元-102", "甲某、乙某", f"{identity(6)}、{identity(6)}"), ""),
    ],
)
def test_a_wrong_row_is_told_and_the_others_are_kept(cast: Cast, wrong: list[str], says: str):
    report = bring(cast, [row("1幢-1单元-101", "好人"), wrong, row("1幢-1单元-201", "好人二")])
    assert list(sentences(report)) == [3]
    assert says in sentences(report)[3]
    assert RegisteredHome.objects.count() == 2 and Owner.objects.count() == 2
    sheet = openpyxl.load_workbook(io.BytesIO(report.error_sheet)).active
    assert sheet.max_row == 2 and str(sheet.cell(2, len(HEADER) + 1).value) == "3"


def test_one_home_twice_is_a_coowner_or_a_mistake(cast: Cast):
    rows = [
        row("1幢-1单元-101", "夫某", identity(1)),
        row("1幢-1单元-101", "妻某", identity(2)),
        row("1幢-1单元-101", "夫某", identity(1)),
        row("1幢-1单元-101", "另某", identity(4), area="81"),
    ]
    report = bring(cast, rows)
    assert sorted(sentences(report)) == [4, 5]
    assert "第2行" in sentences(report)[4] or "2" in sentences(report)[4]
    home = RegisteredHome.objects.get()
    assert Ownership.objects.filter(home=home, until=None).count() == 2
    assert bring(cast, rows[:2]).unchanged == 1


def test_an_owner_of_six_is_one_by_the_id_number_and_a_firm_by_its_name(cast: Cast):
    here = stage(cast, doors=())
    rows = [row(f"1幢-1单元-{n}01", "大户", identity(7)) for n in range(1, 7)]
    rows += [row(f"1幢-2单元-{n}01", "晨光房地产开发有限公司", status="未售") for n in range(1, 5)]
    rows += [row("1幢-3单元-101", "等房人", identity(8), status="已售未交付")]
    report = bring(cast, rows)
    assert report.owners == 3 and any("6" in remark for remark in report.remarks)
    assert queries.tally(here.plan, day()).heads == 2  # the owner of six; the developer with what isn't handed over
    found = register.summary(here.project)
    assert (found.homes, found.heads, found.unsold, found.several, found.most) == (11, 2, 5, 1, 6)


def test_one_id_number_under_two_names_is_told_at_the_row(cast: Cast):
    report = bring(cast, [row("1幢-1单元-101", "甲某", identity(1)), row("1幢-1单元-102", "乙某", identity(1))])
    assert "2" in sentences(report)[3]
    assert Owner.objects.get().name == "甲某"
    later = bring(cast, [row("1幢-1单元-201", "丙某", identity(1))])
    assert list(sentences(later)) == [2]


def test_areas_that_do_not_add_up_are_said(cast: Cast):
    rows = [row("1幢-1单元-101"), row("1幢-1单元-102"), row("1幢--小计", area="160"), row("2幢-1单元-101")]
    rows += [row("2幢--小计", area="90"), ["合计", "", "", "250", "", "", "", ""]]
    report = bring(cast, rows)
    assert (report.homes, report.area, report.stated, report.difference) == (3, 240_00, 250_00, -10_00)
    said = "\n".join(report.remarks)
    assert "250" in said and "240" in said and "2幢" in said and "1幢：" not in said
    assert bring(cast, rows[:2], stated=160_00).difference == 0
    assert bring(cast, rows[:2], stated=161_00).difference == -1_00


def test_namesakes_are_doubtful_until_a_person_decides_and_it_can_be_undone(cast: Cast):
    here = stage(cast, doors=())
    rows = [row("1幢-1单元-101", "张某", identity(1)), row("1幢-1单元-102", "张某"), row("1幢-2单元-101", "张某")]
    report = bring(cast, rows)
    assert report.doubtful == 3 and bring(cast, rows).doubtful == 0
    assert queries.tally(here.plan, day()).heads == 3
    pairs = [d.pair for d in boards.doubts([cast.place("金桂苑").pk])]
    for pair in pairs[:2]:
        register.decide_pair(pair=pair, same=True, by=here.zhao, at=day(1))
    assert queries.tally(here.plan, day(1)).heads == 1
    root = Owner.objects.get(same_as=None)
    assert root.id_index
    last = DoubtfulPair.objects.get(pk=pairs[1].pk)
    register.decide_pair(pair=last, same=False, by=here.zhao, at=day(2))
    assert queries.tally(here.plan, day(2)).heads == 2
    with pytest.raises(NotAllowed):
        register.decide_pair(pair=last, same=True, by=here.li, at=day(2))


def test_two_with_id_numbers_are_two_without_doubt(cast: Cast):
    report = bring(cast, [row("1幢-1单元-101", "张某", identity(1)), row("1幢-1单元-102", "张某", identity(2))])
    assert report.doubtful == 0
    one, other = Owner.objects.order_by("pk")
    pair = DoubtfulPair.objects.create(one=one, other=other, why="same_name")
    with pytest.raises(Refusal):
        register.decide_pair(pair=pair, same=True, by=cast.zhao.actor(), at=day())


def test_names_are_masked_and_shown_only_for_a_reason_that_is_written_down(cast: Cast):
    here = stage(cast, doors=())
    bring(cast, [row("1幢-1单元-101", "欧阳小明", identity(1), phone="13800000011")])
    home = RegisteredHome.objects.get()
    shown = queries.owners_of([home.pk])[home.pk][0]
    assert (shown.name, shown.phone) == ("欧阳**", "138****0011")
    for nobody in (cast.zhou, cast.sun, cast.wang):
        with pytest.raises(NotAllowed):
            register.reveal_owners(home=home, reason="上门核实", by=nobody.actor(), at=day())
    with pytest.raises(Refusal):
        register.reveal_owners(home=home, reason=" ", by=here.li, at=day())
    seen = register.reveal_owners(home=home, reason="电话13800000099约上门", by=here.li, at=day())
    assert (seen[0].name, seen[0].phone) == ("欧阳小明", "13800000011")
    entry = Entry.objects.get(verb="works.owner_seen")
    assert entry.subject == here.project.subject and "13800000099" not in str(entry.said) + str(entry.data)


def test_an_owner_who_is_a_known_resident_is_linked(cast: Cast):
    register_resident(name="陈大明", phone="13800000001", at=day(), by=cast.li.actor())
    bring(
        cast,
        [row("1幢-1单元-101", "陈大明", phone="138 0000 0001"), row("1幢-1单元-102", "陈二明", phone="13800000001")],
    )
    linked = Owner.objects.exclude(resident=None)
    assert [o.name for o in linked] == ["陈大明"] and linked[0].resident == Resident.objects.get()


def test_only_who_runs_works_imports(cast: Cast):
    for nobody in (cast.li, cast.lin, cast.zhou):
        with pytest.raises(NotAllowed):
            bring(cast, [row("1幢-1单元-101")], by=nobody.actor())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"hello", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused(cast: Cast, data: bytes):
    with pytest.raises(Refusal):
        register.import_register(estate=cast.place("金桂苑"), file_bytes=data, by=cast.zhao.actor(), at=day())


def test_a_table_without_areas_says_which_column_is_missing(cast: Cast):
    data = book([["1幢", "1单元", "101"]], ["幢", "单元", "房号"])
    with pytest.raises(Refusal, match="面积"):
        register.import_register(estate=cast.place("金桂苑"), file_bytes=data, by=cast.zhao.actor(), at=day())


def test_the_template_can_be_imported(cast: Cast):
    report = register.import_register(
        estate=cast.place("金桂苑"), file_bytes=register.template(), by=cast.zhao.actor(), at=day()
    )
    assert not report.errors and report.homes == 2


def test_owners_are_set_by_hand(cast: Cast):
    here = stage(cast, doors=())
    home = add_home(cast, "1单元101", owners=[owner("旧主")])
    register.set_owners(
        home=home, owners=[("新主", identity(1), ""), ("共有人", "", "13800000012")], by=here.zhao, at=day(3)
    )
    now = Ownership.objects.filter(home=home, until=None).order_by("pk")
    assert {o.owner.name for o in now} == {"新主", "共有人"}
    assert [o.owner.name for o in Ownership.objects.filter(home=home, until=day(3).date())] == ["旧主"]
    with pytest.raises(Refusal) as refused:
        register.set_owners(home=home, owners=[("新主", "123", "")], by=here.zhao, at=day(3))
    assert refused.value.field == "id_numbers"


def test_a_home_with_a_counting_ballot_is_not_retired(cast: Cast):
    here = stage(cast)
    here.votes("1单元101")
    with pytest.raises(Refusal):
        register.retire_home(home=here.home("1单元101"), by=here.zhao, at=day(2))
    register.retire_home(home=here.home("1单元102"), by=here.zhao, at=day(2))
    assert queries.tally(here.plan, day(2)).homes == 11
    old = here.home("1单元101").code
    register.new_code(home=here.home("1单元101"), by=here.li, at=day(2))
    assert queries.home_by_code(old) is None


def long_register(homes: int) -> list[list[str]]:
    """A register of 14 buildings; each 20th owner has two homes, each 50th row is wrong."""
    rows = []
    for n in range(homes):
        building, entrance, place = 1 + n % 14, 1 + n // 14 % 2, n // 28
        owner_n = n - n % 20 if n % 20 == 1 else n
        number = identity(owner_n) if n % 3 else ""
        area = "八十" if n % 50 == 7 else f"{60 + n % 60}.{n % 100:02d}"
        name = f"业主{chr(0x4E00 + owner_n % 900)}{chr(0x5200 + owner_n // 30)}"
        rows.append(
            [f"{building}幢", f"{entrance}单元", f"{1 + place // 4}{1 + place % 4:02d}", area, "", name, number, ""]
        )
    return rows


def test_a_thousand_homes_are_imported_with_their_errors_and_four_times_as_many_take_four_times_as_long(cast: Cast):
    def tried(homes: int) -> None:
        with transaction.atomic():
            bring(cast, long_register(homes))
            transaction.set_rollback(True)

    assert growth(tried, 250) < STEEP
    report = bring(cast, long_register(1000))
    assert len(report.errors) == 20 and report.created == 980, report.errors[:3]
    assert [e.row for e in report.errors][:3] == [9, 59, 109]
    assert openpyxl.load_workbook(io.BytesIO(report.error_sheet)).active.max_row == 21
    assert report.area == sum(RegisteredHome.objects.values_list("area", flat=True))


def test_an_import_takes_as_many_statements_for_three_rows_as_for_one(cast: Cast):
    def rows(first: int, many: int) -> list[list[str]]:
        return [row(f"1幢-1单元-{n}01", f"甲{n}某", identity(n)) for n in range(first, first + many)]

    bring(cast, rows(1, 1))
    one, three = count(lambda: bring(cast, rows(2, 1))), count(lambda: bring(cast, rows(3, 3)))
    assert one == three, (one, three)
