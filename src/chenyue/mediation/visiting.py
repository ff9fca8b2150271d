"""Visits afterwards (回访): the day after the first due date, after 30 and 180 days; each party for itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import acts, agree_telling, moments, seeing, signing, wording
from chenyue.mediation.lifecycle import AgreementState, Grade, VisitKind
from chenyue.mediation.models import Agreement, FollowUpVisit, Mediation, Party
from chenyue.mediation.parties import current_parties
from chenyue.timeline.models import VisibleTo

SIGNS = ("relapse", "escalation", "danger", "wrong")  # 反复, 激化, 隐患, 错调
MOST_TRIES = 3  # as for every callback: then it counts as tried


@signing.follow
def plan(row: Mediation, agreement: Agreement, by: Actor, at: datetime) -> None:
    """An agreement took effect: when each party is asked how it went."""
    if agreement.effect_on is None:
        return
    days = dict(_days(agreement, agreement.effect_on))
    FollowUpVisit.objects.bulk_create(
        FollowUpVisit(mediation=row, agreement=agreement, party=party, kind=kind, due_on=on)
        for party in current_parties(row)
        for kind, on in days.items()
    )


def _days(agreement: Agreement, effect: date) -> list[tuple[str, date]]:
    """The day after the first due day, and after so many days of effect."""
    dues = [p.due_on for one in wording.obligations(agreement) for p in one.instalments.all() if p.due_on]
    later: Sequence[int] = office.get("mediation_visit_days")
    found = [(VisitKind.FIRST_DUE.value, max(min(dues), effect) + timedelta(days=1))] if dues else []
    kinds = (VisitKind.DAYS_30.value, VisitKind.DAYS_180.value)
    return found + [(kind, effect + timedelta(days=n)) for kind, n in zip(kinds, later, strict=False)]


def waiting(mediation: Mediation) -> QuerySet[FollowUpVisit]:
    """Visits that haven't been made and may still be."""
    return FollowUpVisit.objects.filter(mediation=mediation.pk, made_at=None, tries__lt=MOST_TRIES)


def add(*, party: Party, on: date, by: Actor, at: datetime, agreement: Agreement | None = None) -> FollowUpVisit:
    """A visit at another time."""
    with acts.locked(party.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        if abs((on - acts.local_day(at)).days) > 3650:
            raise Refusal(_("Check the year."), field="on", code="year")
        made = FollowUpVisit.objects.create(
            mediation=row, agreement=agreement, party=party, kind=VisitKind.OTHER, due_on=on
        )
        moments.refresh(row)
    return made


def make(
    *, visit: FollowUpVisit, performed: bool | None, grade: str, by: Actor, at: datetime, signs: Sequence[str] = (),
    words: str = "", measures: str = "",
) -> FollowUpVisit:  # fmt: skip
    """A party was asked, or answered on its own page (`by` of kind `resident`). What it says, only it and staff read.

    Signs of a relapse, of escalation, danger or a wrong agreement need a measure. Raises Refusal, Conflict.
    """
    with acts.locked(visit.mediation_id) as row:
        own = by.kind == "resident"
        if own and by.key != acts.subject_of(visit.party_id):
            raise NotAllowed
        if not own:
            seeing.check(by, row, "conduct", "manage")
        now = FollowUpVisit.objects.select_for_update(of=("self",)).select_related("party").get(pk=visit.pk)
        if now.made_at is not None:
            raise Conflict
        now.grade = acts.one_of(Grade.values, grade, "grade")
        now.signs = [] if own else [acts.one_of(SIGNS, sign, "signs") for sign in dict.fromkeys(signs)]
        now.words = acts.words(words, "words", most=2000)
        now.measures = acts.words("" if own else measures, "measures", needed=bool(now.signs), most=1000)
        now.performed, now.made_at, now.made_by, now.by_party = performed, at, by.user, own
        now.save()
        acts.record_for(now.party, "visited", by=by, at=at, data={"kind": now.kind, "grade": now.grade})
        acts.record(row, "visited", by=by, at=at, data={"kind": now.kind}, visible_to=VisibleTo.OFFICE)
        if own and (now.grade == Grade.DISSATISFIED or performed is False):
            said = _("%(title)s: a party isn't content with how it went on.") % {"title": row.title}
            agree_telling.mediators(row, said, f"visit:{now.pk}", at, page="performance", urgent=True)
        moments.refresh(row)
    return now


def tried(*, visit: FollowUpVisit, by: Actor, at: datetime) -> FollowUpVisit:
    """Nobody could be asked: once more tomorrow; after the third time it counts as tried."""
    with acts.locked(visit.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        now = FollowUpVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if now.made_at is not None or now.tries >= MOST_TRIES:
            raise Conflict
        now.tries += 1
        now.due_on, now.told_at = acts.local_day(at) + timedelta(days=1), None
        now.save(update_fields=["tries", "due_on", "told_at"])
        acts.record(row, "visit_tried", by=by, at=at, data={"kind": now.kind})
        moments.refresh(row)
    return now


@moments.source
def next_visit(mediation: Mediation) -> list[moments.Moment]:
    """The day of the earliest visit that is waited for."""
    day = waiting(mediation).order_by("due_on").values_list("due_on", flat=True).first()
    return [(moments.closing_of(day), "visit")] if day else []


def tell(pk: int, at: datetime) -> bool:
    """Tell the mediators once that a visit is due."""
    rows = FollowUpVisit.objects.filter(pk=pk, made_at=None, told_at=None, due_on__lte=acts.local_day(at))
    rows = rows.filter(tries__lt=MOST_TRIES).exclude(agreement__state=AgreementState.VOID)
    if not rows.update(told_at=at):
        return False
    visit = FollowUpVisit.objects.select_related("mediation__committee").get(pk=pk)
    said = _("%(title)s: a party is to be asked how it went.") % {"title": visit.mediation.title}
    key = f"visit:{pk}:{visit.tries}"
    agree_telling.mediators(visit.mediation, said, key, at, page="performance")
    return True
