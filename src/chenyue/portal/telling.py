"""From the form to the appeal: what is asked before it is filed, and filing it once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.files import File
from django.db import DatabaseError
from django.db.models import F
from django.utils.functional import Promise

from chenyue import triage
from chenyue.cases import similar
from chenyue.cases.actions import Filed, ReporterData, file_appeal
from chenyue.cases.models import Case, Channel
from chenyue.catalogue.queries import catalogue
from chenyue.core import trouble
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.places.gazetteer import PlaceHit
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer
from chenyue.triage.suggestion import EmergencyCall
from chenyue.works import queries as works
from chenyue.works.models import Project

JOIN = "portal.join"
JOIN_WITHIN = timedelta(hours=2)
NOWHERE = "0"  # chosen where none of the offered places is right
READ = 800  # characters that are read while typing
ENOUGH = 6  # characters before anything is suggested
NEAR = 0.002  # degrees, about 200 m: how far from a house a photo may have been taken


@dataclass(frozen=True)
class Offer:
    """A neighbour's open case that may be followed: never anyone's words, only what, where and how many."""

    token: str
    category: str
    place: str
    voices: int
    reasons: list[str | Promise]


@dataclass(frozen=True)
class Looked:
    """What should be seen before an appeal is sent."""

    danger: EmergencyCall | None = None
    stops: list[str] = field(default_factory=list)  # hard stops of the catalogue, such as "call 119 now"
    offers: list[Offer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.danger or self.stops or self.offers)


def look(words: str, place_id: int | None, at: datetime) -> Looked:
    """Read words while they are typed: danger, hard stops, neighbours' open cases."""
    if len(words) < ENOUGH:
        return Looked()
    suggestion = triage.suggest(words, place_id, at)
    found = suggestion.category
    where = place_id or (suggestion.place.place_id if suggestion.place else None)
    alike = _alike(words, where, found.code if found else None, at)
    info = catalogue().by_code.get(found.code) if found else None
    return Looked(
        danger=suggestion.emergency,
        stops=[info.hard_stop] if info and info.hard_stop else [],
        offers=[Offer(signing.dumps(s.number, salt=JOIN), s.category, s.place, s.voices, s.reasons) for s in alike],
    )


def _alike(words: str, place_id: int | None, category_code: str | None, at: datetime) -> list[similar.Similar]:
    """Neighbours' open cases; none while the database is away: of danger one is told all the same."""
    try:
        return similar.for_resident(words, place_id=place_id, category_code=category_code, at=at)
    except DatabaseError as error:
        if not trouble.is_away(error):
            raise
        return []


def join_number(token: str) -> str | None:
    """The case that an offer was made for; None for anything we didn't offer lately."""
    try:
        return str(signing.loads(token, salt=JOIN, max_age=JOIN_WITHIN)) if token else None
    except signing.BadSignature:
        return None


@dataclass(frozen=True)
class Where:
    """A place as it was read: one, or several among which the resident chooses, or neither."""

    place_id: int | None = None
    name: str = ""
    room: str = ""
    choices: Sequence[PlaceHit] = ()


def where(chosen: str, told: str) -> Where:
    """The place of an appeal: chosen from a list (or the code on the door), else read from what was told.

    Raises ValueError for a chosen place that doesn't exist (any more).
    """
    if chosen and chosen != NOWHERE:
        info = gazetteer().get(int(chosen))
        if info is None:
            raise ValueError(chosen)
        hits = gazetteer().search(told, limit=1, within=info.id) if told else []
        room = hits[0].room if hits and hits[0].place_id == info.id else ""
        return Where(info.id, info.full_name, room)
    if not told or chosen == NOWHERE:
        return Where()
    hits = suggestions(told)
    if len(hits) == 1:
        return Where(hits[0].place_id, hits[0].full_name, hits[0].room)
    return Where(choices=hits)


def suggestions(told: str, limit: int = 6) -> list[PlaceHit]:
    """Places that people may mean, the likeliest first."""
    return list(gazetteer().search(told, limit=limit))


def door(code: str) -> tuple[int, str] | None:
    """The place whose QR code is on a door: its id and name."""
    row = Place.objects.filter(code=code.upper(), active=True).exclude(kind=Kind.HOME).values_list("pk", "full_name")
    return row.first()


def works_of(number: str) -> Project | None:
    """The renewal works that an appeal is about, if residents can read of them."""
    try:
        return works.public(number[:20]) if number else None
    except NotFound:
        return None


def near(latitude: float, longitude: float) -> tuple[int, str] | None:
    """The building where a photo was probably taken."""
    distance = (F("latitude") - latitude) * (F("latitude") - latitude) + (F("longitude") - longitude) * (
        F("longitude") - longitude
    )
    rows = Place.objects.filter(
        kind=Kind.BUILDING,
        active=True,
        latitude__range=(latitude - NEAR, latitude + NEAR),
        longitude__range=(longitude - NEAR, longitude + NEAR),
    )
    return rows.order_by(distance).values_list("pk", "full_name").first()


def file(
    *,
    data: dict[str, Any],
    place: Where,
    files: Sequence[File],  # type: ignore[type-arg]
    join: str,
    at: datetime,
    received_at: datetime | None = None,
    receipt: str = "",
) -> Filed:
    """File what was told, or join it to a neighbour's case; if that one ended meanwhile, open a new one.

    `received_at` and `receipt`: when it was kept, and the code that was given, where it had to wait (`spooling`).
    """
    told: dict[str, Any] = {
        "words": data["words"],
        "channel": Channel.WEB,
        "by": Actor("resident"),
        "at": at,
        "place_id": place.place_id,
        "room": place.room,
        "place_told": data["place_told"],
        "reporter": _reporter(data),
        "consent_contact": data["consent_contact"],
        "confidential": data["confidential"],
        "attachments": files,
        "received_at": received_at,
        "receipt": receipt,
    }
    number = join_number(join)
    if number and Case.objects.filter(number=number).exists():
        try:
            return file_appeal(**told, join_number=number)
        except Refusal as refusal:
            if refusal.field != "join_number":
                raise
    return file_appeal(**told)


def _reporter(data: dict[str, Any]) -> ReporterData | None:
    given = {name: data[name] for name in ("name", "phone", "email")}
    return ReporterData(**given) if any(given.values()) else None
