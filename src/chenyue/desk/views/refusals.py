"""Answers that were not taken: a person decides whether to reopen or to explain."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases.models import Answer
from chenyue.core.http import see_other
from chenyue.desk.forms.followup import DecisionForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.followup import actions, queries
from chenyue.people.http import staff_only


@staff_only("case.review_answer")
def refusals(request: HttpRequest) -> HttpResponse:
    """The oldest first."""
    found = Paginator(queries.refusals_for(member_of(request)), 50).get_page(request.GET.get("page"))
    return render(request, "desk/refusals.html", {"page": found, "at": now()})


@staff_only("case.review_answer")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, what had been answered, and the decision with its reason."""
    member = member_of(request)
    found = queries.refusals_for(member).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = DecisionForm(request.POST or None)

    def act() -> None:
        reopen, words = form.cleaned_data["decision"] == "reopen", form.cleaned_data["words"]
        actions.decide_refusal(refusal=found, reopen=reopen, words=words, by=member.actor(), at=now())

    if form.is_valid() and done(request, "desk.decide", form, act) is not None:
        messages.success(request, _("Decided. The reporter is told."))
        return see_other(reverse("desk:refusals"))
    answer = Answer.objects.filter(case=found.case).select_related("unit").order_by("-pk").first()
    return page(request, "desk/refusal.html", {"refusal": found, "case": found.case, "answer": answer}, form=form)
