"""Family, passing on, donating, certificates and one's own data, on either side."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import http, site
from chenyue.core.acting import now, posted
from chenyue.core.errors import NotFound, Refusal
from chenyue.people.models import DataRequest
from chenyue.people.phone_codes import PURPOSE
from chenyue.people.privacy import open_request
from chenyue.people.resident_session import leave_everywhere, sessions
from chenyue.people.residents import consent_text
from chenyue.volunteering import accounts, acts, crediting, joining, own, statement, ties
from chenyue.volunteering.forms_self import AmountForm, DataForm, PaperForm, TieForm
from chenyue.volunteering.models import FamilyTie
from chenyue.volunteering.own import Side
from chenyue.volunteering.views.self_side import filled, pressed, shown

TYPES = {"pdf": "application/pdf", "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def _family(request: HttpRequest, side: Side, form: Any = None, **more: Any) -> HttpResponse:
    context = {
        "ties": list(ties.ties_of(side.resident)), "balance": accounts.balance(side.resident, acts.local_day(now())),
        "tie_form": TieForm(auto_id="tie_%s", window=bool(side.member)), "give_form": AmountForm(auto_id="give_%s"),
        "donate_form": AmountForm(auto_id="donate_%s"),
    } | more  # fmt: skip
    return shown(request, side, "family", "family", context, form)


@require_http_methods(["GET", "POST"])
def family(request: HttpRequest, side: Side) -> HttpResponse:
    """Relatives who share credits, and asking for one. The answer is the same whether the other is known."""
    form = TieForm(posted(request), auto_id="tie_%s", window=bool(side.member))

    def act() -> None:
        said = form.cleaned_data
        other = own.relative(said["name"], said["phone"])
        if other is not None:
            giver, receiver = (side.resident, other) if said["way"] == "gives" else (other, side.resident)
            ties.ask_tie(giver=giver, receiver=receiver, kin=said["kin"], by=side.by, at=now())

    if form.is_bound:
        told = _("If we know this person with this number, they are asked to agree. Then the office confirms it.")
        done = filled(request, side, "tie", form, act, told, side.url("family"))
        return done or _family(request, side, form, tie_form=form)
    return _family(request, side)


@require_POST
def tie(request: HttpRequest, side: Side, row: int, what: str) -> HttpResponse:
    """Agree to a tie, or end it."""
    found: FamilyTie = ties.tie_of(side.resident, row)
    acts_of: dict[str, Callable[..., FamilyTie]] = {"agree": ties.agree_tie, "end": ties.end_tie}
    act = acts_of.get(what)
    if act is None:
        raise NotFound
    return pressed(
        request, side, f"tie:{found.pk}:{what}", lambda: act(tie=found, by=side.by, at=now(), who=side.resident),
        _("It is kept."), side.url("family"),
    )  # fmt: skip


@require_POST
def give(request: HttpRequest, side: Side, row: int) -> HttpResponse:
    """Pass credits on to a relative with a confirmed tie."""
    found, form = ties.tie_of(side.resident, row), AmountForm(request.POST, auto_id="give_%s")
    key = f"transfer:{uuid4().hex}"  # once by the form's key; the posting has its own
    done = filled(
        request, side, f"give:{found.pk}", form,
        lambda: crediting.transfer(
            side.resident, found.receiver, form.cleaned_data["amount"], key=key, by=side.by, at=now()
        ),
        _("Passed on."), side.url("family"),
    )  # fmt: skip
    return done or _family(request, side, form, give_form=form, giving=found.pk)


@require_POST
def donate(request: HttpRequest, side: Side) -> HttpResponse:
    """Give credits to those who can't earn any."""
    form, key = AmountForm(request.POST, auto_id="donate_%s"), f"donate:{uuid4().hex}"
    done = filled(
        request, side, "donate", form,
        lambda: crediting.donate(side.resident, form.cleaned_data["amount"], key=key, by=side.by, at=now()),
        _("Thank you. It goes to somebody who can't earn any."), side.url("family"),
    )  # fmt: skip
    return done or _family(request, side, form, donate_form=form)


@require_http_methods(["GET", "POST"])
def certificates(request: HttpRequest, side: Side) -> HttpResponse:
    """Certificates, and asking for one."""
    from chenyue.volunteering import certifying  # what makes papers is read when one is asked for

    volunteer, form = joining.volunteer_of(side.resident), PaperForm(posted(request))

    def act() -> None:
        if volunteer is None:
            raise Refusal(_("There are no hours yet."), code="nothing")
        said = form.cleaned_data
        certifying.ask(volunteer, from_on=said["first"], until_on=said["last"], by=side.by, at=now())

    if form.is_bound:
        told = _("Asked for. It is shown in the office for at least seven days, then it is yours.")
        done = filled(request, side, "certificate", form, act, told, side.url("certificates"))
        if done is not None:
            return done
    rows = volunteer.certificates.select_related("unit").order_by("-pk")[: own.SHOWN] if volunteer else []
    return shown(request, side, "certificates", "certificates", {"rows": rows, "volunteer": volunteer}, form)


@require_GET
def paper(request: HttpRequest, side: Side, row: int, kind: str) -> HttpResponse:
    """An issued certificate as PDF or Word."""
    from chenyue.volunteering import certifying

    volunteer = joining.volunteer_of(side.resident)
    found = volunteer.certificates.select_related("volunteer__resident", "unit").filter(pk=row) if volunteer else ()
    if kind not in TYPES or not found:
        raise NotFound
    one = found[0]
    made = certifying.paper(one, kind, base=site.whole(request, ""), by=side.by, at=now())
    answer = HttpResponse(getattr(made, "content", made), content_type=TYPES[kind])
    name = f"certificate-{one.number}.{'pdf' if kind == 'pdf' else 'docx'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return http.personal(answer)


@require_http_methods(["GET", "POST"])
def data(request: HttpRequest, side: Side) -> HttpResponse:
    """Where one is signed in, what one agreed to, and requests about one's data."""
    form, at = DataForm(posted(request)), now()

    def act() -> None:
        said = form.cleaned_data
        open_request(resident=side.resident, kind=said["kind"], words=said["words"], by=side.by, at=at)

    if form.is_bound:
        told = _("It is on the register. We make sure that it is you, then answer within 15 working days.")
        done = filled(request, side, "data", form, act, told, side.url("data"))
        if done is not None:
            return done
    context = {
        "sessions": list(sessions(side.resident, at)), "text": consent_text(PURPOSE),
        "requests": list(DataRequest.objects.filter(resident=side.resident).order_by("-pk")[:10]),
    }  # fmt: skip
    return shown(request, side, "data", "data", context, form)


@require_GET
def bank_book(request: HttpRequest, side: Side) -> HttpResponse:
    """What came and went, as in a bank book; `?paper` for printing."""
    size = 200 if "paper" in request.GET else statement.SIZE
    page = statement.statement(side.resident, before=request.GET.get("before", ""), size=size)
    context = {"page": page, "first": "before" not in request.GET}
    if "paper" in request.GET:
        context |= {"side": side, "at": now()}
        return http.personal(render(request, "volunteering/self/statement_print.html", context))
    return shown(request, side, "statement", "statement", context)


@require_POST
def sign_out(request: HttpRequest, side: Side) -> HttpResponse:
    """End all sessions, such as of a telephone that was lost."""
    leave_everywhere(side.resident, by=side.by, at=now())
    messages.success(request, str(_("Signed out everywhere.")))
    return http.see_other(side.url("home") if side.member else "portal:home")
