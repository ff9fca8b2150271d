"""The cast: the people of every story, in an office that is seeded once per test database.

`chen` is a resident without an account. `wang` looks after 金桂苑1幢, `li` receives and dispatches at
the centre, `lin` works at drainage, `zhao` leads the office and may see what is sealed, `sun` belongs
to another unit, `admin` sets the office up, and `zhou` must never see anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday morning in a week without holidays; stories begin here unless they say otherwise.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
SEEDED_AT = datetime(2026, 11, 1, 8, 0, tzinfo=SHANGHAI)
PASSWORD = "chenguang-2026-office"

# username, name, unit, position, roles: (code, own unit only?, place or None, sensitivity)
MEMBERS: list[tuple[str, str, str, str, list[tuple[str, bool, str | None, str]]]] = [
    ("wang", "王建国", "", "楼长", [("steward", False, "金桂苑1幢", "normal")]),
    (
        "li",
        "李敏",
        "centre",
        "接待派单",
        [("receptionist", False, None, "normal"), ("dispatcher", False, None, "private")],
    ),
    ("zhao", "赵卫东", "centre", "主任", [("director", False, None, "sealed")]),
    ("lin", "林涛", "drainage", "经办", [("unit_officer", True, None, "normal"), ("unit_head", True, None, "normal")]),
    ("sun", "孙丽", "greening", "经办", [("unit_officer", True, None, "normal"), ("unit_head", True, None, "normal")]),
    ("admin", "钱管理", "centre", "系统管理员", [("admin", False, None, "normal")]),
    ("audit", "吴审计", "centre", "审计", [("auditor", False, None, "normal")]),
    ("zhou", "周某", "", "", []),
]


@dataclass(frozen=True)
class Resident:
    """What resident 陈 tells of himself."""

    name: str = "陈大明"
    phone: str = "13800000001"
    email: str = "chen@example.org"


class Cast:
    """Fresh rows of the seeded people; a member's grants are read anew in each test."""

    now = NOW
    chen = Resident()

    def __init__(self) -> None:
        from chenyue.people.models import Member

        self._members = {m.username: m for m in Member.objects.select_related("unit")}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_members"][name]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def units(self) -> dict[str, Any]:
        """Units by code."""
        from chenyue.people.models import Unit

        return {unit.code: unit for unit in Unit.objects.all()}

    def place(self, full_name: str) -> Any:
        """The place with this full name, such as `金桂苑1幢`."""
        from chenyue.places.models import Place

        return Place.objects.get(full_name=full_name)


def at(hours: float = 0, days: float = 0) -> datetime:
    """A moment that long after the stories' beginning."""
    return NOW + timedelta(hours=hours, days=days)


def client_of(member: Any = None, **headers: Any) -> Client:
    """A browser in which `member` has signed in; nobody's if None.

    By a session as signing in makes it, without what is counted and written about the signing in.
    """
    from django.conf import settings
    from django.contrib import auth

    from chenyue.people.backend import BACKEND
    from chenyue.people.session_store import SessionStore

    client = Client(**headers)
    if member is not None:
        session = SessionStore()
        session[auth.SESSION_KEY] = str(member.pk)
        session[auth.BACKEND_SESSION_KEY] = BACKEND
        session[auth.HASH_SESSION_KEY] = member.get_session_auth_hash()
        session.create()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def client_of_resident(resident: Any, **headers: Any) -> Client:
    """A browser in which a resident has signed in by a code on the telephone, without the three pages of it."""
    from django.utils import timezone

    from chenyue.people import resident_session
    from chenyue.people.models import ResidentSession

    client, token, at = Client(**headers), f"of-resident-{resident.pk}", timezone.now()
    ResidentSession.objects.get_or_create(
        key=resident_session._print(token),
        defaults={
            "resident": resident,
            "phone_index": resident.phone_index,
            "made_at": at,
            "expires_at": at + timedelta(hours=2),
        },
    )
    client.cookies[resident_session.COOKIE] = token
    return client


def seed() -> None:
    """Places, catalogue, units, roles and members, through the doors the set-up pages use."""
    from chenyue.core import office

    firms = _places()
    _catalogue(firms)
    _roles()
    _consents()
    for row in MEMBERS:
        _member(*row)
    office.put(set_up=True)


def _places() -> dict[int, str]:
    from pathlib import Path

    import chenyue.places as package

    data = (Path(package.__file__).parent / "data" / "demo_places.csv").read_bytes()
    try:
        from chenyue.places.actions import import_places
    except ImportError:
        return {}
    from chenyue.core.actors import SYSTEM

    report = import_places(data, "demo_places.csv", by=SYSTEM, at=SEEDED_AT, dry_run=False)
    assert not report.errors, report.errors[:3]
    return report.property_units


def _catalogue(firms: dict[int, str]) -> None:
    try:
        from chenyue.catalogue.actions import link_places
        from chenyue.catalogue.actions import seed as seed_catalogue
    except ImportError:
        return
    from chenyue.core.actors import SYSTEM

    seed_catalogue(by=SYSTEM, at=SEEDED_AT)
    link_places(firms, by=SYSTEM, at=SEEDED_AT)


def _roles() -> None:
    try:
        from chenyue.people.actions import seed_roles
    except ImportError:
        from chenyue.people.models import Role

        for code in {grant[0] for member in MEMBERS for grant in member[4]}:
            Role.objects.get_or_create(code=code, defaults={"name": code})
        return
    seed_roles()


def _consents() -> None:
    from chenyue.people.actions import seed_consents

    seed_consents(at=SEEDED_AT)


def _member(username: str, name: str, unit: str, title: str, grants: list[tuple[str, bool, str | None, str]]) -> None:
    from chenyue.people.models import Grant, Member, Role, Unit
    from chenyue.places.models import Place

    own = Unit.objects.filter(code=unit).first() if unit else None
    member = Member.objects.create_member(
        username, PASSWORD, name=name, unit=own, title=title, must_change_password=False
    )
    for code, own_only, place, sensitivity in grants:
        where = Place.objects.filter(full_name=place).first() if place else None
        Grant.objects.create(
            member=member,
            role=Role.objects.get(code=code),
            unit=own if own_only else None,
            place=where,
            sensitivity=sensitivity,
        )
