"""The office's own plan: buildings drawn from footprints, from coordinates, or in a simple grid. Pure; SVG as text.

A plan of streets and blocks as simple as this one needs no review (map regulations of 2015, article 15). Within an
estate buildings lie as they do; the estates themselves are moved together in rows, north above south and west before
east, so that buildings are large enough to be read.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

METRES_A_DEGREE = 111_195.0
LONG, DEEP = 44.0, 15.0  # metres of a slab whose footprint isn't known
STRIP = 24.0  # metres: what an empty strip within an estate is narrowed to
GAP = 8.0  # metres between two estates
SHAPE = 1.8  # width by height of the whole
MARGIN = 12.0  # metres around an estate
HEAD = 18.0  # metres above an estate, for its name
CELL = (56.0, 32.0)  # metres of one building in a grid
ROW = 6  # buildings in a row of a grid
FARTHEST = 50_000.0  # metres from the middle: a point beyond it was mistyped and goes into a grid


@dataclass(frozen=True)
class Box:
    """A building to be drawn. Degrees WGS-84; `ring` is its footprint, (longitude, latitude) points."""

    id: int
    name: str
    estate: int | None = None
    estate_name: str = ""
    lat: float | None = None
    lon: float | None = None
    ring: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Shape:
    """A drawn building: corner points in metres, y to the south, and the middle, where its mark stands."""

    id: int
    name: str
    estate: int | None
    points: tuple[tuple[float, float], ...]
    middle: tuple[float, float]
    size: tuple[float, float]
    slab: bool  # a rectangle along the axes
    placed: bool = True  # False: not on the map yet, drawn in a grid


@dataclass(frozen=True)
class Area:
    """An estate's frame with its name, in metres."""

    id: int | None
    name: str
    x: float
    y: float
    width: float
    height: float
    placed: bool = True


@dataclass(frozen=True)
class Plan:
    """A drawn plan, `width` × `height` metres."""

    shapes: tuple[Shape, ...]
    areas: tuple[Area, ...]
    width: float
    height: float

    @property
    def missing(self) -> int:
        """How many buildings nobody has put on the map yet."""
        return sum(not shape.placed for shape in self.shapes)


@dataclass(frozen=True)
class Value:
    """What a building shows: a tone (a class of the style sheet), a short mark inside, what it means, a link."""

    tone: str = "none"
    mark: str = ""
    says: str = ""
    href: str = ""
    outlined: bool = False


@dataclass
class _Block:
    """One estate while it is laid out."""

    id: int | None
    name: str
    shapes: list[Shape] = field(default_factory=list)
    placed: bool = True

    def frame(self) -> tuple[float, float, float, float]:
        """West, north, east, south with the margin and room for the name."""
        xs = [x for shape in self.shapes for x, _y in shape.points]
        ys = [y for shape in self.shapes for _x, y in shape.points]
        return min(xs) - MARGIN, min(ys) - MARGIN - HEAD, max(xs) + MARGIN, max(ys) + MARGIN


def plan(buildings: Iterable[Box]) -> Plan:
    """Lay buildings out, those of one estate together. Buildings that aren't on the map stand in a grid below."""
    rows = list(buildings)
    located = _located(rows)
    middle = _middle([located[b.id] for b in rows if b.id in located])
    blocks: dict[int | None, _Block] = {}
    loose: dict[int | None, list[Box]] = defaultdict(list)
    points = {pk: _metres(point, middle) for pk, point in located.items()}
    spaces = _spaces(rows, points)
    for box in rows:
        if box.id not in points:
            loose[box.estate].append(box)
            continue
        block = blocks.setdefault(box.estate, _Block(box.estate, box.estate_name))
        block.shapes.append(_drawn(box, points[box.id], middle, spaces[box.estate]))
    placed = _arranged(list(blocks.values()))
    return _finished([*placed, *_grids(loose, placed)])


def _located(rows: list[Box]) -> dict[int, tuple[float, float]]:
    """(longitude, latitude) of each building that has one, those apart whose degrees can't be meant."""
    found = {}
    for box in rows:
        if box.ring:
            found[box.id] = (sum(p[0] for p in box.ring) / len(box.ring), sum(p[1] for p in box.ring) / len(box.ring))
        elif box.lat is not None and box.lon is not None:
            found[box.id] = (box.lon, box.lat)
    middle = _middle(list(found.values()))
    return {pk: p for pk, p in found.items() if math.hypot(*_metres(p, middle)) < FARTHEST}


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The median point: one mistyped pair of degrees doesn't move it."""
    if not points:
        return 0.0, 0.0
    half = len(points) // 2
    return sorted(p[0] for p in points)[half], sorted(p[1] for p in points)[half]


def _metres(point: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    east = (point[0] - middle[0]) * METRES_A_DEGREE * math.cos(math.radians(middle[1]))
    return east, (middle[1] - point[1]) * METRES_A_DEGREE


def _spaces(rows: list[Box], points: Mapping[int, tuple[float, float]]) -> dict[int | None, tuple[float, float]]:
    """How large a slab may be in each estate without touching its neighbours."""
    groups: dict[int | None, list[tuple[float, float]]] = defaultdict(list)
    for box in rows:
        if box.id in points:
            groups[box.estate].append(points[box.id])
    return {estate: _slab(found) for estate, found in groups.items()}


def _slab(points: list[tuple[float, float]]) -> tuple[float, float]:
    long, deep = LONG, DEEP
    for n, (x, y) in enumerate(points):
        for to_x, to_y in points[n + 1 :]:
            across, down = abs(x - to_x), abs(y - to_y)
            if down < DEEP and across > 1:  # side by side
                long = min(long, max(8.0, 0.86 * across))
            elif across < LONG and down > 1:  # one behind the other
                deep = min(deep, max(6.0, 0.8 * down))
    return long, deep


def _drawn(box: Box, at: tuple[float, float], middle: tuple[float, float], slab: tuple[float, float]) -> Shape:
    if len(box.ring) >= 3:
        points = tuple(_metres(point, middle) for point in box.ring)
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return Shape(box.id, box.name, box.estate, points, at, (max(xs) - min(xs), max(ys) - min(ys)), False)
    return _rectangle(box, at, slab)


def _rectangle(box: Box, at: tuple[float, float], slab: tuple[float, float], placed: bool = True) -> Shape:
    (x, y), (w, h) = at, (slab[0] / 2, slab[1] / 2)
    corners = ((x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h))
    return Shape(box.id, box.name, box.estate, corners, at, slab, True, placed)


def _narrowed(block: _Block) -> _Block:
    """Take out what is empty within an estate along both axes, beyond a strip."""
    for axis in (0, 1):
        spans = sorted((min(p[axis] for p in s.points), max(p[axis] for p in s.points), n) for n, s in _counted(block))
        reached, less = -math.inf, 0.0
        for low, high, n in spans:
            if reached > -math.inf and low - reached > STRIP:
                less += low - reached - STRIP
            reached = max(reached, high)
            block.shapes[n] = _moved(block.shapes[n], axis, less)
    return block


def _counted(block: _Block) -> list[tuple[int, Shape]]:
    return list(enumerate(block.shapes))


def _arranged(blocks: list[_Block]) -> list[_Block]:
    """Estates in rows from north to south, in each row from west to east: as near to the map as leaves no gaps."""
    centres = {n: _centre(block) for n, block in enumerate(blocks)}
    sizes = {n: _extent(_narrowed(block)) for n, block in enumerate(blocks)}
    order = sorted(centres, key=lambda n: (centres[n][1], centres[n][0]))
    best: list[list[int]] = []
    for count in range(1, len(order) + 1):
        rows = _rows(order, sizes, count)
        if not best or abs(_shape(rows, sizes) - SHAPE) < abs(_shape(best, sizes) - SHAPE):
            best = rows
    top = 0.0
    for row in best:
        left = 0.0
        for n in sorted(row, key=lambda n: centres[n][0]):
            west, north, _east, _south = blocks[n].frame()
            blocks[n].shapes = [_moved(_moved(s, 0, west - left), 1, north - top) for s in blocks[n].shapes]
            left += sizes[n][0] + GAP
        top += max(sizes[n][1] for n in row) + GAP
    return blocks


def _centre(block: _Block) -> tuple[float, float]:
    west, north, east, south = block.frame()
    return (west + east) / 2, (north + south) / 2


def _extent(block: _Block) -> tuple[float, float]:
    west, north, east, south = block.frame()
    return east - west, south - north


def _rows(order: list[int], sizes: Mapping[int, tuple[float, float]], count: int) -> list[list[int]]:
    """The blocks in so many rows of about the same width."""
    whole, used = sum(sizes[n][0] for n in order), 0.0
    rows: list[list[int]] = [[]]
    for n in order:
        if rows[-1] and len(rows) < count and used + sizes[n][0] / 2 > whole * len(rows) / count:
            rows.append([])
        rows[-1].append(n)
        used += sizes[n][0]
    return rows


def _shape(rows: list[list[int]], sizes: Mapping[int, tuple[float, float]]) -> float:
    """Width by height."""
    width = max(sum(sizes[n][0] + GAP for n in row) for row in rows)
    return width / sum(max(sizes[n][1] for n in row) + GAP for row in rows)


def _moved(shape: Shape, axis: int, less: float) -> Shape:
    east, south = (-less, 0.0) if axis == 0 else (0.0, -less)
    points = tuple((x + east, y + south) for x, y in shape.points)
    return replace(shape, points=points, middle=(shape.middle[0] + east, shape.middle[1] + south))


def _grids(loose: dict[int | None, list[Box]], placed: list[_Block]) -> list[_Block]:
    """Blocks of buildings without a place, side by side, below all others."""
    frames = [block.frame() for block in placed]
    west = min((f[0] for f in frames), default=0.0)
    south = max((f[3] for f in frames), default=0.0)
    wide = max(max((f[2] for f in frames), default=0.0) - west, 3 * ROW * CELL[0])
    found, x, y, deep = [], west, south + STRIP, 0.0
    for estate, boxes in loose.items():
        width = min(ROW, len(boxes)) * CELL[0] + 2 * MARGIN
        if x > west and x + width - west > wide:
            x, y, deep = west, y + deep + GAP, 0.0
        block = _Block(estate, boxes[0].estate_name, placed=False)
        for n, box in enumerate(boxes):
            row, column = divmod(n, ROW)
            at = (x + MARGIN + (column + 0.5) * CELL[0], y + HEAD + MARGIN + (row + 0.5) * CELL[1])
            block.shapes.append(_rectangle(box, at, (LONG, DEEP), placed=False))
        frame = block.frame()
        x, deep = x + width + GAP, max(deep, frame[3] - frame[1])
        found.append(block)
    return found


def _finished(blocks: list[_Block]) -> Plan:
    frames = [block.frame() for block in blocks]
    west, north = min((f[0] for f in frames), default=0.0), min((f[1] for f in frames), default=0.0)
    areas, shapes = [], []
    for block, (left, top, right, bottom) in zip(blocks, frames, strict=True):
        areas.append(Area(block.id, block.name, left - west, top - north, right - left, bottom - top, block.placed))
        shapes += [_moved(_moved(shape, 0, west), 1, north) for shape in block.shapes]
    width = max((f[2] for f in frames), default=0.0) - west
    return Plan(tuple(shapes), tuple(areas), width, max((f[3] for f in frames), default=0.0) - north)


def svg(drawn: Plan, values: Mapping[int, Value], label: str) -> SafeString:
    """The plan as inline SVG: colours by class (`schematic.css`), and a mark in each building, so that colour is never
    alone. Buildings with a link are reached by the keyboard. `label` says what is shown; the table beside it says all.
    """
    frames = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="6"/><text x="{}" y="{}">{}</text>',
        (
            (_n(a.x + 1), _n(a.y + 1), _n(a.width - 2), _n(a.height - 2), _n(a.x + 8), _n(a.y + 18), a.name)
            for a in drawn.areas
        ),
    )
    buildings = mark_safe("".join(_building(shape, values.get(shape.id, Value())) for shape in drawn.shapes))  # noqa: S308 – parts are escaped below
    role = "group" if any(value.href for value in values.values()) else "img"
    return format_html(
        '<svg class="schematic" viewBox="0 0 {} {}" role="{}" aria-label="{}">'
        '<g class="schematic-areas" aria-hidden="true">{}</g><g>{}</g></svg>',
        math.ceil(drawn.width), math.ceil(drawn.height), role, label, frames, buildings,
    )  # fmt: skip


def _building(shape: Shape, value: Value) -> SafeString:
    says = f"{shape.name}：{value.says}" if value.says else shape.name
    classes = f"s-{value.tone} s-out" if value.outlined else f"s-{value.tone}"
    body = format_html('<title>{}</title><path class="{}" d="{}"/>', says, classes, _path(shape))
    if value.mark:
        small = mark_safe(' class="s-s"') if _small(shape, value.mark) else ""
        at = _n(shape.middle[0]), _n(shape.middle[1] + 4)
        body += format_html('<text{} x="{}" y="{}">{}</text>', small, *at, value.mark)
    if value.href:
        return format_html('<a href="{}">{}</a>', value.href, body)
    return format_html("<g>{}</g>", body)


def _small(shape: Shape, mark: str) -> bool:
    """Whether a mark has to be small to have room in the building."""
    wide = sum(2 if ord(letter) > 0x2E80 else 1 for letter in mark)
    return shape.size[0] < 7 * wide or shape.size[1] < 12


def _path(shape: Shape) -> str:
    if shape.slab:
        (x, y), (w, h) = shape.points[0], shape.size
        return f"M{_n(x)} {_n(y)}h{_n(w)}v{_n(h)}h{_n(-w)}z"
    first, *others = shape.points
    return f"M{_n(first[0])} {_n(first[1])}" + "".join(f"L{_n(x)} {_n(y)}" for x, y in others) + "z"


def _n(number: float) -> str:
    """Whole metres are enough, and short."""
    return str(round(number))
