"""Sign-ups for staff: at the window, by telephone, by the organiser; invitations; who came."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core.acting import acted, done, now, page
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import attendance, seeing, signing_up
from chenyue.volunteering.forms_deeds import SignUpForm
from chenyue.volunteering.matching import weeks
from chenyue.volunteering.models import Activity, SignUp
from chenyue.volunteering.views.deeds_activities import HERE, _back
from chenyue.volunteering.views.deeds_shared import Look


@staff_only()
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Sign somebody up."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "serve")
    form = SignUpForm(request.POST)

    def act() -> None:
        who = attendance.volunteer_named(form.cleaned_data["who"])
        signing_up.sign_up(row, who, by=member.actor(), at=now(), via=form.cleaned_data["via"])

    if form.is_valid() and done(request, "volunteering.sign_up", form, act) is not None:
        return see_other("volunteering:activity", number)
    look = Look(_("Sign somebody up"), _back(row), HERE, _("Sign up"))
    return page(request, "volunteering/deeds/form.html", {"look": look, "here": HERE}, form=form)


def _sign_up(row: Activity, pk: int) -> SignUp:
    found = SignUp.objects.filter(activity=row, pk=pk).select_related("activity", "volunteer").first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_POST
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Somebody doesn't come."""
    member = member_of(request)
    found = _sign_up(seeing.activity_for(member, number, "serve"), pk)
    reason, said = request.POST.get("reason", "")[:200], _("Withdrawn. Whoever waits first was called up.")
    acted(
        request,
        "volunteering.withdraw",
        lambda: signing_up.withdraw(found, by=member.actor(), at=now(), reason=reason),
        said,
    )
    return see_other("volunteering:activity", number)


@staff_only(seeing.ORGANISE)
@require_POST
def mark(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Whether somebody came."""
    member = member_of(request)
    found = _sign_up(seeing.activity_for(member, number, "organise"), pk)
    came = request.POST.get("came") == "yes"
    acted(request, "volunteering.mark", lambda: signing_up.mark(found, came, by=member.actor(), at=now()))
    return see_other("volunteering:activity", number)


@staff_only(seeing.ORGANISE)
@require_POST
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a volunteer whether they would come."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")

    def act() -> None:
        who = attendance.volunteer_named(request.POST.get("who", "")[:40])
        weeks.invite(row, who, by=member.actor(), at=now())

    acted(request, "volunteering.invite", act, _("Invited. They come if they want to."))
    return see_other("volunteering:activity", number)
