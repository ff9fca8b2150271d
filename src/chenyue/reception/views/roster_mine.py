"""One's own turns: leave, wishes, swaps, saying that one doesn't come, standing in."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import site
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception import queries
from chenyue.reception.forms_roster import LeaveForm, SwapForm, WishForm
from chenyue.reception.http import acted, done, member_of, now, page, posted
from chenyue.reception.models import Leave, RosterPerson, Shift, Swap, Wish
from chenyue.reception.rostering import choosing, mine, planning, showing, standing_in, swaps
from chenyue.reception.rostering import people as actions
from chenyue.reception.rostering.seeing import acts, person_of, roster_only
from chenyue.reception.views.roster_grid import number

WORD = planning.WORD


def _person(request: HttpRequest) -> RosterPerson:
    """Whose page it is: one's own; those who plan may open (and write) anybody's by `?person=`."""
    asked = request.GET.get("person", "")
    member = member_of(request)
    if asked and may(member, WORD):
        return get_object_or_404(RosterPerson.objects.select_related("member"), pk=number(asked))
    found = person_of(member)
    if found is None:
        raise NotFound
    return found


@roster_only
@require_GET
def my_turns(request: HttpRequest) -> HttpResponse:
    """One's turns, leave, wishes, swaps and calendar address."""
    member = member_of(request)
    if person_of(member) is None and not request.GET.get("person"):
        return page(request, "reception/roster/mine.html", {"person": None} | acts(member))
    return _mine(request, _person(request))


def _mine(request: HttpRequest, person: RosterPerson, **forms: Any) -> HttpResponse:
    at = now()
    context = mine.page(person, at) | {"own": person.member_id == member_of(request).pk}
    context |= {"leave_form": forms.get("leave") or LeaveForm(), "wish_form": forms.get("wish") or WishForm()}
    context["feed"] = site.whole(request, reverse("reception:person-feed", args=[person.feed_token]))
    form = next(iter(forms.values()), None)
    return page(request, "reception/roster/mine.html", context | acts(request.user), form=form)


@roster_only
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Write leave down; turns that fall into it are named, and those who plan are told."""
    person, by, at = _person(request), member_of(request).actor(), now()
    form = LeaveForm(posted(request))
    if form.is_valid():

        def act() -> dict[str, Any]:
            _leave, lost = actions.take_leave(person=person, by=by, at=at, **form.cleaned_data)
            return {"lost": len(lost), "done": True}

        if found := done(request, "roster.leave", form, act):
            words = _("Your leave is written down.")
            if found["lost"]:
                lost = ngettext(
                    "%d published turn falls into it; those who plan have been told.",
                    "%d published turns fall into it; those who plan have been told.",
                    found["lost"],
                )
                words = f"{words} {lost % found['lost']}"
            messages.success(request, words)
            return see_other(_back(request))
    return _mine(request, person, leave=form)


@roster_only
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Write a wish down."""
    person, by, at = _person(request), member_of(request).actor(), now()
    form = WishForm(posted(request))
    if form.is_valid():
        details = form.cleaned_data
        if done(request, "roster.wish", form, lambda: {"pk": actions.wish(person=person, by=by, at=at, **details).pk}):
            messages.success(request, _("Your wish is written down. It counts in the next plan."))
            return see_other(_back(request))
    return _mine(request, person, wish=form)


def _back(request: HttpRequest) -> str:
    asked = number(request.GET.get("person"))
    return reverse("reception:my-turns") + (f"?person={asked}" if asked else "")


@roster_only
@require_POST
def mine_act(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Buttons: take leave or a wish back, renew the calendar's address."""
    by, at = member_of(request).actor(), now()
    if what == "leave":
        row = get_object_or_404(Leave.objects.select_related("person__member"), pk=pk)
        acted(request, "roster.mine", lambda: actions.cancel_leave(leave=row, by=by, at=at), _("Taken back."))
    elif what == "wish":
        wished = get_object_or_404(Wish.objects.select_related("person"), pk=pk)
        acted(request, "roster.mine", lambda: actions.drop_wish(wish=wished, by=by, at=at), _("Taken back."))
    else:
        person = get_object_or_404(RosterPerson, pk=pk)
        said = _("There is a new address. The old one no longer works.")
        acted(request, "roster.mine", lambda: {"new": bool(actions.renew_feed(person=person, by=by, at=at))}, said)
    return see_other(_back(request))


@roster_only
@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to take one's turn, or to change it for one of theirs."""
    shift = get_object_or_404(Shift.objects.select_related("sitting__venue", "person__member"), pk=pk)
    member, at = member_of(request), now()
    if shift.person.member_id != member.pk and not may(member, WORD):
        raise NotAllowed
    form = SwapForm(posted(request), initial={"other": request.GET.get("other")})
    mine.offer(form, shift, at)
    if form.is_valid():
        details = form.cleaned_data | {"other_shift": mine.chosen(form.cleaned_data["other_shift"])}
        if done(
            request, "roster.swap", form, lambda: {"pk": swaps.ask(shift=shift, by=member.actor(), at=at, **details).pk}
        ):
            messages.success(request, _("Asked. You are told as soon as there is an answer."))
            return see_other("reception:turn-page", shift.pk)
    return page(request, "reception/roster/swap.html", {"shift": shift}, form=form)


@roster_only
@require_POST
def swap_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Answer a swap: agree, approve, refuse, withdraw."""
    row, by, at = get_object_or_404(Swap, pk=pk), member_of(request).actor(), now()
    doings: dict[str, Callable[..., Any]] = {
        "agree": swaps.agree, "approve": swaps.approve, "refuse": swaps.refuse, "withdraw": swaps.withdraw
    }  # fmt: skip
    if what not in doings:
        raise NotFound
    acted(request, f"swap.{what}", lambda: {"pk": (doings[what](swap=row, by=by, at=at) or row).pk}, _("Done."))
    planner = request.POST.get("from") == "swaps" and may(request.user, WORD)
    return see_other("reception:swaps" if planner else "reception:my-turns")


@staff_only(WORD)
@require_GET
def swap_list(request: HttpRequest) -> HttpResponse:
    """Swaps that wait for approval, and those of late."""
    return page(request, "reception/roster/swaps.html", {"rows": showing.waiting_swaps()} | acts(request.user))


@roster_only
@require_GET
def turn_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One turn: who and when, and what may be done about it."""
    shift = get_object_or_404(Shift.objects.select_related("sitting__venue", "person__member"), pk=pk)
    context = choosing.turn(shift, member_of(request), now())
    if context is None:
        raise NotFound
    return page(
        request, "reception/roster/turn.html", context | {"shift": shift, "others": queries.on_duty(shift.sitting)}
    )


@roster_only
@require_POST
def turn_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Buttons of a turn: doesn't come, comes after all, somebody stands in."""
    shift = get_object_or_404(Shift, pk=pk)
    doings = {"absent": _absent, "back": _comes, "stand-in": _stands_in}
    if what not in doings:
        raise NotFound
    doings[what](request, shift)
    return see_other("reception:turn-page", shift.pk)


def _absent(request: HttpRequest, shift: Shift) -> None:
    by, at, words = member_of(request).actor(), now(), request.POST.get("words", "")[:120]
    said = _("Noted. Those who fit best have been asked to stand in.")
    acted(request, "turn.absent", lambda: {"n": len(standing_in.absent(shift=shift, words=words, by=by, at=at))}, said)


def _comes(request: HttpRequest, shift: Shift) -> None:
    by, at = member_of(request).actor(), now()
    acted(request, "turn.back", lambda: standing_in.back(shift=shift, by=by, at=at), _("Done."))


def _stands_in(request: HttpRequest, shift: Shift) -> None:
    member, at = member_of(request), now()
    person = _stand_in(request, member)
    said = _("Done.")
    if person.member_id == member.pk:
        said = _("Thank you. The turn is yours, and everybody concerned has been told.")
    act = partial(standing_in.take, shift=shift, person=person, by=member.actor(), at=at)
    acted(request, "turn.stand_in", lambda: {"pk": act().pk}, said)


def _stand_in(request: HttpRequest, member: Member) -> RosterPerson:
    asked = number(request.POST.get("person"))
    rows = RosterPerson.objects.select_related("member").filter(active=True)
    if asked and may(member, WORD):
        return get_object_or_404(rows, pk=asked)
    return get_object_or_404(rows, member=member)
