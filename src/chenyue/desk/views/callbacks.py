"""Callbacks: whom to ask next, the words to say, and what came of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases.models import Answer
from chenyue.core import office, qr, site
from chenyue.core.errors import Conflict
from chenyue.core.http import see_other
from chenyue.desk.forms.followup import ExcludeForm, RatingForm, TriedForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.followup import actions, queries
from chenyue.followup.models import Callback
from chenyue.people import masking
from chenyue.people import queries as people
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may


@staff_only("callback.make")
def callbacks(request: HttpRequest) -> HttpResponse:
    """Calls to make now, the longest waiting first."""
    found = Paginator(queries.due(member_of(request), now()), 50).get_page(request.GET.get("page"))
    for row in found.object_list:
        row.who = masking.mask_name(row.appeal.reporter.name) if row.appeal.reporter else row.appeal.nickname
    return render(request, "desk/callbacks.html", {"page": found, "at": now()})


def wanted(member: Member, pk: int, word: str = "callback.make") -> Callback:
    """The callback, or 404 for who may not make it."""
    found = queries.callback_for(member, pk, word)
    if found is None:
        raise Http404
    return found


@staff_only("callback.make")
def callback(request: HttpRequest, pk: int) -> HttpResponse:
    """The script for the call and the three questions."""
    member = member_of(request)
    found = wanted(member, pk)
    form = RatingForm(request.POST or None)
    if form.is_valid() and done(request, "desk.rate", form, lambda: rate(found, form, member)) is not None:
        messages.success(request, _("Thank you: written down."))
        return see_other(reverse("desk:callbacks"))
    return page(request, "desk/callback.html", context_of(member, found), form=form)


def rate(found: Callback, form: RatingForm, member: Member) -> dict[str, Any]:
    """What was said on the telephone, as a rating."""
    said = form.cleaned_data
    actions.rate(
        callback=found,
        grade=said["grade"],
        solved=said["solved"] == "yes",
        contacted=said["contacted"] == "yes",
        words=said["words"],
        by=member.actor(),
        at=now(),
    )
    return {}


def context_of(member: Member, found: Callback) -> dict[str, Any]:
    """The call's page: who, about what, which answer, what was tried before."""
    who, at = found.appeal.reporter, now()
    seen = bool(who and people.unmasked(member, [who.pk], found.case.subject, at))
    answer = Answer.objects.filter(case=found.case, round=found.round).order_by("-pk").first()
    return {
        "callback": found,
        "case": found.case,
        "name": (who.name if seen else masking.mask_name(who.name)) if who else found.appeal.nickname,
        "phone": (who.phone if seen else masking.mask_phone(who.phone)) if who else "",
        "seen": seen,
        "answer": answer,
        "attempts": found.attempts.select_related("member").order_by("-pk"),
        "office": office.get("short_name"),
        "me": member.name,
        "tried_form": TriedForm(),
        "exclude_form": ExcludeForm() if may(member, "callback.exclude") else None,
        "reveals": may(member, "contact.see"),
        "at": at,
    }


@staff_only("callback.make")
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Paper for who can't be reached otherwise: a code that opens their own rating, for as long as it is good."""
    found = wanted(member_of(request), pk)
    if found.state != Callback.State.OPEN:
        raise Conflict(_("This answer has been rated already, or the matter has moved on."))
    link = site.whole(request, queries.link(found))
    context = {"callback": found, "case": found.case, "qr": qr.svg(link, _("Code to rate the answer"))}
    return render(request, "desk/rating_slip.html", context)


@staff_only("callback.make")
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """A call without an answer: written down, tried again later by the rule."""
    member = member_of(request)
    found = wanted(member, pk)
    form = TriedForm(request.POST or None)

    def act() -> None:
        words = form.cleaned_data["words"]
        actions.record_attempt(callback=found, reached=False, words=words, by=member.actor(), at=now())

    if form.is_valid() and done(request, "desk.tried", form, act) is not None:
        messages.success(request, _("Written down. It comes back when it is time to try again."))
        return see_other(reverse("desk:callbacks"))
    return page(
        request,
        "desk/small.html",
        {"label": _("Nobody answered"), "back": reverse("desk:callback", args=[pk])},
        form=form,
    )


@staff_only("callback.exclude")
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave somebody out of the rates, for a reason that is listed beside them."""
    member = member_of(request)
    found = wanted(member, pk, "callback.exclude")
    form = ExcludeForm(request.POST or None)

    def act() -> None:
        actions.exclude(callback=found, **form.cleaned_data, by=member.actor(), at=now())

    if form.is_valid() and done(request, "desk.exclude", form, act) is not None:
        messages.success(request, _("Left out, with the reason."))
        return see_other(reverse("desk:callbacks"))
    context = {"label": _("Leave out of the rates"), "back": reverse("desk:callback", args=[pk])}
    return page(request, "desk/small.html", context, form=form)
