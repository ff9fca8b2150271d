"""Small pains: the list, one of them with a decision, and a look now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.insight import deciding, keeping, pains_shown, seeing
from chenyue.insight import pains as looking
from chenyue.insight.forms_pains import DecideForm
from chenyue.insight.lifecycle import PainKind
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for


@staff_only(seeing.SEE)
@require_GET
def pains(request: HttpRequest) -> HttpResponse:
    """What was found, by kind and state, and how it is tested."""
    member = member_of(request)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "open")
    state = state if state in pains_shown.STATES else "open"
    kind = kind if kind in PainKind.values else ""
    context: dict[str, Any] = {"page": pains_shown.listed(member, kind, state, request.GET.get("cursor", ""))}
    context |= {"kinds": PainKind.choices, "kind": kind, "states": pains_shown.STATES.items(), "state": state}
    context |= {"counts": pains_shown.counts(member), "runs": pains_shown.runs()}
    return page(request, "insight/pains/list.html", context | {"manages": may(member, deciding.MANAGE)})


@staff_only(deciding.MANAGE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look now, in a process beside this one."""
    by, at = member_of(request).actor(), now()
    said = _("The look has begun. Its findings come within some minutes; this page may be left.")
    acted(request, "insight.look", lambda: looking.look_now(by=by, at=at), said)
    return see_other("insight:pains")


@staff_only(seeing.SEE)
@require_http_methods(["GET", "POST"])
def pain(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding, and what is decided about it."""
    member, at = member_of(request), now()
    row, manages = pains_shown.pain_for(member, pk), may(member, deciding.MANAGE)
    if request.method == "POST" and not manages:
        raise NotAllowed
    form = DecideForm(posted(request), state=row.state, initial={"version": row.version})
    if form.is_valid():
        typed = form.cleaned_data

        def act() -> None:
            deciding.decide(pain=row, by=member.actor(), at=at, **typed)

        if done(request, "insight.decide", form, act) is not None:
            return see_other("insight:pain", pk)
    context: dict[str, Any] = {"pain": row, "shown": pains_shown.shown(row, member, timezone.localtime(at).date())}
    context |= {"history": entries(deciding.subject_of(row), visible_for("office")), "manages": manages}
    context |= {
        "projects": list(row.projects.order_by("-pk")),
        "grows": keeping.comes_back(row.decided_count or row.count),
    }
    return page(request, "insight/pains/pain.html", context, form=form)
