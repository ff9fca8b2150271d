"""The office's ground: places, catalogue, units, members, tables to import."""

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from chenyue.catalogue import sheets
from chenyue.core.errors import NotFound
from chenyue.core.tables import ImportReport
from chenyue.gateway.api.frame import Call, Id, Limit, Line, call
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import office as shapes
from chenyue.places import actions as places
from chenyue.places.models import Place
from chenyue.stewards import importing as stewards

router = Router(tags=[_("Office")])
STAFF = ("case.see", "case.file", "catalogue.edit", "places.edit", "people.edit", "works.record", "steward.manage")
READERS: dict[str, tuple[str, Callable[..., ImportReport]]] = {
    "places": ("places.edit", places.import_places),
    "catalogue": ("catalogue.edit", sheets.import_catalogue),
    "stewards": ("steward.manage", stewards.import_stewards),
}
ERRORS = 200  # wrong rows that are told


class PlaceOut(Schema):
    """A community, estate, building or entrance; WGS-84."""

    id: int
    kind: str
    name: str
    full_name: str
    parent_id: int | None
    code: str
    homes: int
    latitude: float | None
    longitude: float | None
    aliases: list[str]
    active: bool


class HitOut(Schema):
    """A place that was meant."""

    id: int
    name: str
    room: str
    score: float


class CategoryOut(Schema):
    """A kind of matter."""

    code: str
    name: str
    parent: str | None
    handling: str
    lead: str | None
    assists: list[str]
    urgency: str
    accept_by: str
    contact_by: str
    resolve_by: str
    route_away: str
    private: bool
    public: bool
    active: bool


class UnitOut(Schema):
    """Whoever work can be given to."""

    id: int
    code: str
    name: str
    kind: str
    active: bool
    placeholder: bool


class MemberOut(Schema):
    """A member of staff."""

    id: int
    name: str
    title: str
    unit: str | None


class WrongRow(Schema):
    """A row that was left out."""

    row: int
    column: str
    sentence: str


class ImportOut(Schema):
    """What an import did, or as a dry run would do."""

    created: int
    updated: int
    unchanged: int
    wrong: list[WrongRow]


PlacePage = page_of("PlacePage", PlaceOut)
HitPage = page_of("HitPage", HitOut)
CategoryPage = page_of("CategoryPage", CategoryOut)
UnitPage = page_of("UnitPage", UnitOut)
MemberPage = page_of("MemberPage", MemberOut)


def whole(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A list that is given whole."""
    return {"items": rows, "next": None}


@router.get("/places", response=PlacePage, summary=_("Places below one; without, the communities"))
def list_places(request: HttpRequest, parent_id: Query[Id | None] = None) -> Any:
    """For any member of staff with matters to do."""
    call(request).need(*STAFF)
    return whole(shapes.places(parent_id))


@router.get("/places/search", response=HitPage, summary=_("Find places as people say them"))
def search_places(request: HttpRequest, q: Query[Line], limit: Limit = 10) -> Any:
    """Names, aliases, pinyin initials, `3-2-401`."""
    call(request).need(*STAFF)
    return whole(shapes.search(q, limit))


@router.get("/places/{id}", response=PlaceOut, summary=_("One place"))
def get_place(request: HttpRequest, id: Id) -> Any:
    """Homes aren't given."""
    call(request).need(*STAFF)
    row = Place.objects.exclude(kind="home").prefetch_related("aliases").filter(pk=id).first()
    if row is None:
        raise NotFound
    return shapes.place(row)


@router.get("/categories", response=CategoryPage, summary=_("The dispatch catalogue with its promises"))
def list_categories(request: HttpRequest) -> Any:
    """The whole tree; `parent` says where each hangs."""
    call(request).need(*STAFF)
    return whole(shapes.categories())


@router.get("/units", response=UnitPage, summary=_("Units"))
def list_units(request: HttpRequest) -> Any:
    """All of them, with those that have ended."""
    call(request).need(*STAFF)
    return whole(shapes.units())


@router.get("/members", response=MemberPage, summary=_("Active members"))
def list_members(request: HttpRequest) -> Any:
    """Needs `case.dispatch` or `case.work`: for naming an officer. No contact data."""
    call(request).need("case.dispatch", "case.work")
    return whole(shapes.members())


@router.post("/imports/{kind}", response=ImportOut, summary=_("Import a table"))
def import_table(
    request: HttpRequest,
    kind: Literal["places", "catalogue", "stewards"],
    table: File[UploadedFile],
    dry_run: Form[bool],
) -> Any:
    """Needs `places.edit`, `catalogue.edit` or `steward.manage`. In the columns of the pages' tables; a wrong row is
    left out and told. With `dry_run` nothing is written.
    """
    made, (word, read) = call(request), READERS[kind]
    made.need(word)
    content = table.read()
    return made.once(lambda: _imported(made, read, content, table.name or "", dry_run), [kind, table.size, dry_run])


def _imported(made: Call, read: Callable[..., ImportReport], content: bytes, name: str, dry: bool) -> dict[str, Any]:
    report = read(content, name, by=made.by, at=made.at, dry_run=dry)
    wrong = [{"row": e.row, "column": str(e.column), "sentence": str(e.sentence)} for e in report.errors[:ERRORS]]
    return {
        "created": report.created, "updated": report.updated, "unchanged": report.unchanged, "wrong": wrong,
    }  # fmt: skip
