"""Rows of a table of places, read and checked one by one. Pure: knows nothing of what is stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal, Sentence
from chenyue.core.tables import Row
from chenyue.places import reading
from chenyue.places.models import Kind
from chenyue.places.rules import check_name

# The columns, and what else offices call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("类型", "类别"),
    "community": ("社区", "村社区", "所属社区", "村居"),
    "community_kind": ("社区类型",),
    "estate": ("小区", "小区名称", "道路或场所"),
    "estate_aliases": ("小区别名", "小区俗称"),
    "building": ("幢", "楼幢", "楼栋", "幢号", "栋号"),
    "building_aliases": ("楼幢别名", "楼栋别名", "楼幢俗称"),
    "entrances": ("单元",),
    "rooms": ("房号", "户室", "室号"),
    "homes": ("户数", "总户数"),
    "built_year": ("建成年份", "建成年代"),
    "lat": ("纬度",),
    "lon": ("经度",),
    "property_unit": ("物业", "物业代码"),
    "has_steward": ("有无楼长", "有楼长"),
    "steward_age": ("楼长年龄",),
}
KINDS = {"": "", "building": "building", "road": "road", "spot": "spot"}
KINDS |= {"楼幢": "building", "楼栋": "building", "幢": "building", "道路": "road", "路": "road"}
KINDS |= {"场所": "spot", "公共场所": "spot", "点位": "spot"}
VILLAGE = ("村", "行政村", "village")


class Wrong(Exception):
    """A cell that can't be right."""

    def __init__(self, column: str, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.column = column
        self.sentence = sentence


@dataclass(frozen=True)
class Wanted:
    """What one row says should exist."""

    number: int
    kind: Kind
    community: str
    village: bool
    estate: str  # or the name of the road or spot
    building: str = ""
    estate_aliases: tuple[str, ...] = ()
    building_aliases: tuple[str, ...] = ()
    entrances: tuple[str, ...] = ()
    rooms: tuple[tuple[str, str], ...] = ()  # (entrance or nothing, room)
    details: dict[str, int | float | None] = field(default_factory=dict)
    property_unit: str = ""
    steward: bool = False
    steward_age: int | None = None


def read(row: Row) -> Wanted:
    """What a row wants; raises `Wrong` with the column and a sentence."""
    if row.problem:
        raise Wrong("", row.problem)
    kind = KINDS.get(row["kind"].lower())
    if kind is None:
        raise Wrong("kind", _("The kind is building, road or spot; here it says “%s”.") % row["kind"][:40])
    kind = kind or "building"
    entrances = _list(row, "entrances")
    age = _number(row, "steward_age", 14, 120)
    return Wanted(
        row.number,
        Kind(kind),
        _name(row, "community"),
        row["community_kind"] in VILLAGE or (not row["community_kind"] and row["community"].endswith("村")),
        _name(row, "estate"),
        _name(row, "building") if kind == "building" else "",
        _list(row, "estate_aliases"),
        _list(row, "building_aliases"),
        entrances,
        tuple(_rooms(row, entrances)),
        {
            "homes": _number(row, "homes", 0, 5000) or 0,
            "built_year": _number(row, "built_year", 1800, 2100),
            "latitude": _degrees(row, "lat", 90),
            "longitude": _degrees(row, "lon", 180),
        },
        row["property_unit"],
        row["has_steward"].lower() in ("1", "yes", "是", "有"),
        age,
    )


def _name(row: Row, column: str) -> str:
    try:
        return check_name(row[column])
    except Refusal as refusal:
        raise Wrong(column, _("This cell is empty.") if not row[column] else refusal.sentence) from refusal


def _list(row: Row, column: str) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r"[;；、\n]", row[column])]
    for part in parts:
        if len(part) > 60:
            raise Wrong(column, _("“%s…” is longer than 60 characters.") % part[:20])
    return tuple(dict.fromkeys(part for part in parts if part))


def _rooms(row: Row, entrances: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`1单元/101;1单元/102`, or `101;102` where the building has one entrance or none."""
    by_key = {reading.entrance_key(name): name for name in entrances}
    for part in _list(row, "rooms"):
        door, slash, room = part.rpartition("/")
        entrance = by_key.get(reading.entrance_key(door), "") if slash else ""
        if slash and not entrance:
            raise Wrong("rooms", _("“%s”: the building has no such entrance.") % part)
        if not slash and len(entrances) > 1:
            raise Wrong("rooms", _("“%s”: write the entrance too, such as 1单元/101.") % part)
        yield entrance or (entrances[0] if entrances else ""), room.removesuffix("室")


def _number(row: Row, column: str, least: int, most: int) -> int | None:
    if not row[column]:
        return None
    plain = reading.folded(row[column])[0].rstrip("户年")
    if not re.fullmatch(r"\d{1,9}", plain) or not least <= int(plain) <= most:
        raise Wrong(
            column,
            _("“%(text)s” isn't a number from %(least)d to %(most)d.")
            % {"text": row[column][:20], "least": least, "most": most},
        )
    return int(plain)


def _degrees(row: Row, column: str, most: int) -> float | None:
    if not row[column]:
        return None
    try:
        degrees = float(reading.folded(row[column])[0])
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise Wrong(column, _("“%s” isn't a position in degrees.") % row[column][:20])
    return degrees
