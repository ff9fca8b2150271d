"""Set-up: the steps of a new office, which stay the doors to its settings; and the office itself."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chenyue.cases.models import AnswerTemplate
from chenyue.catalogue.models import Category, RoutingRule
from chenyue.core import office, site
from chenyue.core.http import actor, see_other
from chenyue.core.paging import capped
from chenyue.desk.forms.setup import OfficeForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.followup import actions as followup
from chenyue.notify.models import Message
from chenyue.people.http import staff_only
from chenyue.people.models import Member, Role, Unit
from chenyue.people.rules import may
from chenyue.places.models import Place
from chenyue.workdays.queries import missing_years


@dataclass(frozen=True)
class Step:
    """A door of the set-up: what it is for, the word it asks for, and what is counted behind it."""

    name: str
    label: Promise
    help: Promise
    url: str
    word: str
    counted: str = ""


PLACES = _("Communities, estates, buildings, by hand or from Excel")
KINDS = _("Kinds of matters, whose they are, what is promised")
RULES = _("Exceptions to the catalogue, tried on last month before they hold")
BEGIN = _("Texts to begin an answer with")
DRAFTS = _("An optional service that proposes summaries and answers; off unless you connect one")
PAPERS = _("Word templates of reports, to be replaced by your own")
STEWARDS = _("When a successor is looked for, what a home counts, what a term lets somebody see")
BACKUP = _("Where the backups go, the recovery sheet, and when one was last brought back and proved")
FLOODS = _("What is asked of forms that strangers send by the hundred, and the limits of one address")
WAYS = _("E-mail, short messages, robots of groups: connected and tried out here")
SENT = _("What was sent, what failed, sending again")


def steps() -> list[Step]:
    """The doors in the order of a first run."""
    edit_, people_ = "office.setup", "people.edit"
    return [
        Step("office", _("Office"), _("Name, telephone, rules of callbacks"), "desk:set-up-office", edit_),
        Step("units", _("Units"), _("Whoever work can be given to"), "people:units", people_, "units"),
        Step("places", _("Places"), PLACES, "desk:set-up-places", "places.edit", "places"),
        Step("catalogue", _("Catalogue and promises"), KINDS, "desk:set-up-catalogue", "catalogue.edit", "categories"),
        Step("rules", _("Routing rules"), RULES, "desk:set-up-rules", "catalogue.edit", "rules"),
        Step("members", _("Members"), _("Who signs in, with which roles"), "people:members", people_, "members"),
        Step("roles", _("Roles"), _("What each role may do"), "people:roles", people_, "roles"),
        Step("texts", _("Texts"), _("What residents and members are told"), "desk:set-up-texts", "texts.edit"),
        Step("answers", _("Standard answers"), BEGIN, "desk:answer-templates", "texts.edit", "answers"),
        Step("papers", _("Papers"), PAPERS, "desk:set-up-papers", "texts.edit"),
        Step("holidays", _("Holidays"), _("Rest days and make-up days of each year"), "desk:set-up-holidays", edit_),
        Step("hours", _("Working hours"), _("Which hours promises count"), "desk:set-up-hours", edit_),
        Step("stewards", _("Stewards"), STEWARDS, "stewards:settings", edit_),
        Step("channels", _("Channels"), WAYS, "desk:set-up-channels", edit_),
        Step("floods", _("Floods of forms"), FLOODS, "desk:set-up-floods", edit_),
        Step("backup", _("Backup"), BACKUP, "upkeep:backups", "upkeep.manage"),
        Step(
            "triage", _("Triage"), _("How well it guesses, and which version speaks"), "desk:learning", "triage.choose"
        ),
        Step("drafts", _("Drafts by a machine"), DRAFTS, "desk:set-up-drafts", edit_),
        Step("deliveries", _("Messages"), SENT, "desk:deliveries", "notify.resend", "failed"),
        Step("audit", _("Audit"), _("Everything that was done, with filters"), "desk:audit", "timeline.audit"),
    ]


@staff_only()
def set_up(request: HttpRequest) -> HttpResponse:
    """The doors this person may open; none of them: not found for them."""
    member = member_of(request)
    found = [step for step in steps() if may(member, step.word)]
    if not found:
        raise Http404
    counts = counted()
    rows = [{"step": s, "url": reverse(s.url), "count": counts.get(s.counted)} for s in found]
    context = {"rows": rows, "new": not office.get("set_up"), "missing_years": missing_years(now())}
    return render(request, "desk/setup/index.html", context | {"opens": may(member, "office.setup")})


def counted() -> dict[str, int]:
    """How much there is behind each door, in one statement."""
    return capped(
        {
            "units": Unit.objects.filter(active=True, placeholder=False),
            "places": Place.objects.filter(active=True).exclude(kind="home"),
            "categories": Category.objects.filter(active=True, parent__isnull=False),
            "rules": RoutingRule.objects.filter(active=True),
            "members": Member.objects.filter(is_active=True),
            "roles": Role.objects.all(),
            "answers": AnswerTemplate.objects.filter(active=True),
            "failed": Message.objects.filter(state__in=["failed", "dead"]),
        },
        cap=9999,
    )


@staff_only("office.setup")
def edit(request: HttpRequest) -> HttpResponse:
    """Name, telephone, and the rules of callbacks and rates."""
    names = list(OfficeForm.base_fields)
    initial = {name: office.get(name) for name in names}
    initial["site_address"] = initial["site_address"] or site.asked_for(request)  # by which the administrator came
    form = OfficeForm(request.POST or None, initial=initial)
    if form.is_valid() and done(request, "desk.office", form, lambda: keep(request, form)) is not None:
        messages.success(request, gettext("Saved."))
        return see_other("desk:set-up")
    return page(
        request, "desk/setup/form.html", {"label": gettext("Office"), "back": reverse("desk:set-up")}, form=form
    )


def keep(request: HttpRequest, form: OfficeForm) -> None:
    """Keep the settings; another weight of 基本满意 is a new version of that rate."""
    at = now()
    office.change(by=actor(request), at=at, **form.cleaned_data)
    followup.weigh(weight=form.cleaned_data["basically_satisfied_weight"], at=at)


@staff_only("office.setup")
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """The set-up is done: the desk opens with work, not with steps."""
    office.change(by=actor(request), at=now(), set_up=True)
    messages.success(request, gettext("The office is open."))
    return see_other("desk:my-desk")
