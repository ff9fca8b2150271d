"""Boards for staff: the whole office's, a community's, a unit's; each number opens the list behind it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chenyue.core.acting import now, page
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.insight import boards, screens, seeing
from chenyue.insight.forms_boards import ShowForm
from chenyue.insight.lifecycle import Axis
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may


@staff_only(seeing.SEE)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board that was asked for, or one's own; what one may not see isn't there."""
    member = member_of(request)
    own = reached(seeing.reach(member))
    if not own:
        raise NotAllowed
    show = request.GET.get("show", own[0][0])
    if show not in dict(own) or (whose := boards.subject(show)) is None:
        raise NotFound
    context: dict[str, Any] = {"board": boards.board(whose, now()), "manages": may(member, screens.WORD)}
    context["choose"] = ShowForm(own, initial={"show": show}) if len(own) > 1 else None
    return page(request, "insight/boards/board.html", context)


def reached(reach: seeing.Reach) -> list[tuple[str, str]]:
    """The boards that somebody sees: what each shows, and whose it is."""
    found = boards.subjects()
    if reach.whole:
        return found
    own = {f"community:{key}" for key in reach.keys(Axis.COMMUNITY) or ()}
    own |= {f"unit:{key}" for key in reach.keys(Axis.LEAD) or ()}
    return [row for row in found if row[0] in own]
