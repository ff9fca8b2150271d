"""Staff pages of the backups: what was proved last, where they go, the recovery sheet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chenyue.core import office
from chenyue.core.acting import acted, done, now
from chenyue.core.http import actor, personal, see_other
from chenyue.people.http import staff_only
from chenyue.upkeep import actions, queries
from chenyue.upkeep.backups.telling import WORD
from chenyue.upkeep.forms_backup import FolderForm, RulesForm, rules_now


def _page(request: HttpRequest, folder: FolderForm | None = None, rules: RulesForm | None = None) -> HttpResponse:
    bad = [form for form in (folder, rules) if form is not None and form.errors]
    context = queries.page(now()) | {
        "folder_form": folder or FolderForm(),
        "rules_form": rules or RulesForm(initial=rules_now()),
        "form": bad[0] if bad else None,
    }
    return render(request, "upkeep/backups.html", context, status=422 if bad else 200)


@staff_only(WORD)
@require_safe
def backups(request: HttpRequest) -> HttpResponse:
    """What was proved last, what failed and what to do, where they go, how many stay."""
    return _page(request)


@staff_only(WORD)
@require_POST
def folder(request: HttpRequest) -> HttpResponse:
    """Choose the disk."""
    form = FolderForm(request.POST)
    if form.is_valid():
        by, at = actor(request), now()
        act = lambda: {"folder": str(actions.choose_folder(typed=form.typed(), by=by, at=at))}  # noqa: E731
        if done(request, "upkeep.folder", form, act) is not None:
            messages.success(request, _("Backups go there from now on. Make one now to see that all is well."))
            return see_other("upkeep:backups")
    return _page(request, folder=form)


@staff_only(WORD)
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """The hour, and how many stay."""
    form = RulesForm(request.POST)
    if form.is_valid():
        by, at = actor(request), now()
        if (
            done(request, "upkeep.rules", form, lambda: actions.set_rules(by=by, at=at, **form.cleaned_data))
            is not None
        ):
            messages.success(request, _("Saved."))
            return see_other("upkeep:backups")
    return _page(request, rules=form)


@staff_only(WORD)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make one now."""
    said = _("The backup has begun. It takes some minutes; people can go on working.")
    acted(request, "upkeep.begin", lambda: actions.ask_now(by=actor(request), at=now()), said)
    return see_other("upkeep:backups")


@staff_only(WORD)
@require_POST
def sheet(request: HttpRequest) -> HttpResponse:
    """The recovery sheet, for printing, until somebody has said that it's put away. Each look is written down."""
    by, at = actor(request), now()
    if not acted(request, "upkeep.sheet", lambda: actions.look_at_code(by=by, at=at)):
        return see_other("upkeep:backups")
    context = {
        "code": actions.code_for(by),
        "folder": office.get("backup_folder"),
        "name": office.get("name"),
        "at": at,
    }
    return personal(render(request, "upkeep/sheet.html", context))


@staff_only(WORD)
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """The sheet lies where it belongs."""
    said = _("Good. The code is on paper now, and no page shows it any more.")
    acted(request, "upkeep.put-away", lambda: actions.put_away(by=actor(request), at=now()), said)
    return see_other("upkeep:backups")


@staff_only(WORD)
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Another code, for a sheet that was lost."""
    said = _("There is a new code. Print its sheet; keep the old one as long as there are older backups.")
    acted(request, "upkeep.renew", lambda: actions.renew_code(by=actor(request), at=now()), said)
    return see_other("upkeep:backups")
