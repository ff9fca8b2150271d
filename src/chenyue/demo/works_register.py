"""The register of 金桂苑 in the demo office: invented owners, imported from a workbook as an office would do it."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from chenyue.core.sheets import write_xlsx
from chenyue.demo.office import Office
from chenyue.demo.residents import NAMES
from chenyue.places.models import Kind, Place
from chenyue.works import register
from chenyue.works.models import RegisteredHome

HEADER = ["幢", "单元", "房号", "建筑面积", "状态", "用途", "出租", "业主", "证件号", "电话"]
FLATS = ("68.42", "89.36", "76.5", "102.18")  # m², by the kind of building
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIRM = "晨光房地产开发有限公司"
NOWHERE = "990000"  # no region has this code: an ID number that nobody can have
RICH, UNSOLD = 6, 3  # homes of one owner, and of the developer
Home = tuple[str, str, str, str]  # building, entrance, room, area


def bring(here: Office, estate: Place, at: datetime) -> list[RegisteredHome]:
    """Import the register through the door of the office; the homes by place."""
    rows = list(_rows(estate, Random(17)))
    total = f"{sum(round(float(row[3]) * 100) for row in rows) / 100:.2f}"
    sheet = write_xlsx(HEADER, [*rows, ["合计", "", "", total, "", "", "", "", "", ""]])
    by = here.members["qiu"].actor()
    report = register.import_register(estate=estate, file_bytes=sheet, filename="金桂苑户册.xlsx", by=by, at=at)
    assert not report.errors, [str(error.sentence) for error in report.errors[:3]]
    rows_of_estate = RegisteredHome.objects.filter(estate=estate).select_related("building")
    return list(rows_of_estate.order_by("building_id", "entrance", "room"))


def _homes(estate: Place) -> Iterator[Home]:
    """Six floors, two homes on each, in every entrance of every building."""
    doors = Place.objects.filter(kind=Kind.ENTRANCE, estate=estate).select_related("building").order_by("pk")
    for door in doors:
        building = door.building
        if building is None:
            continue
        for floor in range(1, 7):
            for flat in (1, 2):
                yield building.name, door.name, f"{floor}0{flat}", FLATS[(building.pk + flat) % len(FLATS)]


def _rows(estate: Place, random: Random) -> Iterator[list[str]]:
    homes = list(_homes(estate))
    names = [family + given for family in NAMES["family"] for given in NAMES["given"]]
    random.shuffle(names)
    rich, unsold = set(random.sample(range(len(homes)), RICH)), set(range(len(homes) - UNSOLD, len(homes)))
    rich_name = names.pop()
    namesake = ""
    for n, home in enumerate(homes):
        owner, number, phone = names[n % len(names)], "", f"1990003{n:04d}"
        if n in unsold:
            yield [*home, "未售", "住宅", "否", FIRM, "", ""]
            continue
        if n in rich:
            yield [*home, "已售", "住宅", "是", rich_name, _identity(9000), "19900039999"]
            continue
        if random.random() < 0.9:
            number = _identity(n)
        elif namesake and random.random() < 0.4:
            owner, namesake = namesake, ""  # of one name, without a number: one person or two?
        else:
            namesake = owner
        if random.random() < 0.35:
            other = names[-1 - n % 200]
            owner, number = f"{owner}、{other}", f"{number}、{_identity(n + 5000)}" if number else ""
        yield [*home, "已售", "住宅", "是" if random.random() < 0.12 else "否", owner, number, phone]


def _identity(n: int) -> str:
    body = f"{NOWHERE}{1950 + n // 1000 * 4 + n % 4}0{1 + n % 9}1{n % 9}{n % 1000:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
