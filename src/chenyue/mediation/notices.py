"""What is told about mediations: lines on desks of who mediates and who runs it. Never a party's name."""

from collections.abc import Collection
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases.lifecycle import MOVE_WORDS, Move
from chenyue.mediation.models import Appointment, Committee, Mediation, Mediator
from chenyue.mediation.seeing import MANAGE
from chenyue.notify.actions import notice
from chenyue.people.queries import members_with


def mediating(mediation: Mediation) -> list[int]:
    """Members who mediate or record here now."""
    rows = Appointment.objects.filter(mediation=mediation.pk, until=None, mediator__member__is_active=True)
    return list(rows.order_by("pk").values_list("mediator__member", flat=True))


def managing() -> list[int]:
    """Members who run mediation."""
    return [member.pk for member in members_with(MANAGE)]


def handling(mediation: Mediation) -> list[int]:
    """Who mediates; while nobody does, who runs mediation."""
    return mediating(mediation) or managing()


def _page(mediation: Mediation, name: str = "mediation:one") -> str:
    return reverse(name, args=[mediation.number])


def tell(
    mediation: Mediation, who: Collection[int], text: str, key: str, at: datetime,
    *, page: str = "mediation:one", urgent: bool = False,
) -> None:  # fmt: skip
    """A line about a mediation; once for each `key` and member."""
    notice(who, text, _page(mediation, page), f"mediation:{mediation.number}:{key}", at, urgent=urgent)


def _of(mediation: Mediation) -> dict[str, str]:
    return {"number": mediation.number, "title": mediation.title}


def opened(mediation: Mediation, at: datetime) -> None:
    """Somebody has to screen it."""
    tell(mediation, managing(), _("To be screened: %(number)s, %(title)s.") % _of(mediation), "opened", at)


def appointed(mediation: Mediation, mediator: Mediator, at: datetime) -> None:
    """A mediator hears of their appointment."""
    if mediator.member_id:
        said = _("You mediate %(number)s, %(title)s.") % _of(mediation)
        tell(mediation, [mediator.member_id], said, f"appointed:{mediator.pk}:{at:%Y%m%d%H%M}", at)


def refused(mediation: Mediation, at: datetime) -> None:
    """A party refuses, or took its consent back: stop (art. 17)."""
    said = _("A party refuses, stop mediating: %(number)s, %(title)s.") % _of(mediation)
    tell(mediation, [*mediating(mediation), *managing()], said, f"refused:{at:%Y%m%d%H%M}", at, urgent=True)


def objected(mediation: Mediation, at: datetime) -> None:
    """A party doesn't want a mediator: who runs mediation replaces them."""
    said = _("A party objects to a mediator of %(number)s, %(title)s: appoint another.") % _of(mediation)
    tell(mediation, managing(), said, f"objected:{at:%Y%m%d%H%M}", at, page="mediation:mediators", urgent=True)


def due(mediation: Mediation, late: bool, at: datetime) -> None:
    """The day by which it is to end comes near, or has passed."""
    said = (
        _("Past its day, ask every party whether they want more time, or end it: %(number)s, %(title)s.")
        if late
        else _("To be ended within three days: %(number)s, %(title)s.")
    )
    who = mediating(mediation) + (managing() if late else [])
    tell(mediation, who, said % _of(mediation), f"due:{mediation.due_on}:{late}", at, urgent=late)


def unanswered(mediation: Mediation, at: datetime) -> None:
    """Parties were asked a week ago and more, and have not answered."""
    said = _("Parties have not answered for a week: %(number)s, %(title)s.") % _of(mediation)
    tell(mediation, handling(mediation), said, f"unanswered:{at:%G%V}", at, page="mediation:people")


def risk(mediation: Mediation, pk: int, at: datetime, *, again: bool = False) -> None:
    """A danger was written down and nobody has told the police or the community yet (art. 25)."""
    said = _("A danger is on record and nobody outside has been told: %(number)s, %(title)s.") % _of(mediation)
    key = f"risk:{pk}:{at:%Y%m%d%H}" if again else f"risk:{pk}"
    tell(mediation, [*mediating(mediation), *managing()], said, key, at, page="mediation:risks", urgent=True)


def case_moved(mediation: Mediation, case: str, move: Move, at: datetime) -> None:
    """The case was moved by hand while it is mediated."""
    said = _("Case %(case)s was moved (%(move)s) while %(number)s is mediated.") % {
        "case": case, "move": MOVE_WORDS[move], "number": mediation.number,
    }  # fmt: skip
    tell(mediation, handling(mediation), said, f"case:{case}:{move}:{at:%Y%m%d%H%M}", at)


def case_left(mediation: Mediation, case: str, at: datetime) -> None:
    """The case could not be moved by itself: a person has to."""
    said = _("Case %(case)s could not follow its mediation %(number)s. Move it by hand.") % {
        "case": case, "number": mediation.number,
    }  # fmt: skip
    notice(managing(), said, reverse("desk:case", args=[case]), f"mediation:{mediation.number}:left:{at:%Y%m%d%H}", at)


def term(committee: Committee, until: date, at: datetime) -> None:
    """A committee's term ends soon (art. 9)."""
    said = _("The term of %(name)s ends on %(day)s: have its members chosen anew.") % {
        "name": committee.name, "day": until.isoformat(),
    }  # fmt: skip
    notice(managing(), said, reverse("mediation:committees"), f"committee:{committee.pk}:{until}", at)
