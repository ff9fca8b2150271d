"""The only door to what other systems may read: one query for lists, single requests and tokens alike."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from chenyue.cases.lifecycle import ENDED, STATE_WORDS, State
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.queries import catalogue
from chenyue.gateway.models import OpenRequest, OpenService
from chenyue.gateway.open311 import rules
from chenyue.people.models import Sensitivity
from chenyue.places.models import Kind as PlaceKind
from chenyue.places.models import Place

Kind = OpenService.Kind
CLOSED = [state.value for state in ENDED]


def services() -> QuerySet[OpenService]:
    """The services that are open, in the catalogue's order."""
    return (
        OpenService.objects.filter(active=True, category__active=True)
        .select_related("category__parent")
        .order_by("category__code")
    )


def changed_at() -> datetime | None:
    """When the list of services or a definition changed last."""
    last: datetime | None = OpenService.objects.aggregate(last=Max("changed_at"))["last"]
    return last


def visible() -> QuerySet[Appeal]:
    """Appeals that anybody may read. Private, sealed and confidential ones, those about staff, those taken back and
    whatever isn't in a public service don't exist here.

    A service whose numbers come after triage shows an appeal only then; a black box shows none.
    """
    public = Q(case__category__open_service__kind=Kind.REALTIME)
    public |= Q(case__category__open_service__kind=Kind.BATCH, case__triaged_at__isnull=False)
    found = Appeal.objects.filter(
        public,
        case__category__open_service__active=True,
        case__category__open_service__public=True,
        case__category__active=True,
        case__category__private=False,
        case__sensitivity=Sensitivity.NORMAL,
        case__accused_unit__isnull=True,
        confidential=False,
        withdrawn_at__isnull=True,
        part_of__isnull=True,
    )
    whole = (
        "case__category__open_service",
        "case__lead",
        "case__building",
        "case__estate",
        "case__place",
        "published_words",
    )
    return found.select_related(*whole)


def asked(
    *, numbers: Sequence[str], codes: Sequence[str], states: Sequence[str], start: datetime, end: datetime,
    page: int, size: int,
) -> list[Appeal]:  # fmt: skip
    """The newest first. Numbers override all else."""
    found = visible()
    if numbers:
        found = found.filter(number__in=numbers)
    else:
        found = found.filter(received_at__gte=start, received_at__lte=end)
        if codes:
            found = found.filter(case__category__code__in=codes)
        if len(set(states)) == 1:
            ended = Q(case__state__in=CLOSED)
            found = found.filter(ended if states[0] == "closed" else ~ended)
    return list(found.order_by("-received_at", "-pk")[(page - 1) * size : page * size])


def by_token(token: str) -> tuple[str, str] | None:
    """(token, number or ""), None if nobody was given this token. A number only where the service gives one."""
    found = OpenRequest.objects.select_related("appeal__case", "service").filter(token=token).first()
    if found is None or found.service.kind == Kind.BLACKBOX:
        return None
    waits = found.service.kind == Kind.BATCH and found.appeal.case.triaged_at is None
    return found.token, "" if waits else found.appeal.number


def service_row(service: OpenService) -> dict[str, Any]:
    """An entry of the service list."""
    category = service.category
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": service.notice or None,
        "metadata": bool(service.attributes),
        "type": service.kind,
        "keywords": ",".join(rules.listed(service.keywords.replace("，", ","))) or None,
        "group": category.parent.name if category.parent else None,
    }


def request_row(appeal: Appeal) -> dict[str, Any]:
    """One service request. The words only as a person let them be read; the place no closer than the building."""
    case = appeal.case
    category, place = case.category, _where(case)
    service = category.open_service  # type: ignore[union-attr]
    ended, waiting = case.state in CLOSED, case.state == State.WAITING
    words = getattr(appeal, "published_words", None)
    return {
        "service_request_id": appeal.number,
        "status": "closed" if ended else "open",
        "status_notes": str(STATE_WORDS[State(case.state)]),
        "service_name": category.name,  # type: ignore[union-attr]
        "service_code": category.code,  # type: ignore[union-attr]
        "description": words.words if words else None,
        "agency_responsible": case.lead.name if case.lead else None,
        "service_notice": service.notice or None,
        "requested_datetime": stamp(appeal.received_at),
        "updated_datetime": stamp(case.closed_at if ended and case.closed_at else case.touched_at),
        "expected_datetime": stamp(case.resolve_due_at) if case.resolve_due_at and not (ended or waiting) else None,
        "address": place.full_name if place else None,
        "address_id": place.code if place else None,
        "zipcode": None,
        "lat": place.latitude if place else None,
        "long": place.longitude if place else None,
        "media_url": None,
    }


def _where(case: Case) -> Place | None:
    """The building, or where there is none what is larger; never an entrance or a home."""
    if case.building or case.place is None:
        return case.building
    return case.estate if case.place.kind in (PlaceKind.HOME, PlaceKind.ENTRANCE) else case.place


def stamp(moment: datetime | None) -> str | None:
    """A moment in whole seconds with the office's zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def unpublished(limit: int) -> list[Appeal]:
    """Visible appeals whose words nobody has looked through yet, newest first."""
    return list(visible().filter(published_words__isnull=True).order_by("-received_at", "-pk")[:limit])


def known_codes() -> set[str]:
    """Codes of all open services."""
    return {c.code for c in catalogue().leaves()} & set(services().values_list("category__code", flat=True))
