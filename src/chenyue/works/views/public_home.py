"""What changes for my door: the page behind the code of a letter. It knows this home, and of the others counts only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chenyue.core.acting import done
from chenyue.core.errors import NotFound
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.works import actions, acts, public
from chenyue.works import queries as works
from chenyue.works.forms_public import CodeForm, OwnObjectionForm, StanceForm
from chenyue.works.http import acted, guess, may_guess, personal
from chenyue.works.lifecycle import How
from chenyue.works.models import Objection, PlanVersion, Project, RegisteredHome
from chenyue.works.views.public_pages import found, unknown

Behind = Callable[..., HttpResponse]


def own(view: Behind) -> Callable[..., HttpResponse]:
    """Find the project and the home of a code; a code that opens nothing is counted, and gets one answer for all."""

    @wraps(view)
    def wrapped(request: HttpRequest, number: str, code: str, **more: Any) -> HttpResponse:
        project = found(number)
        home = works.home_by_code(code, project) if may_guess(request) else None
        if home is not None:
            return personal(view(request, project, home, **more))
        guess(request)
        form = CodeForm({"home_code": ""})
        form.errors.clear()  # that nothing was typed is no fault of theirs
        refused(form, unknown(request))
        context = {"project": project, "form": form}
        status = 404 if may_guess(request) else 429
        return personal(render(request, "works/public/no_home.html", context, status=status))

    return wrapped


def _shown(request: HttpRequest, project: Project, row: RegisteredHome, **forms: Any) -> HttpResponse:
    page = public.own_page(project, row, timezone.now())
    plan = page.plan.pk if page.plan else 0
    context = {
        "project": project, "own": page, "home": row, "code": row.code,
        "stance_form": StanceForm(initial={"plan": plan, "speaker": "owner"}),
        "objection_form": OwnObjectionForm(initial={"speaker": "owner"}),
        "stands": public.stands(page.tally) if page.tally else [],
    }  # fmt: skip
    wrong = next(iter(forms.values()), None)
    if wrong is not None and getattr(wrong, "conflict", False):  # replaced: what was typed stays, for the new one
        wrong.data = wrong.data.copy() | {"plan": plan}
    status = 200 if wrong is None else 409 if getattr(wrong, "conflict", False) else 422
    return render(request, "works/public/home.html", context | forms, status=status)


@require_GET
@own
def home(request: HttpRequest, project: Project, row: RegisteredHome) -> HttpResponse:
    """The page of one's own home."""
    if request.path.rstrip("/").rpartition("/")[2] != row.code:  # one address, however it was typed
        return see_other("works:own-home", project.number, row.code)
    return _shown(request, project, row)


@require_POST
@own
def stance(request: HttpRequest, project: Project, row: RegisteredHome) -> HttpResponse:
    """Say how one's home stands to the version that the form showed."""
    form = StanceForm(request.POST)
    if form.is_valid():
        by, at, typed = acts.resident_of(row), timezone.now(), dict(form.cleaned_data)
        plan = PlanVersion.objects.filter(project=project, pk=typed.pop("plan")).first()
        if plan is None:
            raise NotFound

        def act() -> dict[str, Any]:
            return {"pk": actions.take_stance(home=row, plan=plan, how=How.WEB, by=by, at=at, **typed).pk}

        if done(request, f"works.own:{row.pk}", form, act):
            messages.success(request, _("Thank you. You can change it any day."))
            return see_other("works:own-home", project.number, row.code)
    return _shown(request, project, row, stance_form=form)


@require_POST
@own
def objection(request: HttpRequest, project: Project, row: RegisteredHome) -> HttpResponse:
    """Object; somebody with a name answers by a day."""
    form = OwnObjectionForm(request.POST)
    if form.is_valid():
        by, at, typed = acts.resident_of(row), timezone.now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"number": actions.raise_objection(project=project, home=row, by=by, at=at, **typed).number}

        if done(request, f"works.own:{row.pk}", form, act):
            messages.success(request, _("We have it. The answer will stand here, with a name and a date."))
            return see_other("works:own-home", project.number, row.code)
    return _shown(request, project, row, objection_form=form)


@require_POST
@own
def act_on(request: HttpRequest, project: Project, row: RegisteredHome, what: str) -> HttpResponse:
    """Buttons: take the stance back, accept an answer or not, take an objection back."""
    if what not in BUTTONS:
        raise NotFound
    todo = BUTTONS[what](request, project, row)
    acted(request, f"works.own-do:{row.pk}", todo, _("Thank you, it is noted."))
    return see_other("works:own-home", project.number, row.code)


def _take_back(_request: HttpRequest, project: Project, row: RegisteredHome) -> Callable[[], Any]:
    by, at = acts.resident_of(row), timezone.now()

    def act() -> None:
        said = public.own_page(project, row, at).mine
        if said is not None:
            actions.withdraw_stance(stance=said, by=by, at=at)

    return act


def _mine(request: HttpRequest, project: Project, row: RegisteredHome) -> Objection:
    """The home's own objection that a button names. Raises NotFound for anybody else's."""
    number = request.POST.get("objection", "")
    found_ = Objection.objects.filter(project=project, home=row, number=number).first()
    if found_ is None:
        raise NotFound
    return found_


def _withdraw(request: HttpRequest, project: Project, row: RegisteredHome) -> Callable[[], Any]:
    by, at, one = acts.resident_of(row), timezone.now(), _mine(request, project, row)
    return lambda: actions.withdraw_objection(objection=one, by=by, at=at)


def _respond(accepted: bool) -> Callable[[HttpRequest, Project, RegisteredHome], Callable[[], Any]]:
    def answer(request: HttpRequest, project: Project, row: RegisteredHome) -> Callable[[], Any]:
        by, at, one = acts.resident_of(row), timezone.now(), _mine(request, project, row)
        said = {"words": request.POST.get("words", ""), "how": How.WEB}
        return lambda: actions.respond(objection=one, accepted=accepted, by=by, at=at, **said)

    return answer


BUTTONS = {"take-back": _take_back, "accept": _respond(True), "keep": _respond(False), "withdraw": _withdraw}
