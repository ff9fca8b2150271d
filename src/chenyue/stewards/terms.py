"""Terms: who answers for which building from when to when, and what that lets them see.

The order of locks is: building, then term. A term gives its steward a grant at the building while it holds.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import office, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people import actions as people
from chenyue.people.models import Member, Role
from chenyue.people.rules import may
from chenyue.places.models import Kind, Place
from chenyue.stewards import notices
from chenyue.stewards.lifecycle import EndReason, StewardState, TermRole
from chenyue.stewards.models import HandOver, Steward, Term
from chenyue.stewards.queries import RECORD, day_of
from chenyue.timeline.actions import record

WORD = "steward.manage"
AHEAD = timedelta(days=366)  # how far ahead a term may be set to begin
LONGEST_WORDS = 2000


def allowed(by: Actor) -> None:
    """Refuse whoever doesn't appoint stewards; the system may."""
    if by.kind != "system" and not (by.kind == "member" and may(by.user, WORD)):
        raise NotAllowed


@transaction.atomic
def begin_term(
    *, steward: Steward, building: Place, role: str, since: date, by: Actor, at: datetime, until: date | None = None
) -> Term:
    """Let a steward answer for a building. Gives them the office's role for stewards there, once the day has come.

    Raises Conflict, naming who is there, if the building has a steward (or deputy, or a substitute in these days)
    already; Refusal where it can't be; NotAllowed.
    """
    allowed(by)
    building = Place.objects.select_for_update().get(pk=building.pk)
    steward = Steward.objects.select_for_update().get(pk=steward.pk)
    today = day_of(at)
    _check_days(role, since, until, today)
    _check_building(building, steward, role)
    there = list(Term.objects.filter(building=building, ended_at=None).select_related("steward"))
    _check_free(there, building, steward, role, since, until)
    if role == TermRole.MAIN:
        _check_past(building, since)
        for own in there:  # the deputy moves up
            if own.steward_id == steward.pk and own.role == TermRole.DEPUTY:
                close(own, EndReason.OTHER, today, by, at)
    try:
        with transaction.atomic():
            term = Term.objects.create(
                steward=steward, building=building, role=role, since=since, until=until, made_by=_member(by), made_at=at
            )
    except IntegrityError as error:
        raise Conflict() from error
    if since <= today:
        give(term, by, at)
    if role == TermRole.MAIN:
        HandOver.objects.filter(building=building, begun=None).exclude(ended__steward=steward).update(begun=term)
    data = {"building": building.full_name, "role": str(role), "since": since.isoformat()}
    record(subject=steward.subject, verb="steward.term_begun", by=by, at=at, data=data | _until(until))
    snapshots.bump(RECORD)
    notices.begun(term, at)
    return term


def _until(until: date | None) -> dict[str, str]:
    return {"until": until.isoformat()} if until else {}


def _member(by: Actor) -> Member | None:
    return by.user if by.kind == "member" else None


def _check_days(role: str, since: date, until: date | None, today: date) -> None:
    if until is not None and until < since:
        raise Refusal(_("The last day lies before the first."), field="until")
    if until is not None and until < today:
        raise Refusal(_("These days are over."), field="until")
    if since > today + AHEAD:
        raise Refusal(_("That is more than a year ahead."), field="since")
    if role == TermRole.SUBSTITUTE and until is None:
        raise Refusal(_("Until when does somebody stand in?"), field="until")


def _check_building(building: Place, steward: Steward, role: str) -> None:
    if building.kind != Kind.BUILDING or not building.active:
        raise Refusal(_("Only a building that is in use can have a steward."), field="building")
    if steward.state == StewardState.ENDED:
        raise Refusal(_("%(name)s is no longer a steward.") % {"name": steward.name}, field="steward")
    told = {"name": steward.name, "building": building.full_name}
    if building.pk in steward.avoids:
        raise Refusal(_("%(name)s asked not to be given %(building)s.") % told, field="steward")
    if role == TermRole.MAIN and steward.most_buildings is not None:
        has = Term.objects.filter(steward=steward, role=TermRole.MAIN, ended_at=None).count()
        if has >= steward.most_buildings:
            told["n"] = str(steward.most_buildings)
            raise Refusal(_("%(name)s takes at most %(n)s buildings.") % told, field="steward")


TAKEN = {
    TermRole.MAIN.value: gettext_lazy(
        "%(building)s has a steward: %(name)s, since %(since)s. Hand the building over, or end that term first."
    ),
    TermRole.DEPUTY.value: gettext_lazy("%(building)s has a deputy: %(name)s, since %(since)s. End that first."),
    TermRole.SUBSTITUTE.value: gettext_lazy(
        "%(name)s stands in at %(building)s in these days already, from %(since)s on."
    ),
}


def _check_free(
    there: list[Term], building: Place, steward: Steward, role: str, since: date, until: date | None
) -> None:
    """Nobody else has the role there; and nobody is two things at once."""
    for term in there:
        told = {"building": building.full_name, "name": term.steward.name, "since": term.since.isoformat()}
        if term.steward_id == steward.pk:
            if term.role == TermRole.MAIN:
                raise Refusal(_("%(name)s answers for %(building)s already.") % told, field="steward")
            if term.role == TermRole.DEPUTY and role == TermRole.DEPUTY:
                raise Refusal(_("%(name)s is the deputy at %(building)s already.") % told, field="steward")
        if term.role == role and (role != TermRole.SUBSTITUTE or _overlap(term, since, until)):
            raise Conflict(str(TAKEN[role]) % told)


def _overlap(term: Term, since: date, until: date | None) -> bool:
    return (until is None or term.since <= until) and (term.until is None or term.until >= since)


def _check_past(building: Place, since: date) -> None:
    """A building never had two stewards on one day, but for the day on which it was handed over."""
    ended = Term.objects.filter(building=building, role=TermRole.MAIN, ended_at__isnull=False)
    last = ended.filter(until__gt=since, until__gte=F("since")).select_related("steward").order_by("-until").first()
    if last is not None and last.until is not None:
        told = {"name": last.steward.name, "until": last.until.isoformat()}
        raise Refusal(_("%(name)s answered for it until %(until)s.") % told, field="since")


def give(term: Term, by: Actor, at: datetime) -> None:
    """Give what the term lets its steward see, if they sign in. The role is the office's own choice."""
    if term.steward.member is None or term.grant_id is not None:
        return
    role = Role.objects.filter(code=office.get("steward_role")).first()
    if role is None:
        raise Refusal(_("The role that stewards are given doesn't exist. Choose it in the settings of stewards."))
    term.grant = people.give_grant(member=term.steward.member, role=role, place=term.building, by=by, at=at)
    term.save(update_fields=["grant"])


def take(term: Term, by: Actor, at: datetime) -> None:
    """Take it away again, unless another open term of theirs at the building still needs it."""
    grant, term.grant = term.grant, None
    term.save(update_fields=["grant"])
    if grant is not None and not Term.objects.filter(grant=grant, ended_at=None).exclude(pk=term.pk).exists():
        people.take_grant(grant=grant, by=by, at=at)


def close(term: Term, reason: str, on: date, by: Actor, at: datetime, words: str = "") -> None:
    """End a term after `on`, its last day; one that had not begun yet never was."""
    term.until = on if on >= term.since else term.since - timedelta(days=1)
    term.ended_at, term.end_reason = at, str(reason)
    term.save(update_fields=["until", "ended_at", "end_reason"])
    snapshots.bump(RECORD)
    take(term, by, at)
    data = {"building": term.building.full_name, "role": term.role, "until": term.until.isoformat()}
    data |= {"reason": str(reason)} | ({"words": words} if words else {})
    record(subject=term.steward.subject, verb="steward.term_ended", by=by, at=at, data=data)


@transaction.atomic
def end_term(
    *, term: Term, reason: str, by: Actor, at: datetime, words: str = "", on: date | None = None
) -> HandOver | None:
    """End a term after its last day `on` (default: today). A day ahead is noted, and the clock ends it then.

    For a building's own steward what goes to the next is opened as a hand-over, and given back; None for the others.
    What they could see at the building they see no more; what was told to them stays where it was told.
    Raises Conflict if it has ended already.
    """
    allowed(by)
    Place.objects.select_for_update().get(pk=term.building_id)
    term = Term.objects.select_for_update(of=("self",)).select_related("steward", "building", "grant").get(pk=term.pk)
    if term.ended_at is not None:
        raise Conflict(_("This term has ended already."))
    if reason not in EndReason.values:
        raise Refusal(_("Choose why the term ends."), field="reason")
    today = day_of(at)
    on = on or today
    if on > today + AHEAD:
        raise Refusal(_("That is more than a year ahead."), field="on")
    if on < today and on < term.since:
        raise Refusal(_("The last day lies before the first."), field="on")
    if on > today:
        _plan_end(term, str(reason), on, by, at)
    else:
        close(term, reason, on, by, at)
        notices.ended(term, at)
    return _open_hand_over(term, words[:LONGEST_WORDS], at) if term.role == TermRole.MAIN else None


def _plan_end(term: Term, reason: str, on: date, by: Actor, at: datetime) -> None:
    term.until, term.end_reason = on, reason
    term.save(update_fields=["until", "end_reason"])
    snapshots.bump(RECORD)
    data = {"building": term.building.full_name, "role": term.role, "until": on.isoformat(), "reason": reason}
    record(subject=term.steward.subject, verb="steward.term_planned_end", by=by, at=at, data=data)


def _open_hand_over(term: Term, words: str, at: datetime) -> HandOver:
    found, fresh = HandOver.objects.get_or_create(
        ended=term, defaults={"building": term.building, "made_at": at, "words": words}
    )
    if not fresh and words:
        found.words = words
        found.save(update_fields=["words"])
    return found


@transaction.atomic
def hand_on(
    *, term: Term, to: Steward, reason: str, by: Actor, at: datetime, words: str = ""
) -> tuple[Term, HandOver | None]:
    """A building goes from its steward to another one today, in one step: the new term and the hand-over."""
    if term.steward_id == to.pk:
        raise Refusal(_("That is the same steward."), field="to")
    opened = end_term(term=term, reason=reason, words=words, by=by, at=at)
    try:
        begun = begin_term(steward=to, building=term.building, role=TermRole.MAIN, since=day_of(at), by=by, at=at)
    except Refusal as refusal:
        if refusal.field == "steward":
            refusal.field = "to"
        raise
    if opened is not None:
        opened.refresh_from_db()
    return begun, opened


@transaction.atomic
def acknowledge(*, hand_over: HandOver, by: Actor, at: datetime) -> None:
    """The next steward (or who appoints stewards, in their name) says that everything was received."""
    taker = hand_over.begun.steward.member_id if hand_over.begun else None
    if by.kind != "member" or (by.key != str(taker) and not may(by.user, WORD)):
        raise NotAllowed
    if hand_over.begun is None:
        raise Refusal(_("Nobody has taken over yet."))
    changed = HandOver.objects.filter(pk=hand_over.pk, acknowledged_at=None).update(
        acknowledged_at=at, acknowledged_by=by.user
    )
    if not changed:
        raise Conflict(_("This was received already."))
    data = {"building": hand_over.building.full_name}
    record(subject=hand_over.begun.steward.subject, verb="steward.handed_over", by=by, at=at, data=data)
