"""Taking a dispute in: from a case, from an application that somebody takes down, or handed over by a body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases import intake
from chenyue.cases.doors import transaction_of_its_own
from chenyue.cases.lifecycle import ENDED as CASE_ENDED
from chenyue.cases.lifecycle import State
from chenyue.cases.models import Case, Channel
from chenyue.core import ids, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import acts, casework, notices, seeing
from chenyue.mediation.lifecycle import OPEN, Dispute, Side, Source
from chenyue.mediation.models import Committee, Mediation, Party
from chenyue.mediation.parties import PartyData, save_party
from chenyue.people.models import Member
from chenyue.people.rules import may as holds
from chenyue.timeline.models import VisibleTo

HANDED_OVER = (Source.POLICE, Source.COURT, Source.PETITION, Source.GOVERNMENT)


@dataclass(frozen=True)
class Told:
    """What is written down of a dispute. `requests`: what is asked for, one a line."""

    title: str
    dispute: str = Dispute.OTHER
    source: str = Source.APPLICATION
    source_body: str = ""
    source_number: str = ""
    facts: str = ""
    requests: str = ""
    oral: bool = False


def may_open(member: Member) -> bool:
    """Whether this member takes disputes in: who runs mediation, and mediators."""
    return holds(member, seeing.MANAGE) or holds(member, seeing.CONDUCT)


def take_down(
    *, told: Told, parties: Sequence[PartyData], by: Actor, at: datetime, place_id: int | None = None
) -> Mediation:
    """An application, oral or written, in one go: the appeal is filed, its case opened, the mediation from that case.

    Raises Refusal at the field that is wrong; nothing is kept then.
    """
    _only_who_opens(by)
    with transaction_of_its_own():
        first = parties[0] if parties else PartyData()
        channel = Channel.RECEPTION if told.oral else Channel.PAPER
        words = "\n".join(part for part in (told.facts, told.requests) if part.strip())
        filed = intake.file_appeal(
            words=words, channel=channel, title=told.title, by=by, at=at, place_id=place_id, taken_by=by.user,
            reporter=intake.ReporterData(name=first.name, phone=first.phone), consent_contact=bool(first.phone),
        )  # fmt: skip
        return open_mediation(case=filed.case, told=told, parties=parties, by=by, at=at)


def with_reporter(case: Case, parties: Sequence[PartyData]) -> list[PartyData]:
    """The parties, with who told the case as applicant where none is named; not who asked for confidentiality."""
    if any(party.side == Side.APPLICANT for party in parties):
        return list(parties)
    first = case.appeals.select_related("reporter").order_by("pk").first()
    who = first.reporter if first is not None and not first.confidential else None
    if who is None or not who.name or who.erased_at or who.locked_at:
        return list(parties)
    told = PartyData(side=Side.APPLICANT, name=who.name, phone=who.phone, address=who.address, dialect=who.dialect)
    return [told, *parties]


def _only_who_opens(by: Actor) -> None:
    if by.kind != "system" and (by.kind != "member" or by.user is None or not may_open(by.user)):
        raise NotAllowed


def open_mediation(
    *, case: Case, told: Told, parties: Sequence[PartyData], by: Actor, at: datetime,
    committee: Committee | None = None,
) -> Mediation:  # fmt: skip
    """A mediation of this case, to be screened. The caller has found the case as one this member may see.

    Raises Refusal at the field that is wrong, or for a case that has ended.
    """
    _only_who_opens(by)
    with transaction_of_its_own():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if State(case.state) in CASE_ENDED:
            raise Refusal(_("This case has ended. Reopen it first, or take the application down anew."), code="ended")
        row = _cleaned(told)
        row.case, row.place_id, row.community_id = case, case.place_id, case.community_id
        row.committee = committee or _committee_of(case)
        year = timezone.localtime(at).year
        row.number = f"M{year}-{ids.next_value(f'mediation:{year}'):04d}"
        row.stage_at = row.made_at = at
        row.made_by = by.user if by.kind == "member" else None
        row.save(force_insert=True)
        snapshots.bump(casework.SNAPSHOT)
        data = {"case": case.number, "source": row.source}
        acts.record(row, "opened", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        for data_of in parties:
            if data_of.name.strip():
                _save_party(row, data_of, by, at)
        notices.opened(row, at)
    return row


def _save_party(row: Mediation, data: PartyData, by: Actor, at: datetime) -> None:
    """A party that comes with the application: who takes it down needn't be appointed yet."""
    from chenyue.core.actors import SYSTEM

    save_party(mediation=row, data=data, by=by if by.user and holds(by.user, seeing.MANAGE) else SYSTEM, at=at)


def _cleaned(told: Told) -> Mediation:
    acts.one_of(Dispute.values, told.dispute, "dispute")
    acts.one_of(Source.values, told.source, "source")
    body = acts.words(told.source_body, "source_body", most=80, needed=told.source in HANDED_OVER)
    return Mediation(
        title=acts.words(told.title, "title", needed=True, most=80), dispute=told.dispute, source=told.source,
        source_body=body, source_number=acts.words(told.source_number, "source_number", most=60),
        facts=acts.words(told.facts, "facts", needed=True), requests=acts.words(told.requests, "requests"),
        oral=told.oral,
    )  # fmt: skip


def _committee_of(case: Case) -> Committee:
    """The committee of the case's community, else the first that is active. Raises Refusal where there is none."""
    rows = Committee.objects.filter(active=True)
    own = rows.filter(unit__community=case.community_id).first() if case.community_id else None
    found = own or rows.filter(unit__community=None).first() or rows.first()
    if found is None:
        raise Refusal(
            _("No mediation committee is on record yet. Enter it first, under “Committees and mediators”."),
            code="no_committee",
        )
    return found


def save_told(*, mediation: Mediation, told: Told, version: int | None, by: Actor, at: datetime) -> Mediation:
    """Change what is written down of the dispute itself; the case keeps its own words."""
    with acts.locked(mediation, version) as row:
        seeing.check(by, row, "manage", "conduct")
        if row.stage not in OPEN:
            raise Refusal(_("This mediation has ended: nothing of it is changed any more."), code="ended")
        new = _cleaned(told)
        names = ("title", "dispute", "source", "source_body", "source_number", "facts", "requests", "oral")
        changed = [name for name in names if getattr(row, name) != getattr(new, name)]
        for name in changed:
            setattr(row, name, getattr(new, name))
        if changed:
            acts.touch(row, *changed)
            acts.record(row, "told_anew", by=by, at=at, data={"fields": changed})
    return row


def same_matter(mediation: Mediation) -> QuerySet[Mediation]:
    """Other mediations that go on and may be about the same matter: the same case, or the same two sides."""
    parties = Party.objects.filter(mediation=mediation.pk, left_at=None)
    names = set(parties.values_list("name_index", flat=True)) - {""}
    of_case = [mediation.case_id, *Case.objects.filter(joined_into=mediation.case_id).values_list("pk", flat=True)]
    same = Q(case__in=of_case) | Q(case__joined_into__in=of_case)
    if len(names) > 1:
        both = Party.objects.filter(left_at=None, name_index__in=names).exclude(mediation=mediation.pk)
        held: dict[int, set[str]] = {}
        for pk, name in both.values_list("mediation_id", "name_index"):
            held.setdefault(pk, set()).add(name)
        same |= Q(pk__in=[pk for pk, found in held.items() if len(found) > 1])
    return Mediation.objects.filter(same, stage__in=OPEN).exclude(pk=mediation.pk).order_by("pk")


def day_of(at: datetime) -> date:
    """The day on the office's wall."""
    return acts.local_day(at)
