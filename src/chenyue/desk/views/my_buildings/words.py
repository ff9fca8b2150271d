"""Words left at the door: read, answered, made a case of, or set aside."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import actions
from chenyue.cases.models import Channel
from chenyue.core.http import once, see_other
from chenyue.core.paging import Order, keyset
from chenyue.desk import my_buildings
from chenyue.desk.forms.my_buildings import AnswerForm, LookForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.stewards import inbox, numbers, reach
from chenyue.stewards.models import RelayedWord

PAGE = 30
NEWEST = Order("at")


@staff_only(reach.WORD)
def listed(request: HttpRequest) -> HttpResponse:
    """All words left at the member's buildings; those that wait first asked for."""
    mine = my_buildings.mine(member_of(request), my_buildings.chosen(request))
    every = "all" in request.GET
    rows = inbox.left(mine.ids) if every else inbox.waiting(mine.ids)
    found = keyset(rows, NEWEST, request.GET.get("cursor", ""), PAGE)
    return render(request, "desk/my_buildings/words.html", {"mine": mine, "page": found, "every": every})


@staff_only(reach.WORD)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The words, and the answer to them."""
    member = member_of(request)
    word = inbox.read(word=inbox.word_for(member, pk), by=member.actor(), at=now())
    form = AnswerForm(request.POST or None)
    if form.is_valid() and done(request, "desk.relayed", form, lambda: answer(word, form, member)) is not None:
        messages.success(request, _("Answered. Whoever left the words reads it under their receipt."))
        return see_other("desk:my-buildings-words")
    contact = numbers.contact(word, member, now()) if word.phone else None
    return page(request, "desk/my_buildings/word.html", {"word": word, "contact": contact}, form=form)


def answer(word: RelayedWord, form: AnswerForm, member: Member) -> dict[str, Any]:
    """Keep the answer."""
    said = form.cleaned_data["words"]
    return {"word": inbox.answer(word=word, words=said, by=member.actor(), at=now()).pk}


@staff_only(reach.WORD)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why the number is needed of somebody who asked to be telephoned; then it is shown for a while."""
    member = member_of(request)
    word = inbox.word_for(member, pk)
    form = LookForm(request.POST or None)
    if form.is_valid():
        act: dict[str, Any] = {"word": word, "reason": form.cleaned_data["reason"], "by": member.actor(), "at": now()}
        if done(request, "desk.relayed.look", form, lambda: {"word": inbox.reveal(**act).pk}) is not None:
            return see_other("desk:my-buildings-word", pk)
    back = reverse("desk:my-buildings-word", args=[pk])
    return page(request, "desk/my_buildings/look.html", {"row": word, "back": back}, form=form)


@staff_only(reach.WORD)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a case of the words, in the name of who left them."""
    member = member_of(request)
    word = inbox.word_for(member, pk)
    found, _fresh = once(request, "desk.relayed.file", lambda: take(word, member), pk)
    return see_other("desk:my-buildings-reported", found["case"])


def take(word: RelayedWord, member: Member) -> dict[str, Any]:
    """File what was said as it was said; the office may reach the person, the steward doesn't see how."""
    by, at = member.actor(), now()
    filed = actions.file_appeal(
        words=word.words, channel=Channel.STEWARD, place_id=word.building_id, room=word.room,
        reporter=actions.ReporterData(name=word.name, phone=word.phone), consent_contact=bool(word.phone),
        received_at=word.at, taken_by=member, by=by, at=at,
    )  # fmt: skip
    inbox.filed(word=word, number=filed.case.number, by=by, at=at)
    return {"case": filed.case.number}


@staff_only(reach.WORD)
@require_POST
def aside(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Not meant for anybody; or back again."""
    member = member_of(request)
    word = inbox.word_for(member, pk)
    change: dict[str, Any] = {"word": word, "aside": act == "aside", "by": member.actor(), "at": now()}
    once(request, f"desk.relayed.{act}", lambda: {"word": inbox.set_aside(**change).pk}, pk)
    if act == "aside":
        undo = reverse("desk:my-buildings-word-aside", args=[pk, "back"])
        messages.success(request, _("Set aside."), extra_tags=f"undo:{undo}")
    return see_other("desk:my-buildings-words")
