"""Papers for residents: a letter for each home with its code, and the board at the site.

A letter's code opens the page of its home, so letters are made while somebody waits, handed over and kept nowhere;
that they were printed, how many and for where, stands on the project's timeline. No name stands on a letter.
"""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office, papers, qr
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.places.models import Place
from chenyue.works import acts, links, plans
from chenyue.works import queries as works
from chenyue.works.models import PlanPart, Project, RegisteredHome
from chenyue.works.site import permits, rules

DATA = Path(__file__).parent / "data"
MOST = 300  # letters in one file: what a person can wait for
LONGEST = 240  # characters of a part on a letter; the page has the whole of it
PAPERS = ("a3", "a4")


def buildings(project: Project) -> list[tuple[int, str, int]]:
    """The project's buildings with homes on the register: id, name, letters. One statement."""
    rows = works.homes_of(project).values_list("building_id", "building__full_name").annotate(n=Count("pk"))
    return [(pk, name, n) for pk, name, n in rows.order_by("building__estate_id", "building_id")]


def letters(
    *, project: Project, building_ids: Collection[int], base: str, by: Actor, at: datetime, home: int | None = None
) -> papers.Paper:
    """A letter for each home of these buildings, or for one home; `base`: the address that the codes open.

    Raises Refusal at `buildings` for none or for too many, NotAllowed for who doesn't run works.
    """
    permits.only(permits.manages(by))
    rows = works.homes_of(project).select_related("building")
    rows = rows.filter(pk=home) if home else rows.filter(building_id__in=building_ids)
    homes = list(rows.order_by("building__estate_id", "building_id", "entrance", "floor", "room")[: MOST + 1])
    if not homes:
        raise Refusal(_("Choose at least one building with homes on the register."), field="buildings", code="none")
    if len(homes) > MOST:
        said = _("At most %(most)d letters fit into one file. Choose fewer buildings.") % {"most": MOST}
        raise Refusal(said, field="buildings", code="many")
    made = papers.pdf(DATA / "letter.typ", _letters(project, homes, base, at), at=at, seconds=120)
    with acts.acting(project, by, at) as act:
        act.say("letters_printed", count=len(homes), where=_where(homes, one=home is not None))
    return made


def _where(homes: list[RegisteredHome], *, one: bool) -> str:
    names = list(dict.fromkeys(row.building.name for row in homes))
    return f"{names[0]}{homes[0].door}" if one else "、".join(names)


def _letters(project: Project, homes: list[RegisteredHome], base: str, at: datetime) -> dict[str, Any]:
    plan = works.current_plan(project)
    parts = list(plan.parts.all()) if plan else []
    return {
        "title": project.title,
        "why": project.why,
        "office": office.get("short_name"),
        "made_on": _day(timezone.localtime(at).date()),
        "address": base + reverse("works:public", args=[project.number]),
        "facts": _facts(project, at, board=False),
        "homes": [_home(project, row, parts, base) for row in homes],
    }


def _home(project: Project, row: RegisteredHome, parts: list[PlanPart], base: str) -> dict[str, Any]:
    mine = [part for part in parts if plans.concerns(part, row)]
    return {
        "where": f"{row.building.full_name}{row.door}",
        "code": row.code,
        "qr": qr.drawing(base + reverse("works:own-home", args=[project.number, row.code])),
        "parts": [{"title": part.title, "text": _short(part.text)} for part in mine],
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def board(*, project: Project, paper: str, base: str, by: Actor, at: datetime, building: int | None = None) -> Any:
    """The board at the site, A3 or A4; with a building, its code opens the page with that building chosen."""
    permits.only(permits.manages(by))
    place = None
    if building is not None and building in permits.buildings_of(project):
        place = Place.objects.filter(pk=building, active=True).first()
    url = base + reverse("works:public", args=[project.number]) + (f"?door={place.code}" if place else "")
    data = {
        "paper": paper if paper in PAPERS else "a3",
        "title": project.title,
        "office": office.get("short_name"),
        "building": place.full_name if place else "",
        "what": _short(project.what),
        "url": url,
        "qr": qr.drawing(url),
        "facts": _facts(project, at, board=True),
        "made_on": _day(timezone.localtime(at).date()),
    }
    return papers.pdf(DATA / "board.typ", data, at=at)


def _facts(project: Project, at: datetime, *, board: bool) -> list[tuple[str, str]]:
    """Name and value of what both papers say, in the office's language; nothing that is empty."""
    units = (("施工单位", project.contractor), ("监理单位", project.supervisor), ("责任单位", project.owner_unit))
    venues = [f"{venue.name} {venue.address}".strip() for venue in links.venues_of(project, at)]
    found = [("咨询电话", project.phone), ("街道电话", office.get("phone"))]
    if board:
        found += [(name, unit.name) for name, unit in units if unit]
    found += [
        ("施工时间", " 至 ".join(_day(day) for day in (project.starts_on, project.ends_on) if day)),
        ("高噪声时段", rules.hours_in_words(project.noise_hours)),
        ("现场接待", "\n".join(venues)),
    ]
    return [(name, str(value)) for name, value in found if value]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
