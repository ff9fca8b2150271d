"""The registers: committees with their terms, mediators, and the ties that mediators declare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import snapshots, text
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal, Sentence
from chenyue.mediation import acts, seeing
from chenyue.mediation.conflicts import id_print, phone_print
from chenyue.mediation.lifecycle import Tie
from chenyue.mediation.models import Appointment, Committee, DeclaredTie, Mediation, Mediator
from chenyue.people import personal
from chenyue.people.models import Member
from chenyue.timeline import actions as timeline

SUBJECT = "office:mediation"
MEDIATORS = "mediation.mediators"  # names for lists, held in memory
FEWEST, MOST = 3, 9  # members of a committee: 人民调解法 8
TERM = 3  # years: 人民调解法 9
SOON = timedelta(days=60)
DRAWN = 10  # skills, dialects


def _only_managers(by: Actor) -> None:
    if by.kind != "system" and (by.kind != "member" or by.user is None or not seeing.manages(by.user)):
        raise NotAllowed


def _record(verb: str, by: Actor, at: datetime, **data: Any) -> None:
    timeline.record(subject=SUBJECT, verb=f"mediation.{verb}", by=by, at=at, data=data)


def save_committee(
    *, details: Mapping[str, Any], by: Actor, at: datetime, committee: Committee | None = None
) -> Committee:
    """Add or change a committee: name, unit_id, address, phone, file_mark, since, until, active. Raises Refusal."""
    _only_managers(by)
    with transaction_of_its_own():
        row = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk) if committee else Committee()
        row.name = acts.words(details.get("name", ""), "name", needed=True, most=80)
        if Committee.objects.filter(name=row.name).exclude(pk=row.pk).exists():
            raise Refusal(_("A committee of this name exists already."), field="name", code="taken")
        row.unit_id = details.get("unit_id") or None
        for name, most in (("address", 120), ("phone", 40), ("file_mark", 20)):
            setattr(row, name, acts.words(details.get(name, ""), name, most=most))
        row.since, row.until = details.get("since"), details.get("until")
        row.active = bool(details.get("active", True))
        if row.since and row.until and row.until <= row.since:
            raise Refusal(_("The last day lies before the first."), field="until", code="order")
        row.save()
        _record("committee_saved", by, at, name=row.name)
    return row


@dataclass(frozen=True)
class MediatorData:
    """What is known of a mediator. `hired`: by the committee, else a member of it (art. 13)."""

    committee_id: int
    name: str
    member_id: int | None = None
    gender: str = ""
    hired: bool = False
    home_id: int | None = None
    employer: str = ""
    skills: Sequence[str] = ()
    dialects: Sequence[str] = ()
    since: date | None = None
    until: date | None = None


def save_mediator(*, data: MediatorData, by: Actor, at: datetime, mediator: Mediator | None = None) -> Mediator:
    """Add or change a mediator. One person is entered once; a member has at most one row. Raises Refusal."""
    _only_managers(by)
    with transaction_of_its_own():
        row = Mediator.objects.select_for_update(of=("self",)).get(pk=mediator.pk) if mediator else Mediator()
        name = personal.name(data.name)[:40]
        if not name:
            raise Refusal(_("A mediator needs a name."), field="name", code="empty")
        if data.since and data.until and data.until < data.since:
            raise Refusal(_("The last day lies before the first."), field="until", code="order")
        if data.member_id and Mediator.objects.filter(member=data.member_id).exclude(pk=row.pk).exists():
            raise Refusal(_("This member is on the register already."), field="member", code="taken")
        row.committee_id, row.name, row.member_id = data.committee_id, name, data.member_id
        row.gender, row.hired, row.home_id = data.gender[:4], data.hired, data.home_id
        row.employer = acts.words(data.employer, "employer", most=80)
        row.skills, row.dialects = _several(data.skills), _several(data.dialects)
        row.since, row.until = data.since, data.until
        row.save()
        snapshots.bump(MEDIATORS)
        _record("mediator_saved", by, at, mediator=row.pk, name=row.name)
    return row


def _several(words: Sequence[str]) -> list[str]:
    return [word for word in dict.fromkeys(text.clean(word)[:20] for word in words) if word][:DRAWN]


def revoke(*, mediator: Mediator, why: str, by: Actor, at: datetime) -> Mediator:
    """罢免 or 解聘 (art. 15): appointed to nothing any more, and no longer in what they were appointed to."""
    from chenyue.mediation.appointing import end_appointment

    reason = acts.words(why, "why", needed=True, most=200)
    _only_managers(by)
    with transaction_of_its_own():
        row = Mediator.objects.select_for_update(of=("self",)).get(pk=mediator.pk)
        if row.revoked_on is None:
            row.revoked_on, row.revoked_why = acts.local_day(at), reason
            row.save(update_fields=["revoked_on", "revoked_why"])
            _record("mediator_revoked", by, at, mediator=row.pk, name=row.name, words=reason)
            for one in Appointment.objects.filter(mediator=row, until=None).order_by("pk"):
                end_appointment(appointment=one, why="revoked", by=by, at=at)
    return row


def declare_tie(
    *, mediator: Mediator, tie: str, name: str, phone: str = "", id_number: str = "", words: str = "", by: Actor,
    at: datetime,
) -> DeclaredTie:  # fmt: skip
    """Somebody a mediator is close to, told beforehand: found again when that person is a party.

    By the mediator themselves, or who keeps the register.
    """
    if not (by.user is not None and by.user.pk == mediator.member_id):
        _only_managers(by)
    acts.one_of(Tie.values, tie, "tie")
    shown = personal.name(name)
    if not shown:
        raise Refusal(_("Whom is it about?"), field="name", code="empty")
    with transaction_of_its_own():
        row = DeclaredTie.objects.create(
            mediator=mediator, tie=tie, name=shown, name_index=personal.name_index(shown), at=at,
            id_index=id_print(personal.id_number(id_number)),
            phone_index=phone_print(personal.phone(phone)), words=acts.words(words, "words", most=60),
        )  # fmt: skip
        _record("tie_declared", by, at, mediator=mediator.pk, name=mediator.name, tie=tie)
    return row


def drop_tie(*, tie: DeclaredTie, by: Actor, at: datetime) -> None:
    """It was entered by mistake, or is over."""
    if not (by.user is not None and by.user.pk == tie.mediator.member_id):
        _only_managers(by)
    with transaction_of_its_own():
        _record("tie_dropped", by, at, mediator=tie.mediator_id, name=tie.mediator.name, tie=tie.tie)
        tie.delete()


def warnings(committee: Committee, mediators: Sequence[Mediator], today: date) -> list[Sentence]:
    """What the Act asks of a committee and this one lacks; said, never enforced."""
    members = [one for one in mediators if not one.hired and one.revoked_on is None]
    found: list[Sentence] = []
    if not FEWEST <= len(members) <= MOST:
        found.append(_("A committee has three to nine members (art. 8); this one has %(n)d.") % {"n": len(members)})
    if members and not any(one.gender == "女" for one in members):
        found.append(_("There is no woman among its members (art. 8)."))
    if committee.since is None or committee.until is None:
        found.append(_("Its term isn't entered (three years, art. 9)."))
    else:
        if committee.until < today:
            found.append(_("Its term ended on %(day)s (art. 9).") % {"day": committee.until.isoformat()})
        elif committee.until - today <= SOON:
            found.append(_("Its term ends soon, on %(day)s.") % {"day": committee.until.isoformat()})
        if committee.until > _years_later(committee.since):
            found.append(_("Its term is longer than three years (art. 9)."))
    return found


def _years_later(day: date) -> date:
    try:
        return day.replace(year=day.year + TERM)
    except ValueError:  # 29 February
        return day.replace(year=day.year + TERM, day=28)


def available(mediation: Mediation, on: date) -> QuerySet[Mediator]:
    """Mediators who can be appointed here: of any active committee, in their term, not revoked, not appointed yet."""
    rows = Mediator.objects.filter(committee__active=True, revoked_on=None).select_related(
        "committee", "home", "member"
    )
    rows = rows.exclude(until__lt=on).exclude(since__gt=on)
    return rows.exclude(appointments__in=Appointment.objects.filter(mediation=mediation.pk, until=None))


def members_to_choose() -> QuerySet[Member]:
    """Members who may be mediators."""
    return Member.objects.filter(is_active=True).order_by("name", "pk")
