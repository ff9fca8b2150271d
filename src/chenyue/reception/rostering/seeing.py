"""Who may see the roster: those who take turns, who plan, and who keep the queue."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from chenyue.core.errors import NotAllowed
from chenyue.core.snapshots import Snapshot
from chenyue.people.http import staff_only
from chenyue.people.rules import may
from chenyue.reception.models import RosterPerson

V = TypeVar("V", bound=Callable[..., HttpResponse])
WORDS = ("reception.roster", "reception.serve")
SEES = "roster.see"  # asked by the navigation; no grant carries it


def _load() -> frozenset[int]:
    return frozenset(RosterPerson.objects.filter(active=True).values_list("member_id", flat=True))


on_roster: Snapshot[frozenset[int]] = Snapshot("roster", _load)


def sees(member: Any) -> bool:
    """Whether a member may see who receives when. Costs no statement of its own."""
    return any(may(member, word) for word in WORDS) or member.pk in on_roster.get()


def nav(member: Any, word: str) -> bool:
    """For the navigation: whether a member sees the door that asks for `SEES`."""
    return word == SEES and sees(member)


def roster_only(view: V) -> V:
    """Let in who may see the roster; others read "you may not do this"."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees(request.user):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return cast(V, staff_only()(inside))


def person_of(member: Any) -> RosterPerson | None:
    """The member as somebody who takes turns, if they do."""
    return RosterPerson.objects.select_related("member").filter(member_id=member.pk, active=True).first()


def acts(member: Any) -> dict[str, Any]:
    """What the pages of the roster offer this member."""
    return {"plans_allowed": may(member, "reception.roster")}
