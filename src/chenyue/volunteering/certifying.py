"""Certificates of voluntary service: asked for, shown inside the unit, issued by a second person, withdrawn.

Free and truthful (志愿服务条例 19); the fields and the notice of seven days or more are those of 民发〔2015〕149号. It
counts entries of the ledger that stand on the day it is issued, and says what the office itself recorded: nothing else.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids, limits, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people import personal
from chenyue.people.models import Member, Unit
from chenyue.people.rules import may as holds
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, certificate_paper, hours, persons, seeing, thresholds
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.lifecycle import CertificateState as State
from chenyue.volunteering.lifecycle import PleaState
from chenyue.volunteering.models import Certificate, HourEntry, Plea, Volunteer

BESIDE = ("volunteer__resident", "unit", "asked_by", "issued_by")
MOST_LINES = 30  # of what was done; more are put together
WAITING = (State.ASKED, State.NOTICE)
NAMES = limits.Limit("certificate-name", 10, timedelta(minutes=15))  # names tried by one address
TRIED = limits.Limit("certificate-tried", 30, timedelta(days=1))  # and at one certificate


def visible(member: Member) -> QuerySet[Certificate]:
    """Certificates that exist for this member: all, or those of the units they certify for."""
    rows = Certificate.objects.select_related(*BESIDE)
    if seeing.sees_all(member):
        return rows
    return rows.filter(unit__in=seeing.units_of(member, seeing.CERTIFY) or [])


def certificate_for(member: Member, pk: int) -> Certificate:
    """One of them. Raises NotFound."""
    row = visible(member).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def may_handle(by: Actor, row: Certificate) -> bool:
    """Whether this actor puts it on notice, issues or withdraws it: who certifies for the unit that issues it."""
    return by.kind == "member" and holds(by.user, seeing.CERTIFY, unit_ids=[row.unit_id])


def issuer() -> Unit:
    """The unit that issues where nobody names another. Raises NotFound in an office without one."""
    unit = Unit.objects.filter(code=office.get("centre_unit"), active=True).first()
    if unit is None:
        raise NotFound
    return unit


def lines(entries: Iterable[HourEntry]) -> list[dict[str, object]]:
    """What was done, put together by activity: title, first and last day, how often, minutes."""
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        title = entry.activity.title if entry.activity else entry.claim.words[:60]
        day, left = entry.served_on.isoformat(), int(getattr(entry, "left", entry.minutes))
        line = found.setdefault(title, {"title": title, "first": day, "last": day, "times": 0, "minutes": 0})
        line["last"], line["times"] = day, int(str(line["times"])) + 1
        line["minutes"] = int(str(line["minutes"])) + left
    rows = list(found.values())
    if len(rows) <= MOST_LINES:
        return rows
    rest = rows[MOST_LINES - 1 :]
    whole = {
        "title": "", "first": min(str(one["first"]) for one in rest), "last": max(str(one["last"]) for one in rest),
        "times": sum(int(str(one["times"])) for one in rest), "minutes": sum(int(str(one["minutes"])) for one in rest),
    }  # fmt: skip
    return [*rows[: MOST_LINES - 1], whole]


def ask(
    volunteer: Volunteer, *, from_on: date, until_on: date, by: Actor, at: datetime, unit: Unit | None = None,
    remarks: str = "",
) -> Certificate:  # fmt: skip
    """Ask for a certificate about the hours of these days. By the volunteer, or by staff who serve or certify.

    Raises NotAllowed; Refusal at its field for days in the future or in the wrong order, and `nothing` where no hours
    are; Conflict while one about the same days is being made.
    """
    if by.kind == "member" and unit is not None and holds(by.user, seeing.CERTIFY, unit_ids=[unit.pk]):
        pass
    else:
        seeing.check_for(by, volunteer.resident_id)
    if until_on < from_on:
        raise Refusal(_("It ends before it begins."), field="until_on", code="negative")
    if until_on > acts.local_day(at):
        raise Refusal(_("That day hasn't come yet."), field="until_on", code="future")
    words = acts.words(remarks, "remarks", most=300)
    with acts.locked(volunteer, None, "resident") as row:
        waiting = Certificate.objects.filter(
            volunteer=row, state__in=WAITING, from_on=from_on, until_on=until_on
        )  # fmt: skip
        if waiting.exists():
            raise Conflict(_("A certificate about these days is being made already."))
        made = Certificate(
            code=ids.token(), volunteer=row, unit=unit or issuer(), from_on=from_on, until_on=until_on, remarks=words,
            asked_at=at, asked_by=by.user, contact=office.get("phone"),
        )  # fmt: skip
        _count(made)
        made.save(force_insert=True)
        _say(made, "certificate_asked", by, at)
    return made


def _count(row: Certificate) -> None:
    """Count what stands now. Raises Refusal `nothing`."""
    entries = hours.standing(row.volunteer_id, row.from_on, row.until_on)
    if not entries:
        raise Refusal(_("No hours stand for these days."), field="from_on", code="nothing")
    row.minutes = sum(entry.left for entry in entries)  # type: ignore[attr-defined]
    row.content, row.entries = lines(entries), [entry.pk for entry in entries]


def put_on_notice(
    row: Certificate, *, head: str, clerk: str, contact: str, by: Actor, at: datetime, remarks: str = "",
    version: int | None = None,
) -> Certificate:  # fmt: skip
    """Count anew and show it inside the unit, for seven days or more, with the names of both who sign.

    Raises NotAllowed, Conflict for the wrong state, Refusal at its field: a name lacks, or one person would sign twice.
    """
    with acts.locked(row, version, *BESIDE) as held:
        _check(held, by)
        if held.state not in WAITING:
            raise Conflict
        held.head, held.clerk = _name(head, "head"), _name(clerk, "clerk")
        if personal.name_index(held.head) == personal.name_index(held.clerk):
            raise Refusal(_("Two people sign: who is responsible, and who handles it."), field="clerk", code="same")
        held.contact = acts.words(contact, "contact", needed=True, most=80)
        held.remarks = acts.words(remarks, "remarks", most=300)
        _count(held)
        held.state, held.notice_from = State.NOTICE, acts.local_day(at)
        held.notice_until = held.notice_from + timedelta(days=thresholds.now().notice_days)
        acts.touch(
            held, "head", "clerk", "contact", "remarks", "minutes", "content", "entries", "state", "notice_from",
            "notice_until",
        )  # fmt: skip
        _say(held, "certificate_notice", by, at, until=held.notice_until.isoformat())
    return held


def _name(typed: str, field: str) -> str:
    return acts.words(typed, field, needed=True, most=40)


def _check(held: Certificate, by: Actor) -> None:
    if not may_handle(by, held):
        raise NotAllowed
    persons.not_oneself(by, held.volunteer.resident, _("This certificate is about yourself: somebody else does it."))


def issue(row: Certificate, *, base: str, by: Actor, at: datetime, version: int | None = None) -> Certificate:
    """Give it its number and keep its paper's fingerprint; `base`: the address that its code opens.

    Raises NotAllowed; Refusal: before the notice is over, by who asked for it, while a complaint about one of its hours
    is open; Conflict where hours changed since the notice (it is put on notice anew).
    """
    with acts.locked(row, version, *BESIDE) as held:
        _check(held, by)
        if held.state != State.NOTICE or held.notice_until is None:
            raise Conflict
        if acts.local_day(at) <= held.notice_until:
            raise Refusal(
                _("It is on notice until %(day)s: the day after, it may be issued.") % {"day": held.notice_until},
                code="notice",
            )
        if held.asked_by_id == by.user.pk:
            raise Refusal(_("You asked for it: a second person issues it."), code="same_person")
        if Plea.objects.filter(entry__in=held.entries, state=PleaState.OPEN).exists():
            raise Refusal(_("A complaint about one of these hours is open: decide it first."), code="plea")
        before = (held.minutes, sorted(held.entries))
        _count(held)
        if before != (held.minutes, sorted(held.entries)):
            raise Conflict(_("The hours changed since it was put on notice. Put it on notice anew."))
        held.number = ids.dated_number("certificate", at, "Z")
        held.state, held.issued_at, held.issued_by = State.ISSUED, at, by.user
        held.sha256 = hashlib.sha256(certificate_paper.pdf(held, base)).hexdigest()
        acts.touch(held, "number", "state", "issued_at", "issued_by", "sha256")
        _say(held, "certificate_issued", by, at, number=held.number)
        telling.issued(held, at)
    return held


def end(row: Certificate, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Certificate:
    """Refuse one that is being made, or withdraw one that was issued: its page says so from then on."""
    why = acts.words(reason, "reason", needed=True, most=300)
    with acts.locked(row, version, *BESIDE) as held:
        _check(held, by)
        if held.state not in (*WAITING, State.ISSUED):
            raise Conflict
        withdrawn = held.state == State.ISSUED
        held.state = State.WITHDRAWN if withdrawn else State.REFUSED
        held.ended_at, held.reason = at, why
        acts.touch(held, "state", "ended_at", "reason")
        if withdrawn:
            _say(held, "certificate_withdrawn", by, at, number=held.number, said=why)
        else:
            _say(held, "certificate_refused", by, at, said=why)
    return held


def paper(row: Certificate, kind: str, *, base: str, by: Actor, at: datetime) -> bytes:
    """The paper as PDF or Word, with name and ID number; that it was made is written down.

    By the volunteer, or by staff who may see contact data and serve or handle it. Raises NotAllowed, NotFound for one
    that isn't issued, Refusal for somebody whose data is deleted or locked.
    """
    own = by.kind == "resident" and by.key == seeing.resident_actor(row.volunteer.resident).key
    staff = (
        by.kind == "member" and holds(by.user, "contact.see") and (may_handle(by, row) or holds(by.user, seeing.SERVE))
    )
    if not (own or staff):
        raise NotAllowed
    if row.state != State.ISSUED or kind not in ("pdf", "word"):
        raise NotFound
    resident = row.volunteer.resident
    if resident.erased_at or resident.locked_at:
        raise Refusal(_("This person's data has been deleted or locked."), code="locked")
    made = certificate_paper.pdf(row, base) if kind == "pdf" else certificate_paper.word(row, base)
    _say(row, "certificate_printed", by, at, number=row.number)
    return made


def public(code: str) -> Certificate:
    """The certificate behind a code, issued or withdrawn. Raises NotFound."""
    row = Certificate.objects.select_related(*BESIDE).filter(code=code).first()
    if row is None or row.number is None:
        raise NotFound
    return row


def names(row: Certificate, typed: str, address: str, at: datetime) -> bool:
    """Whether it was issued to this name. Raises Refusal where an address, or all together, tried too many names."""
    if not limits.passes([(NAMES, address), (TRIED, str(row.pk))], at):
        raise Refusal(_("Too many names were tried. Please telephone us."), field="name", code="flood")
    index = row.volunteer.resident.name_index
    return bool(index) and personal.name_index(typed) == index


def _say(row: Certificate, verb: str, by: Actor, at: datetime, *, said: str = "", **data: object) -> None:
    days = {"first": row.from_on.isoformat(), "last": row.until_on.isoformat()}
    held = {"minutes": row.minutes, "certificate": row.pk} | days | data
    acts.record(row.volunteer.subject, verb, by=by, at=at, data=held, visible_to=VisibleTo.RESIDENT, said=said)
