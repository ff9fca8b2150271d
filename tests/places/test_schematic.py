"""The office's plan: what lies where, nothing on top of anything, small and quick."""

import itertools
import xml.etree.ElementTree as ET

import pytest

from chenyue.places.schematic import Box, Plan, Shape, Value, plan, svg
from growth import STEEP, growth

ROW, COLUMN = 0.0004, 0.0006


def estate(pk: int, lat: float, lon: float, count: int = 6) -> list[Box]:
    """Rows of three buildings."""
    return [
        Box(pk * 100 + n, f"{pk}区{n + 1}幢", pk, f"{pk}区", lat - n // 3 * ROW, lon + n % 3 * COLUMN)
        for n in range(count)
    ]


def shape(drawn: Plan, pk: int) -> Shape:
    return next(found for found in drawn.shapes if found.id == pk)


def overlap(one: Shape, other: Shape) -> bool:
    return all(abs(one.middle[axis] - other.middle[axis]) < (one.size[axis] + other.size[axis]) / 2 for axis in (0, 1))


def test_north_is_up_and_east_is_right() -> None:
    drawn = plan([*estate(1, 32.62, 120.06), *estate(2, 32.61, 120.08)])
    assert shape(drawn, 100).middle[1] < shape(drawn, 103).middle[1] < shape(drawn, 200).middle[1]
    assert shape(drawn, 100).middle[0] < shape(drawn, 101).middle[0]
    corners = {1: (32.62, 120.06), 2: (32.62, 120.08), 3: (32.60, 120.06), 4: (32.60, 120.08)}
    drawn = plan([box for pk in (3, 2, 4, 1) for box in estate(pk, *corners[pk])])
    x, y = ({pk: shape(drawn, pk * 100).middle[axis] for pk in corners} for axis in (0, 1))
    assert x[1] < x[2] and x[3] < x[4] and y[1] < y[3] and y[2] < y[4]


def test_nothing_lies_on_anything_and_all_in_the_frame() -> None:
    rows = [*estate(1, 32.62, 120.06), *estate(2, 32.61, 120.08), *[Box(n, f"x{n}", 9, "新区") for n in range(9)]]
    drawn = plan(rows)
    assert not [pair for pair in itertools.combinations(drawn.shapes, 2) if overlap(*pair)]
    for x, y in itertools.chain.from_iterable(found.points for found in drawn.shapes):
        assert 0 <= x <= drawn.width and 0 <= y <= drawn.height
    assert {area.name for area in drawn.areas} == {"1区", "2区", "新区"}


def test_gaps_are_narrowed() -> None:
    near, far = (
        plan([*estate(1, 32.62, 120.06), *estate(2, lat, lon)]) for lat, lon in ((32.61, 120.08), (32.59, 120.12))
    )
    assert (round(near.width), round(near.height)) == (round(far.width), round(far.height))
    village = [Box(1, "东", 1, "村", 32.62, 120.06), Box(2, "西", 1, "村", 32.62, 120.07)]
    assert plan(village).width < 200  # a kilometre of fields lies between them


def test_many_estates_are_packed_in_rows() -> None:
    rows = [box for n in range(1, 18) for box in estate(n, 32.6 + n * 7 % 17 * 0.003, 120.06 + n * 5 % 17 * 0.004)]
    drawn = plan(rows)
    used = sum(area.width * area.height for area in drawn.areas) / (drawn.width * drawn.height)
    assert used > 0.6 and 1 < drawn.width / drawn.height < 2


def test_buildings_off_the_map_stand_in_a_grid_below() -> None:
    rows = [*estate(1, 32.62, 120.06), Box(7, "无坐标", 2, "2区"), Box(8, "输错", 1, "1区", 3.26, 12.0)]
    drawn = plan(rows)
    lowest = max(found.middle[1] for found in drawn.shapes if found.placed)
    assert drawn.missing == 2
    assert all(found.middle[1] > lowest for found in drawn.shapes if not found.placed)


def test_a_grid_alone_and_nothing_at_all() -> None:
    drawn = plan([Box(n, f"{n}幢", None) for n in range(8)])
    assert drawn.missing == 8 and len({round(found.middle[1]) for found in drawn.shapes}) == 2
    assert "<svg" in svg(plan([]), {}, "empty")


def test_footprints_are_drawn_as_they_are() -> None:
    ring = ((120.06, 32.62), (120.0605, 32.62), (120.0605, 32.6202), (120.06, 32.6202))
    found = shape(plan([Box(1, "1幢", 1, "1区", ring=ring)]), 1)
    assert not found.slab and len(found.points) == 4
    assert abs(found.size[0] - 46.8) < 0.5 and abs(found.size[1] - 22.2) < 0.5


def test_words_are_escaped_and_colour_is_never_alone() -> None:
    drawn = plan([Box(1, '<b>"1"&幢', 1, "<i>", 32.62, 120.06)])
    text = svg(drawn, {1: Value("bad", "空", "nobody<", "#b1", outlined=True)}, 'a "label"')
    assert "<b>" not in text and "<i>" not in text
    root = ET.fromstring(text)
    link = root.find(".//a")
    assert link is not None and link.get("href") == "#b1"
    assert [child.text for child in link] == ['<b>"1"&幢：nobody<', None, "空"]
    assert root.get("aria-label") == 'a "label"'


@pytest.mark.parametrize("placed", [True, False])
def test_five_hundred_buildings_are_small_and_quick(placed: bool) -> None:
    rows = [
        Box(
            n,
            f"金桂苑{n}幢",
            n // 14,
            f"第{n // 14}小区",
            *((32.6 + n // 84 * 0.004, 120.06 + n % 84 * 0.0006) if placed else ()),
        )
        for n in range(500)
    ]
    values = {box.id: Value("good", str(box.id), "周桂珍，平均负荷的 112%", f"#b{box.id}") for box in rows}
    assert growth(lambda count: svg(plan(rows[:count]), values, "负荷"), 125) < STEEP
    assert len(svg(plan(rows), values, "负荷").encode()) < 100_000
