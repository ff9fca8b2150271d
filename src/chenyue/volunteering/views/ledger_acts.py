"""Acts on somebody's credits by staff: changes by hand, freezing, relatives."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core.acting import acted, now, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import KEY, see_other
from chenyue.people.actions import register_resident
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import forms_ledger as forms
from chenyue.volunteering import proposing, seeing, ties
from chenyue.volunteering.models import Posting
from chenyue.volunteering.views.ledger_shared import owner, small_form


def _book(pk: int) -> str:
    return reverse("volunteering:credits-book", args=[pk])


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a grant, donated credits, or to take some back."""
    resident, by, at = owner(pk), member_of(request).actor(), now()
    form = forms.ProposalForm(posted(request))

    def act() -> dict[str, Any]:
        proposing.propose(resident=resident, by=by, at=at, **form.cleaned_data)
        return {}

    return small_form(
        request, form, f"credits-propose:{pk}", act, heading=_("Change by hand"), back=_book(pk), button=_("Ask"),
        explain=_("Nothing moves before another person has approved it."), icon="send",
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person says yes."""
    row, by, at = proposing.proposal_for(pk), member_of(request).actor(), now()
    said = _("Posted: it stands in the bank book.")
    acted(request, f"volunteering.credits-approve:{pk}", lambda: proposing.approve(proposal=row, by=by, at=at), said)
    return see_other("volunteering:credits-book", row.resident_id)


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, or take one's own back."""
    row, member, at = proposing.proposal_for(pk), member_of(request), now()
    own = row.asked_by_id == member.pk
    form = (forms.MaybeReasonForm if own else forms.ReasonForm)(posted(request))

    def act() -> dict[str, Any]:
        proposing.refuse(proposal=row, words=form.cleaned_data["reason"], by=member.actor(), at=at)
        return {}

    return small_form(
        request, form, f"credits-refuse:{pk}", act, heading=_("Take the proposal back") if own else _("Refuse"),
        button=pgettext("proposal", "Take back") if own else _("Refuse"), back=_book(row.resident_id), late=True,
        icon="x",
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze what somebody could spend, until it is decided."""
    resident, by, at = owner(pk), member_of(request).actor(), now()
    form = forms.FreezeForm(posted(request))

    def act() -> dict[str, Any]:
        key = f"{pk}:{request.POST.get(KEY, '')}"
        proposing.freeze_by_hand(resident=resident, key=key, by=by, at=at, **form.cleaned_data)
        return {}

    return small_form(
        request, form, f"credits-freeze:{pk}", act, heading=_("Freeze credits"), back=_book(pk), button=_("Freeze"),
        explain=_("At once. Only another person can free them again."), late=True, icon="lock",
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def thaw(request: HttpRequest, pk: int, posting: int) -> HttpResponse:
    """Free what a colleague froze."""
    by, at = member_of(request).actor(), now()
    frozen = Posting.objects.filter(pk=posting, moves__source__resident=pk).first()
    if frozen is None:
        raise NotFound
    form = forms.ReasonForm(posted(request))

    def act() -> dict[str, Any]:
        proposing.thaw_by_hand(frozen=frozen, reason=form.cleaned_data["reason"], by=by, at=at)
        return {}

    return small_form(
        request, form, f"credits-thaw:{posting}", act, heading=_("Free frozen credits"), back=_book(pk),
        button=_("Free"),
    )  # fmt: skip


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def tie_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a relative down at the window."""
    giver, by, at = owner(pk), member_of(request).actor(), now()
    form = forms.TieForm(posted(request))

    def act() -> dict[str, Any]:
        data = form.cleaned_data
        receiver = register_resident(name=data["name"], phone=data["phone"], at=at, by=by)
        ties.ask_tie(
            giver=giver, receiver=receiver, kin=data["kin"], proof=data["proof"], both_agree=data["both_agree"],
            by=by, at=at,
        )  # fmt: skip
        return {}

    back = _book(pk) if seeing.may(member_of(request), seeing.SEE) else reverse("volunteering:overview")
    return small_form(
        request, form, f"credits-tie:{pk}", act, heading=_("Register a relative"), back=back,
        button=_("Register"), explain=_("Both agree, and a colleague who has seen the proof approves."), icon="users",
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def tie_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof was seen: from now on credits may pass."""
    row, by, at = ties.tie_of(None, pk), member_of(request).actor(), now()
    form = forms.ProofForm(posted(request), initial={"proof": row.proof})

    def act() -> dict[str, Any]:
        ties.approve_tie(tie=row, proof=form.cleaned_data["proof"], by=by, at=at)
        return {}

    return small_form(
        request, form, f"credits-tie-approve:{pk}", act, heading=_("Approve the relative"), back=_book(row.giver_id),
        button=_("Approve"),
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def tie_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse or end a tie, with the reason."""
    row, by, at = ties.tie_of(None, pk), member_of(request).actor(), now()
    form = forms.ReasonForm(posted(request))

    def act() -> dict[str, Any]:
        ties.end_tie(tie=row, reason=form.cleaned_data["reason"], by=by, at=at)
        return {}

    return small_form(
        request, form, f"credits-tie-end:{pk}", act, heading=_("End the tie"), back=_book(row.giver_id),
        button=_("End"), explain=_("What was passed on stays passed on."), late=True, icon="x",
    )  # fmt: skip
