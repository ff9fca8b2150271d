"""The demo sub-district as a gazetteer, built from its table without a database."""

import csv
from functools import cache

from chenyue.core.text import initials
from chenyue.places.actions import DEMO
from chenyue.places.gazetteer import Gazetteer, PlaceInfo


@cache
def gazetteer() -> Gazetteer:
    """晨光街道 with one place more: an estate 晨光苑, whose name gives `cgy`, with a 北门那栋 of its own."""
    garden = _Garden()
    with DEMO.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            garden.plant(row)
    garden.plant(
        {"kind": "building", "community": "晨光社区", "estate": "晨光苑", "estate_aliases": "晨光小苑"}
        | {"building": "3号楼", "building_aliases": "", "entrances": "1单元;2单元", "community_kind": "社区"}
    )
    return Gazetteer.build(garden.places.values())


class _Garden:
    def __init__(self) -> None:
        self.places: dict[tuple[int | None, str], PlaceInfo] = {}

    def plant(self, row: dict[str, str]) -> None:
        village = row["community_kind"] == "村"
        community = self._place("community", row["community"], None, (), village)
        kind = "estate" if row["kind"] == "building" else row["kind"]
        estate = self._place(kind, row["estate"], community, _list(row["estate_aliases"]), village)
        if row["building"]:
            building = self._place("building", row["building"], estate, _list(row["building_aliases"]), village)
            for name in _list(row["entrances"]):
                self._place("entrance", name, building, (), village)

    def _place(
        self, kind: str, name: str, parent: PlaceInfo | None, aliases: tuple[str, ...], village: bool
    ) -> PlaceInfo:
        key = (parent.id if parent else None, name)
        if key not in self.places:
            place_id = len(self.places) + 1
            whole = parent.full_name + name if parent and kind in ("building", "entrance") else name
            above = {f"{k}_id": getattr(parent, f"{k}_id", None) for k in ("community", "estate", "building")}
            above |= {f"{kind}_id": place_id} if f"{kind}_id" in above else {}
            self.places[key] = PlaceInfo(
                place_id, kind, name, whole, key[0], **above, village=village, aliases=aliases, initials=initials(whole)
            )
        return self.places[key]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
