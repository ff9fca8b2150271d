"""Single papers as of now: to be signed, sent or looked at before a dossier is made; and the pack for the court."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from chenyue.core import papers
from chenyue.core.errors import NotFound
from chenyue.mediation.dossier import binding, contents, forms, papermaking
from chenyue.mediation.dossier.contents import Item
from chenyue.mediation.dossier.gathering import opening, proofs, results
from chenyue.mediation.dossier.gathering.matter import Matter
from chenyue.mediation.lifecycle import ConfirmationState, Form, MeetingState, ObligationState, Stage
from chenyue.mediation.models import Agreement, Mediation, Meeting

LATE = (ObligationState.OVERDUE, ObligationState.BROKEN)
PACKED = ("confirmation", "confirming", "agreement", "oral", "identity", "authority")


def found(mediation: Mediation, at: datetime, contact: str = "") -> list[Item]:
    """Every paper that there is something to say on now. `contact`: whom notices name for questions."""
    with translation.override("zh-hans"):
        return list(_found(Matter(mediation, at, contact), contact))


def _found(matter: Matter, contact: str) -> Iterator[Item]:
    items = contents.items(matter)
    if matter.mediation.stage in (Stage.SCREENING, Stage.CONSENT) and not any(i.code == "rights" for i in items):
        items.append(Item("rights", opening.rights(matter)))
    yield from items
    for one in matter.unsigned:
        yield contents.agreed(matter, one, str(one.get_state_display()))
    for one in matter.standing:
        yield from _to_court(matter, one)
        yield from _unkept(matter, one)
        if one.original_lost_at and one.form == Form.WRITTEN:
            yield Item("certified", results.certified(matter, one), part=str(one.number))
    yield from _notices(matter, contact)
    yield from contents.last(matter, [], 0)


def _to_court(matter: Matter, one: Agreement) -> Iterator[Item]:
    """The application to the court, before it is made."""
    held = getattr(one, "confirmation", None)
    if held and held.state == ConfirmationState.OPEN:
        yield from contents.confirmed(matter, one, held)


def _unkept(matter: Matter, one: Agreement) -> Iterator[Item]:
    """What those are told who are still owed something."""
    owed = {
        row.creditor
        for row in one.obligations.all()
        if row.creditor and any(part.state in LATE for part in row.instalments.all())
    }
    for party in sorted(owed, key=lambda party: party.order):
        title = f"{forms.ALL['unperformed'].title}（{party.name}）"
        yield Item(
            "unperformed", results.unperformed(matter, one, party.name), title, part=f"{one.number}-{party.order}"
        )


def _notices(matter: Matter, contact: str) -> Iterator[Item]:
    rows = Meeting.objects.filter(mediation=matter.mediation, state=MeetingState.PLANNED).order_by(
        "starts_at", "number"
    )
    people = ("attendances__party", "attendances__representative__parties", "attendances__invitation__unit")
    for meeting in rows.prefetch_related(*people):
        for row in sorted(meeting.attendances.all(), key=lambda row: row.pk):
            if row.appointment_id is None:
                to = row.party.name if row.party else proofs.called(row)
                title = f"{forms.ALL['notice'].title}（{to}）"
                data = proofs.notice(matter, meeting, to, contact)
                yield Item("notice", data, title, meeting, part=f"{meeting.number}-{row.pk}")


def one(mediation: Mediation, key: str, at: datetime, contact: str = "") -> Item:
    """The paper of this key (`minutes-2`). Raises NotFound."""
    for item in found(mediation, at, contact):
        if item.key == key:
            return item
    raise NotFound


def paper(item: Item, kind: str, at: datetime) -> papers.Paper:
    """It as `pdf` or `word`. Raises Refusal, TooSlow."""
    return papermaking.paper(item.code, item.data, kind, at)


def pack(mediation: Mediation, number: int, at: datetime) -> papers.Paper:
    """What goes to the court with agreement `number`, as one PDF with its scans. Raises NotFound, TooSlow."""
    with translation.override("zh-hans"):
        items = [i for i in _found(Matter(mediation, at), "") if i.code in PACKED]
    about = (str(number), "")
    items = [i for i in items if i.code in ("identity", "authority") or i.part in about]
    if not any(item.code == "confirmation" for item in items):
        raise NotFound
    items.sort(key=lambda item: PACKED.index(item.code))
    parts = [part for item in items for part in binding.with_scans(item)]
    binding.press(parts, at)
    binding.number_through(parts)
    return binding.bound(parts, f"司法确认材料 {mediation.number}", at)
