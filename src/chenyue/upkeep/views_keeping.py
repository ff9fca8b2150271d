"""Staff pages of how long things are kept: the list, a trial of one kind, decisions, holds."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chenyue.core.acting import acted, done, now, page
from chenyue.core.http import actor, see_other
from chenyue.people.http import member_of, staff_only
from chenyue.upkeep.forms_keeping import AskForm, DaysForm, HoldForm
from chenyue.upkeep.keeping import deciding, showing
from chenyue.upkeep.keeping.deciding import WORD
from chenyue.upkeep.models import KeepHold, KeepRequest

MOST_DIGITS = 5


def _list(request: HttpRequest, form: HoldForm | None = None) -> HttpResponse:
    return page(request, "upkeep/keeping.html", showing.page() | {"hold_form": form or HoldForm()}, form=form)


@staff_only(WORD)
@require_safe
def keeping(request: HttpRequest) -> HttpResponse:
    """Every kind, after how many days it goes and why; what is held; what was removed."""
    return _list(request)


def _days(request: HttpRequest) -> int | None:
    """The days to try, from the address; None for what is no number."""
    typed = request.GET.get("days", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) <= MOST_DIGITS else None


def _one(request: HttpRequest, kind: str, form: DaysForm | None = None) -> HttpResponse:
    shown = showing.one(kind, _days(request), now())
    fresh: Any = AskForm if shown["kind"].asks else DaysForm
    member = member_of(request)
    waiting = shown["waiting"]
    more = {
        "days_form": form or fresh(initial={"days": shown["tried"]}),
        "own": waiting is not None and waiting.asked_by_id == member.pk,
        "alone": shown["kind"].asks and deciding.alone(member),
    }
    return page(request, "upkeep/keeping_kind.html", shown | more, form=form)


@staff_only(WORD)
@require_safe
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: what would go after so many days, counted now. Nothing is removed by looking."""
    return _one(request, kind)


@staff_only(WORD)
@require_POST
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose the days of what is tidied by night."""
    form = DaysForm(request.POST)
    if form.is_valid():

        def act() -> dict[str, Any]:
            deciding.choose(kind=kind, by=actor(request), at=now(), **form.cleaned_data)
            return {}

        if done(request, f"upkeep.keep-choose:{kind}", form, act) is not None:
            messages.success(request, _("Saved. It holds from the next night on."))
            return see_other("upkeep:keeping-kind", kind)
    return _one(request, kind, form)


@staff_only(WORD)
@require_POST
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask a second person to let this kind go."""
    form = AskForm(request.POST)
    if form.is_valid():

        def act() -> dict[str, Any]:
            deciding.ask(kind=kind, by=actor(request), at=now(), **form.cleaned_data)
            return {}

        if done(request, f"upkeep.keep-ask:{kind}", form, act) is not None:
            messages.success(request, _("Asked. Nothing is removed before a second person has agreed."))
            return see_other("upkeep:keeping-kind", kind)
    return _one(request, kind, form)


def _request(pk: int) -> KeepRequest:
    return get_object_or_404(KeepRequest, pk=pk)


@staff_only(WORD)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person says yes."""
    row = _request(pk)
    said = _("Agreed. The first part goes now, the rest hour by hour; the list says how many.")
    acted(request, f"upkeep.keep-agree:{pk}", lambda: deciding.agree(request=row, by=actor(request), at=now()), said)
    return see_other("upkeep:keeping-kind", row.kind)


@staff_only(WORD)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, or take one's own back."""
    row = _request(pk)
    act = lambda: deciding.refuse(request=row, by=actor(request), at=now())  # noqa: E731
    acted(request, f"upkeep.keep-refuse:{pk}", act, _("Everything stays as it was."))
    return see_other("upkeep:keeping-kind", row.kind)


@staff_only(WORD)
@require_POST
def stop(request: HttpRequest, kind: str) -> HttpResponse:
    """Nothing of this kind goes any more."""
    act = lambda: deciding.stop(kind=kind, by=actor(request), at=now())  # noqa: E731
    acted(request, f"upkeep.keep-stop:{kind}", act, _("Stopped. What is gone is gone; the rest stays."))
    return see_other("upkeep:keeping-kind", kind)


@staff_only(WORD)
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Hold a case or mediation."""
    form = HoldForm(request.POST)
    if form.is_valid():

        def act() -> dict[str, Any]:
            deciding.hold(by=actor(request), at=now(), **form.cleaned_data)
            return {}

        if done(request, "upkeep.keep-hold", form, act) is not None:
            messages.success(request, _("Held: nothing of it is removed."))
            return see_other("upkeep:keeping")
    return _list(request, form)


@staff_only(WORD)
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The reason of a hold is over."""
    row = get_object_or_404(KeepHold, pk=pk)
    act = lambda: deciding.lift(held=row, by=actor(request), at=now())  # noqa: E731
    acted(request, f"upkeep.keep-lift:{pk}", act, _("Lifted: its time counts again."))
    return see_other("upkeep:keeping")
