"""Staff pages of what was kept and can't be filed: the list, reading one with a reason, filing it, throwing it away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.forms import Form
from chenyue.core.http import actor, personal, see_other
from chenyue.people.http import staff_only
from chenyue.upkeep import spooled
from chenyue.upkeep.spooled import WORD


class ReasonForm(Form):
    """Why somebody reads it, or throws it away."""

    reason = forms.CharField(label=gettext_lazy("Why"), min_length=4, max_length=200)


@staff_only(WORD)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All that are set aside on this machine."""
    spooled.need(actor(request))
    return page(request, "upkeep/spooled.html", {"lines": spooled.lines()})


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, mark: str) -> HttpResponse:
    """One of them: without a reason nothing of it is shown. Each reading is written down."""
    by, at, form = actor(request), now(), ReasonForm(posted(request))
    spooled.need(by)
    context: dict[str, Any] = {"mark": spooled.found(mark).mark, "read_form": form, "drop_form": ReasonForm()}
    if form.is_bound and form.is_valid():
        seen: list[spooled.Read] = []

        def act() -> dict[str, Any]:
            seen.append(spooled.read(mark=mark, reason=form.cleaned_data["reason"], by=by, at=at))
            return {}

        if done(request, f"upkeep.spool-read:{mark}", form, act) is not None and seen:
            context["seen"] = seen[0]
    return personal(page(request, "upkeep/spooled_one.html", context, form=form if form.errors else None))


@staff_only(WORD)
@require_POST
def again(request: HttpRequest, mark: str) -> HttpResponse:
    """Try to file it once more."""
    by, at = actor(request), now()
    act = lambda: spooled.file_again(mark=mark, by=by, at=at)  # noqa: E731
    filed = acted(request, f"upkeep.spool-again:{mark}", act, _("Filed, with its code and the moment it was told."))
    return see_other("upkeep:spooled") if filed else see_other("upkeep:spooled-one", mark)


@staff_only(WORD)
@require_POST
def discard(request: HttpRequest, mark: str) -> HttpResponse:
    """Throw it away, with the reason."""
    by, at, form = actor(request), now(), ReasonForm(request.POST)
    spooled.need(by)
    if form.is_valid():

        def act() -> dict[str, Any]:
            spooled.discard(mark=mark, reason=form.cleaned_data["reason"], by=by, at=at)
            return {}

        if done(request, f"upkeep.spool-discard:{mark}", form, act) is not None:
            messages.success(request, _("Thrown away; the reason is written down."))
            return see_other("upkeep:spooled")
    context = {"mark": spooled.found(mark).mark, "read_form": ReasonForm(), "drop_form": form}
    return page(request, "upkeep/spooled_one.html", context, form=form)
